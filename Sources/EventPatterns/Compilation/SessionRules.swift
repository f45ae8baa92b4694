import EventJSON

/// The conditions of rules on a field that is the same for all events of a session.
///
/// They are split off when the rules are compiled and decided once a session, so that no event pays for them.
struct SessionRules: Sendable {
    /// The compiled rules that have such conditions, by their place in their table.
    let dependents: [Int]
    private let plan: FieldPlan
    /// The conditions as rules of their own; the id of each is the place of the rule that it belongs to.
    private let table: RuleTable

    /// Returns nil if there are no conditions.
    init?(_ conditions: [(rule: Int, conditions: Conjunction)]) {
        guard !conditions.isEmpty else { return nil }
        plan = FieldPlan([["type"]] + conditions.flatMap { $0.conditions.terms.map(\.path) })
        let typeSlot = plan.slot(["type"])!
        var compiler = RuleCompiler(plan: plan, typeSlot: typeSlot)
        for (rule, conditions) in conditions { compiler.append([conditions], id: rule) }
        table = RuleTable(compiler, typeSlot: typeSlot)
        dependents = conditions.map(\.rule)
    }

    /// The rules whose conditions on the session do not hold.
    ///
    /// - Parameter session: A JSON object with the session field. If it is not valid JSON, no condition holds.
    func failing(for session: RawSpan) -> Set<Int> {
        var slots = FieldSlots(plan)
        guard (try? plan.scan(session, into: &slots)) != nil else { return Set(dependents) }
        var result = MatchResult()
        table.match(&slots, session, &result)
        return Set(dependents).subtracting(result.ids)
    }
}

extension Conjunction {
    /// The terms on other fields, and those on a field at the top or inside it.
    func split(at field: String?) -> (others: Conjunction, onField: Conjunction) {
        guard let field else { return (self, Conjunction([])) }
        var (others, onField) = (self, self)
        others.terms.removeAll { $0.path[0] == field }
        onField.terms.removeAll { $0.path[0] != field }
        return (others, onField)
    }
}
