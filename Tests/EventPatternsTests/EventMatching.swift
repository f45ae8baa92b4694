import ConfigSource
import EventJSON
import EventPatterns
import Testing

/// Patterns compiled for tests, with their slots and result.
struct CompiledPatterns: ~Copyable {
    let plan: FieldPlan
    let rules: RuleSet
    private var slots: FieldSlots
    private var result = MatchResult()

    init(_ patterns: [Pattern]) {
        plan = FieldPlan([["type"]] + RuleSet.fieldPaths(of: patterns))
        slots = FieldSlots(plan)
        rules = RuleSet(patterns.enumerated().map { ($0.offset, $0.element) }, plan: plan, typeSlot: 0)
    }

    /// The indices of the patterns that an event matches.
    mutating func matches(_ event: String) throws -> [Int] {
        let bytes = Array(event.utf8)
        try plan.scan(bytes.span.bytes, into: &slots)
        rules.match(&slots, bytes.span.bytes, into: &result)
        return result.ids
    }
}

/// Whether one pattern matches one event, both in JSON.
func matches(_ pattern: String, _ event: String, lists: [String: [JSONValue]] = [:]) throws -> Bool {
    var compiled = CompiledPatterns([try Pattern(json: pattern, lists: lists)])
    return try !compiled.matches(event).isEmpty
}

/// A test case: whether a pattern matches an event.
struct Row: Sendable, CustomTestStringConvertible {
    let pattern: String
    let event: String
    let verdict: Bool

    init(_ pattern: String, _ event: String, _ verdict: Bool) {
        self.pattern = pattern
        self.event = event
        self.verdict = verdict
    }

    var testDescription: String { "\(pattern) on \(event)" }
}

/// A test case with one field `a`: its alternatives, and its value in the event.
func a(_ alternatives: String, _ value: String, _ verdict: Bool) -> Row {
    Row(#"{"a":["# + alternatives + "]}", #"{"a":"# + value + "}", verdict)
}

/// The diagnostics of a pattern as printed text; empty if there are none.
func diagnosis(_ pattern: String, lists: [String: [JSONValue]] = [:]) -> String {
    do throws(ConfigurationError) {
        _ = try Pattern(json: pattern, lists: lists)
        return ""
    } catch {
        return error.description
    }
}
