import EventJSON
import EventPatterns

/// A pattern that the client's next event must match.
struct EventExpectation: Sendable {
    /// The pattern as JSON, for messages.
    let text: String
    private let plan: FieldPlan
    private let explainer: PatternExplainer

    init(_ pattern: Pattern, text: String) {
        self.text = text
        plan = FieldPlan(pattern.fieldPaths + [["type"]])
        explainer = PatternExplainer(pattern, plan: plan, typeSlot: plan.slot(["type"])!)
    }

    /// The field whose condition an event fails first; nil if it matches.
    func failingField(of message: [UInt8]) -> String? {
        var slots = FieldSlots(plan)
        var result = MatchResult()
        guard (try? plan.scan(message.span.bytes, into: &slots)) != nil else { return "type" }
        guard let miss = explainer.miss(&slots, message.span.bytes, using: &result) else { return nil }
        return explainer.conditions[miss.condition].field
    }
}
