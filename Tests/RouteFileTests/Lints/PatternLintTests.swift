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
            "a: [x, {anything-but: [x, y]}]", 5, "this is one of the values that `anything-but` excludes beside it",
            "one alternative is enough, so it is not excluded at all: take it away in one of the two places"
        ),
        (
            "a: [{exists: false}, {exists: true}]", 22, "`a` may be there or not: this always holds",
            "leave the field out"
        ),
        (
            "a: [x, {exists: true}]", 8,
            "`exists: true` takes every value of `a`: the alternatives beside it say nothing", "take it away, or them"
        ),
        (
            "{a: [x, y], $or: [{a: z}, {a: y}, {b: 1}]}", 20,
            "no value of `a` can satisfy this and what stands outside the `$or`",
            "a branch adds conditions, and replaces none: take one of the two away"
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
