import EventPatterns
import Testing

/// Patterns and events that would stall a careless engine. Matching takes about as long as reading the event. Quadratic time would
/// exceed the time limit a hundredfold.
@Suite(.timeLimit(.minutes(5)))
struct BoundedWorkTests {
    // MARK: - Texts of 100 KB

    /// The text almost matches at each position, and fails at the last character.
    private static let manyLetters = String(repeating: "a", count: 100_000)

    @Test(arguments: [
        (#"{"wildcard":"*a*a*a*a*a*a*a*b"}"#, "", false),
        (#"{"wildcard":"*a*a*a*a*a*a*a*b"}"#, "b", true),
        (#"{"wildcard":"a*a*a*a*a*a*a*a*b"}"#, "", false),
        (#"{"wildcard":"*aab*aab*aab*aab*aab*aab*aab*"}"#, "b", false),
        (#"{"regexp":"(a+)+b"}"#, "", false),
        (#"{"regexp":"(a+)+b"}"#, "b", true),
        (#"{"regexp":"(a|aa)*c"}"#, "", false),
        (#"{"regexp":"(a|aa)*c"}"#, "c", true),
        (#"{"regexp":"(a*)*b"}"#, "", false),
        (#"{"regexp":"((a?){20}a{20})*b"}"#, "", false),
        (#"{"regexp":".*.*.*.*.*=.*"}"#, "", false),
        (#"{"suffix":{"equals-ignore-case":"AAAB"}}"#, "", false),
        (#"{"phrase":"a a* b"}"#, "", false),
        (#"{"anything-but":{"wildcard":["*a*a*b","*a*b*b"]}}"#, "", true),
    ])
    func longTexts_takeLinearTime(_ alternative: String, _ end: String, _ verdict: Bool) throws {
        #expect(try matches(#"{"a":["# + alternative + "]}", #"{"a":""# + Self.manyLetters + end + #""}"#) == verdict)
    }

    /// Every word begins the phrase, and none completes it.
    @Test func phrases_inManyWordsTakeLinearTime() throws {
        let text = String(repeating: "my ", count: 30_000)
        #expect(try !matches(#"{"a":[{"phrase":"my my my my my my my money"}]}"#, #"{"a":""# + text + #""}"#))
        #expect(try matches(#"{"a":[{"phrase":"my my my my my my my money"}]}"#, #"{"a":""# + text + #"money"}"#))
    }

    @Test func wildcards_rejectNineStars() {
        let pattern = #"{"a":[{"wildcard":"*a*b*c*d*e*f*g*h*"}]}"#
        #expect(
            diagnosis(pattern) == """
                pattern:1:19: error: 9 stars in a wildcard: at most 8
                    1 | \(pattern)
                      |                   ^
                   help: `regexp` has no such limit: `.*` is any run of characters
                """)
    }

    // MARK: - `$or`

    private func choice(_ field: String, _ count: Int) -> String {
        #""\#(field)":{"$or":["# + (0..<count).map { #"{"x\#($0)":[1]}"# }.joined(separator: ",") + "]}"
    }

    @Test func or_allowsThousandCombinations() throws {
        let pattern = "{" + ["a", "b", "c"].map { choice($0, 10) }.joined(separator: ",") + "}"
        var compiled = CompiledPatterns([try Pattern(json: pattern)])
        #expect(try compiled.matches(#"{"a":{"x9":1},"b":{"x0":1},"c":{"x5":1}}"#) == [0])
        #expect(try compiled.matches(#"{"a":{"x9":1},"b":{"x0":1},"c":{"x5":2}}"#) == [])
    }

    @Test func or_rejectsTooManyCombinations() {
        let pattern = "{\n  " + choice("a", 11) + ",\n  " + choice("b", 10) + ",\n  " + choice("c", 10) + "\n}"
        #expect(
            diagnosis(pattern) == """
                pattern:1:1: error: the `$or`s of the pattern make 1100 combinations: at most 1024
                    1 | {
                      | ^
                   help: split it into several patterns
                """)
    }

    // MARK: - Arrays of many elements

    /// An array of objects under a name.
    private static func array(_ name: String, _ count: Int, _ element: (Int) -> String) -> String {
        "\"\(name)\":[" + (0..<count).map(element).joined(separator: ",") + "]"
    }

    struct LongArray: Sendable, CustomTestStringConvertible {
        let name: String
        let pattern: String
        let event: @Sendable (Int) -> String
        let verdict: Bool
        var testDescription: String { name }
    }

    @Test(arguments: longArrays)
    func arrays_takeLinearTime(_ row: LongArray) throws {
        #expect(try matches(row.pattern, row.event(10_000)) == row.verdict)
    }

    private static func alternately(_ count: Int) -> String {
        "{" + array("e", count) { $0.isMultiple(of: 2) ? #"{"a":1}"# : #"{"b":2}"# } + "}"
    }

    /// `e` never has both of its fields, `f` has both only at its end.
    private static func lateAndNever(_ count: Int) -> String {
        "{" + array("e", count) { $0.isMultiple(of: 2) ? #"{"a":1}"# : #"{"b":2}"# } + ","
            + array("f", count) { $0 == count - 1 ? #"{"x":1,"y":1}"# : #"{"x":1}"# } + "}"
    }

    /// An element with two arrays, of which the second never has both fields, and one more element as an alternative.
    private static func siblings(_ count: Int) -> String {
        #"{"e":[{"# + array("g", count) { _ in #"{"x":1,"y":1}"# } + ","
            + array("h", count) { $0.isMultiple(of: 2) ? #"{"z":1}"# : #"{"w":1}"# } + #"},{"h":[{"z":1,"w":1}]}]}"#
    }

    private static func nested(_ count: Int) -> String {
        let inner = "{\"k\":1," + array("g", 100) { $0.isMultiple(of: 2) ? #"{"x":1}"# : #"{"y":2}"# } + "}"
        return "{" + array("e", count / 100) { _ in inner } + "}"
    }

    static let longArrays: [LongArray] = [
        LongArray(
            name: "the second field in none", pattern: #"{"e":{"a":[1],"b":[3]}}"#, event: alternately, verdict: false),
        LongArray(
            name: "never both", pattern: #"{"e":{"a":[1],"b":[2]}}"#, event: alternately, verdict: false),
        LongArray(
            name: "never both, by a choice",
            pattern: #"{"e":{"a":[1],"$or":[{"b":[2]},{"b":[3]},{"b":[{"prefix":"x"}]},{"c":[1]}]}}"#,
            event: alternately, verdict: false),
        LongArray(
            name: "never absent", pattern: #"{"e":{"a":[1],"b":[{"exists":false}]}}"#,
            event: { "{" + array("e", $0) { _ in #"{"a":1,"b":2}"# } + "}" }, verdict: false),
        LongArray(
            name: "absent only in the last", pattern: #"{"e":{"a":[1],"b":[{"exists":false}]}}"#,
            event: { count in "{" + array("e", count) { $0 == count - 1 ? #"{"a":1}"# : #"{"a":1,"b":2}"# } + "}" },
            verdict: true),
        LongArray(
            name: "never absent, beside another array",
            pattern: #"{"e":{"a":[1],"b":[{"exists":false}]},"f":{"x":[1],"y":[1]}}"#,
            event: { count in
                "{" + array("e", count) { _ in #"{"a":1,"b":2}"# } + ","
                    + array("f", count) { $0 == count - 1 ? #"{"x":1,"y":1}"# : #"{"x":1}"# } + "}"
            }, verdict: false),
        LongArray(
            name: "several may be absent",
            pattern: #"{"e":{"a":[1],"b":[{"exists":false},9],"c":[{"exists":false},9],"d":[{"exists":false}]}}"#,
            event: {
                "{" + array("e", $0) { [#"{"a":1,"b":2}"#, #"{"a":1,"c":2}"#, #"{"a":1,"b":9,"d":1}"#][$0 % 3] } + "}"
            },
            verdict: false),
        LongArray(
            name: "one array late, the other never",
            pattern: #"{"e":{"a":[1],"b":[{"regexp":"x"},2]},"f":{"x":[1],"y":[1]}}"#, event: lateAndNever,
            verdict: false),
        LongArray(
            name: "arrays beside each other in an element",
            pattern: #"{"e":{"g":{"x":[1],"y":[1]},"h":{"z":[1],"w":[1]}}}"#, event: siblings, verdict: false),
        LongArray(
            name: "arrays in arrays", pattern: #"{"e":{"k":[1],"g":{"x":[1],"y":[2]}}}"#, event: nested,
            verdict: false),
        LongArray(
            name: "arrays of arrays", pattern: #"{"e":{"a":[1],"b":[2]}}"#,
            event: { "{" + array("e", $0) { $0.isMultiple(of: 2) ? #"[{"a":1},1]"# : #"[[{"b":2}],2]"# } + "}" },
            verdict: false),
        LongArray(
            name: "many fields with many alternatives",
            pattern: {
                let alternatives = (0..<100).map { #""v\#($0)""# }.joined(separator: ",")
                return #"{"e":{"# + (0..<8).map { #""f\#($0)":[\#(alternatives)]"# }.joined(separator: ",") + "}}"
            }(),
            event: {
                "{"
                    + array("e", $0 / 8) { number in
                        "{" + (0..<8).filter { $0 != number % 8 }.map { #""f\#($0)":"v99""# }.joined(separator: ",")
                            + "}"
                    } + "}"
            }, verdict: false),
        LongArray(
            name: "scalars", pattern: #"{"a":[{"anything-but":["x","y"]}],"b":[{"wildcard":"*z"}]}"#,
            event: { "{" + array("a", $0) { _ in #""x""# } + "," + array("b", $0) { _ in #""yy""# } + "}" },
            verdict: false),
    ]
}
