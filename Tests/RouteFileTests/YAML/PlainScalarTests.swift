import ConfigSource
import EventPatterns
import RouteFile
import Testing

/// The types of plain scalars in patterns. A scalar that YAML parsers read differently must be quoted.
@Suite struct PlainScalarTests {
    /// The diagnostics for a pattern; empty if there are none.
    private func diagnosis(_ pattern: String) -> String {
        let diagnostics = Diagnostics()
        _ = EventSelection.read(SourceFile(path: "p.yml", text: pattern), diagnostics)
        return diagnostics.rendered()
    }

    @Test(arguments: [
        ("true", "true"), ("false", "false"), ("null", "null"), ("~", "null"), ("5", "5"), ("-0.5e3", "-0.5e3"),
        ("0", "0"), ("1.0", "1.0"), ("text", #""text""#), ("two words", #""two words""#), (#""5""#, #""5""#),
        ("'true'", #""true""#), ("truely", #""truely""#), ("5s", #""5s""#), ("1.2.3", #""1.2.3""#),
        ("2026-01-05", #""2026-01-05""#), ("response.done", #""response.done""#), ("+x", #""+x""#),
        ("y", #""y""#), ("n", #""n""#), ("NaN", #""NaN""#),
    ])
    func plainScalar_hasTheTypeItLooksLike(_ scalar: String, _ json: String) throws {
        for (yaml, other) in [("a: \(scalar)", #"{"a": \#(json)}"#), ("a: [\(scalar)]", #"{"a": [\#(json)]}"#)] {
            #expect(diagnosis(yaml) == "")
            let pattern = try #require(EventSelection.read(SourceFile(path: "p", text: yaml), Diagnostics())).pattern
            let same = try Pattern(json: other)
            #expect(pattern.covers(same) && same.covers(pattern), "\(yaml)")
        }
    }

    @Test(arguments: [
        ("0x1F", "a number", "`31`"), ("010", "a number", nil), (".5", "a number", "`0.5`"), ("+5", "a number", "`5`"),
        ("1_000", "a number", "`1000`"), ("5.", "a number", "`5.0`"), ("0o17", "a number", "`15`"),
        ("0b101", "a number", "`5`"), ("1:30", "a number", nil), ("12:30:45", "a number", nil),
        (".inf", "a number (JSON has none like it)", nil), ("-.INF", "a number (JSON has none like it)", nil),
        (".nan", "a number (JSON has none like it)", nil), ("-0x1F", "a number", "`-31`"),
        ("True", "true", "`true`"), ("TRUE", "true", "`true`"), ("yes", "true", "`true`"), ("Yes", "true", "`true`"),
        ("on", "true", "`true`"), ("ON", "true", "`true`"), ("False", "false", "`false`"), ("no", "false", "`false`"),
        ("NO", "false", "`false`"), ("off", "false", "`false`"), ("Null", "null", "`null`"),
    ])
    func lookAlike_isAnError(_ scalar: String, _ kind: String, _ replacement: String?) {
        let help = "write `\"\(scalar)\"` for the string" + (replacement.map { ", or " + $0 } ?? "")
        for (pattern, column) in [("a: \(scalar)", 4), ("a: [x, \(scalar)]", 8), ("a: [{prefix: \(scalar)}]", 14)] {
            #expect(
                diagnosis(pattern) == """
                    p.yml:1:\(column): error: plain `\(scalar)` is a string, not \(kind)
                        1 | \(pattern)
                          | \(String(repeating: " ", count: column - 1))^
                       help: \(help)
                    """)
        }
        #expect(diagnosis("a: '\(scalar)'") == "")
    }

    @Test(arguments: [("a:", 3), ("a: [x, ]", 0), ("a: [{prefix: }]", 14), ("b: 1\na: # nothing", 3)])
    func missingValue_isReported(_ pattern: String, _ column: Int) {
        let said = diagnosis(pattern)
        // A comma at the end of a list is allowed.
        guard column > 0 else {
            #expect(said == "")
            return
        }
        #expect(said.contains(": error: a value is missing\n"), "\(said)")
        #expect(said.contains("help: write `null` for null, or `\"\"` for an empty string"), "\(said)")
    }

    /// A text that is valid YAML and valid JSON has the same meaning in both.
    @Test func json_readsTheSameAsYAML() throws {
        let json = #"{"type": ["response.done"], "a": {"b": [{"numeric": [">=", 0, "<", 1e3]}, null, "x\n\u00e9"]}}"#
        let yaml = "type: response.done\na:\n  b:\n    - numeric: ['>=', 0, <, 1e3]\n    - null\n    - \"x\\né\"\n"
        let (first, second) = (
            try Pattern(json: json),
            try #require(EventSelection.read(SourceFile(path: "p", text: yaml), Diagnostics())).pattern
        )
        let third = try #require(EventSelection.read(SourceFile(path: "p", text: json), Diagnostics())).pattern
        for (left, right) in [(first, second), (second, third), (third, first)] { #expect(left.covers(right)) }
    }

    @Test func duplicateKey_namesBothLines() {
        #expect(
            diagnosis("type: response.done\nresponse: {status: x}\ntype: error\n") == """
                p.yml:3:1: error: the key `type` stands twice, first in line 1
                    3 | type: error
                      | ^
                p.yml:1:1: note: the first one is here
                    1 | type: response.done
                      | ^
                """)
    }
}
