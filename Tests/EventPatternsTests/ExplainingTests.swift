import ConfigSource
import EventJSON
import EventPatterns
import Testing

/// Explanations: the first condition that failed.
struct ExplainingTests {
    /// The explanation as text: `FIELD at LINE:COLUMN, HELD of TOTAL held: VALUES`; empty if the pattern matches.
    private func explanation(_ pattern: String, _ event: String) throws -> String {
        let pattern = try Pattern(json: pattern, lists: PatternGenerator.lists)
        let plan = FieldPlan([["type"]] + pattern.fieldPaths)
        let explainer = PatternExplainer(pattern, plan: plan, typeSlot: 0)
        var slots = FieldSlots(plan)
        var result = MatchResult()
        let bytes = Array(event.utf8)
        try plan.scan(bytes.span.bytes, into: &slots)
        guard let miss = explainer.miss(&slots, bytes.span.bytes, using: &result) else { return "" }
        let condition = explainer.conditions[miss.condition]
        let place = condition.location.map { "\($0.line):\($0.column)" } ?? "nowhere"
        let values = explainer.values(of: miss.condition, &slots, bytes.span.bytes)
        let elsewhere = miss.holdsElsewhere ? ", elsewhere" : ""
        return "\(condition.field) at \(place), \(miss.held) of \(miss.total) held\(elsewhere): \(values)"
    }

    @Test(arguments: [
        // The order is the source order, whatever the engine tries first.
        (#"{"a":[1],"b":[2]}"#, #"{"a":1,"b":2}"#, ""),
        (#"{"a":[1],"b":[2]}"#, #"{"a":3,"b":4}"#, "a at 1:2, 0 of 2 held: 3"),
        (#"{"a":[1],"b":[2]}"#, #"{"a":1,"b":4}"#, "b at 1:10, 1 of 2 held: 4"),
        (#"{"b":[{"wildcard":"x*"}],"a":[1]}"#, #"{"a":3,"b":"y"}"#, #"b at 1:2, 0 of 2 held: "y""#),
        (#"{"text":["x"],"type":["t"]}"#, #"{"type":"u"}"#, "text at 1:2, 0 of 2 held: absent"),
        (#"{"r":{"s":["x"],"t":[1]},"u":[2]}"#, #"{"r":{"s":"x","t":0}}"#, "r.t at 1:17, 1 of 3 held: 0"),
        // The values of the field.
        (#"{"a":["x"]}"#, #"{"a":{"b":1}}"#, "a at 1:2, 0 of 1 held: an object"),
        (#"{"a":["x"]}"#, #"{"a":[]}"#, "a at 1:2, 0 of 1 held: an array without values"),
        (#"{"a":["x"]}"#, #"{"a":null}"#, "a at 1:2, 0 of 1 held: null"),
        (#"{"a":["x"]}"#, #"{"a":["1",2,true,"4","5"]}"#, #"a at 1:2, 0 of 1 held: "1", 2, true and 2 more"#),
        (#"{"a":["x"]}"#, #"{"a":"b\n\u001b[31mc"}"#, #"a at 1:2, 0 of 1 held: "b  [31mc""#),
        (#"{"a":[{"exists":false}]}"#, #"{"a":0}"#, "a at 1:2, 0 of 1 held: 0"),
        // Elements of arrays.
        (
            #"{"a":{"b":[1],"c":[2]}}"#, #"{"a":[{"b":1,"c":0},{"b":0,"c":2}]}"#,
            "a.c at 1:15, 1 of 2 held, elsewhere: 0, 2"
        ),
        (#"{"a":{"b":[1],"c":[2]}}"#, #"{"a":[{"b":1,"c":0},{"b":0}]}"#, "a.c at 1:15, 1 of 2 held: 0"),
        // Absence in a selected element.
        (#"{"a":{"c":[{"exists":false}],"b":[1]}}"#, #"{"a":[{"b":1},{"c":2}]}"#, ""),
        (
            #"{"a":{"c":[{"exists":false}],"b":[1]}}"#, #"{"a":[{"b":0},{"c":2}]}"#,
            "a.c at 1:7, 0 of 2 held: 2"
        ),
        // The branch that got furthest. Among equals, the one with the fewest conditions left, then the first one.
        (
            #"{"t":[1],"$or":[{"a":[1],"b":[1]},{"c":[1]}]}"#, #"{"t":1,"a":1,"b":2}"#,
            "b at 1:26, 2 of 3 held: 2"
        ),
        (
            #"{"t":[1],"$or":[{"a":[1],"b":[1]},{"c":[1]}]}"#, #"{"t":1}"#,
            "c at 1:36, 1 of 2 held: absent"
        ),
        (#"{"$or":[{"a":[1]},{"b":[1]}]}"#, #"{"b":2}"#, "a at 1:10, 0 of 1 held: absent"),
        // Two conditions on one field, inside and outside a $or.
        (
            #"{"a":[{"prefix":"x"}],"$or":[{"a":[{"suffix":"y"}]},{"b":[1]}]}"#, #"{"a":"xz"}"#,
            #"a at 1:31, 1 of 2 held: "xz""#
        ),
    ])
    func explanation_namesFirstFailedCondition(pattern: String, event: String, expected: String) throws {
        #expect(try explanation(pattern, event) == expected)
    }

    @Test func explanation_truncatesLongValues() throws {
        let long = String(repeating: "é", count: 5_000)
        let cut = String(repeating: "é", count: SeenValues.shownScalars) + "…"
        #expect(try explanation(#"{"a":["x"]}"#, "{\"a\":\"\(long)\"}") == "a at 1:2, 0 of 1 held: \"\(cut)\"")
    }

    /// There is no failed condition exactly if the pattern matches.
    @Test(arguments: [UInt64](201...204))
    func explanation_agreesWithMatching(seed: UInt64) throws {
        var generator = PatternGenerator(seed: seed)
        var verdicts = [0, 0]
        for round in 0..<400 {
            let tree = round % 2 == 0 ? generator.pattern() : generator.elementPattern()
            for _ in 0..<5 {
                let event = round % 2 == 0 ? generator.event() : generator.elementEvent()
                let matches = ReferenceMatcher.matches(tree, event)
                verdicts[matches ? 1 : 0] += 1
                let said = try explanation(tree.description, event.description)
                try #require(said.isEmpty == matches, "seed \(seed): \(event) and \(tree): \(said)")
            }
        }
        #expect(verdicts[0] > 200 && verdicts[1] > 200, "\(verdicts)")
    }
}
