import EventJSON
import EventPatterns
import Testing

/// Conditions on a field of the session, which are decided once. Events need not have the field.
@Suite struct SessionFieldTests {
    /// A set of patterns in which `labels` is the session field, with its working memory.
    private struct Compiled: ~Copyable {
        let plan: FieldPlan
        let rules: RuleSet
        private var slots: FieldSlots
        private var result = MatchResult()

        init(_ patterns: [String]) throws {
            let patterns = try patterns.map { try Pattern(json: $0) }
            plan = FieldPlan([["type"]] + RuleSet.fieldPaths(of: patterns).filter { $0.first != "labels" })
            slots = FieldSlots(plan)
            rules = RuleSet(
                patterns.enumerated().map { ($0.offset, $0.element) }, plan: plan, typeSlot: 0, sessionField: "labels")
        }

        mutating func decide(_ session: String) {
            rules.decide(Array(session.utf8).span.bytes, in: &result)
        }

        mutating func matches(_ event: String) throws -> [Int] {
            let bytes = Array(event.utf8)
            try plan.scan(bytes.span.bytes, into: &slots)
            rules.match(&slots, bytes.span.bytes, into: &result)
            return result.ids
        }
    }

    struct Row: Sendable, CustomTestStringConvertible {
        let pattern: String
        let labels: String
        let event: String
        let verdict: Bool

        init(_ pattern: String, _ labels: String, _ event: String, _ verdict: Bool) {
            (self.pattern, self.labels, self.event, self.verdict) = (pattern, labels, event, verdict)
        }

        init(_ pattern: String, _ labels: String, _ verdict: Bool) {
            self.init(pattern, labels, #"{"type": "a", "n": 1}"#, verdict)
        }

        var testDescription: String { "\(pattern) in \(labels) on \(event)" }
    }

    static let rows: [Row] = [
        Row(#"{"type": ["a"], "labels": {"t": ["x"]}}"#, #"{"t": "x"}"#, true),
        Row(#"{"type": ["a"], "labels": {"t": ["x"]}}"#, #"{"t": "y"}"#, false),
        Row(#"{"type": ["a"], "labels": {"t": ["x"]}}"#, "{}", false),
        Row(#"{"type": ["b"], "labels": {"t": ["x"]}}"#, #"{"t": "x"}"#, false),
        // A pattern with only labels matches every event.
        Row(#"{"labels": {"t": ["x", "y"]}}"#, #"{"t": "y"}"#, #"{"n": 1}"#, true),
        Row(#"{"labels": {"t": ["x"], "u": ["z"]}}"#, #"{"t": "x"}"#, false),
        Row(#"{"labels": {"t": [{"exists": false}]}}"#, "{}", true),
        Row(#"{"labels": {"t": [{"exists": false}]}}"#, #"{"t": "x"}"#, false),
        Row(#"{"labels": {"t": [{"exists": true}]}}"#, #"{"t": ""}"#, true),
        Row(#"{"labels": {"t": [{"anything-but": ["x"]}]}}"#, #"{"t": "y"}"#, true),
        Row(#"{"labels": {"t": [{"anything-but": ["x"]}]}}"#, "{}", false),
        Row(#"{"labels": {"t": [{"prefix": "ac"}]}}"#, #"{"t": "acme"}"#, true),
        Row(#"{"labels": {"t": [{"wildcard": "a*e"}]}}"#, #"{"t": "acme"}"#, true),
        Row(#"{"labels": {"t": [{"equals-ignore-case": "ACME"}]}}"#, #"{"t": "acme"}"#, true),
        Row(#"{"labels": {"t": [{"phrase": "refund*"}]}}"#, #"{"t": "two refunds"}"#, true),
        // `$or` with labels and fields of the event.
        Row(#"{"$or": [{"labels": {"t": ["x"]}}, {"n": [2]}]}"#, #"{"t": "x"}"#, true),
        Row(#"{"$or": [{"labels": {"t": ["x"]}}, {"n": [1]}]}"#, #"{"t": "y"}"#, true),
        Row(#"{"$or": [{"labels": {"t": ["x"]}}, {"n": [2]}]}"#, #"{"t": "y"}"#, false),
        Row(#"{"labels": {"$or": [{"t": ["x"]}, {"u": ["y"]}]}, "n": [1]}"#, #"{"u": "y"}"#, true),
        // The same field in an event does not count.
        Row(#"{"labels": {"t": ["x"]}}"#, "{}", #"{"labels": {"t": "x"}}"#, false),
        Row(#"{"labels": {"t": ["x"]}}"#, #"{"t": "x"}"#, #"{"labels": {"t": "y"}}"#, true),
    ]

    @Test("All operators hold for the session's field, whatever the event has", arguments: rows)
    func sessionField_decidesForEveryEvent(_ row: Row) throws {
        var compiled = try Compiled([row.pattern])
        compiled.decide(#"{"labels": \#(row.labels)}"#)
        #expect(try compiled.matches(row.event).isEmpty != row.verdict)
        // The decision holds for the events that follow.
        #expect(try compiled.matches(row.event).isEmpty != row.verdict)
    }

    @Test("A later decision replaces the one before, and rules without such conditions never change")
    func sessionField_isDecidedAgain() throws {
        var compiled = try Compiled([
            #"{"type": ["a"], "labels": {"t": ["x"]}}"#, #"{"type": ["a"]}"#,
            #"{"type": ["a"], "labels": {"t": [{"exists": false}]}}"#,
        ])
        let event = #"{"type": "a"}"#
        #expect(try compiled.matches(event) == [1])
        compiled.decide(#"{"labels": {}}"#)
        #expect(try compiled.matches(event) == [1, 2])
        compiled.decide(#"{"labels": {"t": "x"}}"#)
        #expect(try compiled.matches(event) == [0, 1])
        compiled.decide("no JSON")
        #expect(try compiled.matches(event) == [1])
    }

    @Test("Without a session field, `labels` is a field of events like any other")
    func sessionField_isOptional() throws {
        #expect(try EventPatternsTests.matches(#"{"labels": {"t": ["x"]}}"#, #"{"labels": {"t": "x"}}"#))
    }
}
