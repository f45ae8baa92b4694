import ConfigSource
import EventPatterns
import RouteFile
import Testing

/// Warnings about conditions that always hold or never hold.
@Suite struct PatternLintTests {
    /// The diagnostics for a valid pattern.
    private func doubts(_ pattern: String) -> String {
        let diagnostics = Diagnostics()
        #expect(EventSelection.read(SourceFile(path: "p.yml", text: pattern), diagnostics) != nil)
        return diagnostics.rendered()
    }

    @Test(arguments: [
        (
            "a: [x, {anything-but: [x, y]}]", 5, "the `anything-but` beside this value excludes it",
            "one matching alternative is enough, so the value is not excluded: remove it in one of the two places"
        ),
        (
            "a: [{exists: false}, {exists: true}]", 22, "`a` may be present or absent: this always holds",
            "leave the field out"
        ),
        (
            "a: [x, {exists: true}]", 8,
            "`exists: true` takes every value of `a`: the other alternatives have no effect",
            "remove it, or the other alternatives"
        ),
        (
            "{a: [x, y], $or: [{a: z}, {a: y}, {b: 1}]}", 20,
            "no value of `a` can satisfy both this condition and the one outside the `$or`",
            "a branch adds conditions to those outside the `$or`: remove one of the two"
        ),
    ])
    func pattern_doubtful_warns(_ pattern: String, _ column: Int, _ message: String, _ help: String) {
        #expect(
            doubts(pattern) == """
                p.yml:1:\(column): warning: \(message)
                    1 | \(pattern)
                      | \(String(repeating: " ", count: column - 1))^
                   help: \(help)
                """)
    }

    @Test(arguments: [
        "a: [x, {anything-but: [y]}]", "a: [{exists: false}, {anything-but: x}]", "a: [{exists: true}]",
        "{a: [x, y], $or: [{a: x}, {a: y, b: 1}]}", "{a: [{prefix: x}], $or: [{a: z}, {b: 1}]}",
        "{a: ['1', 1], $or: [{a: z}, {b: 1}]}", "{a: [x, {exists: false}], $or: [{a: z}, {b: 1}]}",
    ])
    func pattern_clear_doesNotWarn(_ pattern: String) {
        #expect(doubts(pattern) == "")
    }
}
