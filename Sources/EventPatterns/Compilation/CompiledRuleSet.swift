import EventJSON

/// The flat arrays of a compiled ``RuleSet``.
///
/// A class, so that passing a set on, or capturing it in a closure, copies one reference. As a struct it cost about
/// twenty retains for each match.
final class CompiledRuleSet: Sendable {
    let typeSlot: Int
    /// The ids of the rules, ascending, each once.
    let ids: [Int]
    let conditions: ConditionTable
    let leaves: [ConditionTable.CompiledLeaf]
    let fields: [CompiledField]
    /// Indices into `fields`; each group has a range of them.
    let members: [Int32]
    let groups: [CompiledGroup]
    let rules: [CompiledRule]
    let index: RuleIndex
    /// The rules' conditions on the session field; nil if there are none. ``conditions`` does not contain them.
    let sessionRules: SessionRules?

    /// Takes over the compiler's arrays.
    init(_ compiler: RuleCompiler, typeSlot: Int) {
        self.typeSlot = typeSlot
        ids = compiler.ids
        conditions = compiler.conditions
        leaves = compiler.leaves
        fields = compiler.fields
        members = compiler.members
        groups = compiler.groups
        rules = compiler.rules
        index = compiler.index()
        sessionRules = SessionRules(compiler.sessionConditions)
    }
}

/// The conditions of rules on a field that is the same for all events of a session.
///
/// The compiler separates them from the other conditions. ``RuleSet/decide(_:in:)`` evaluates them once per session, so
/// that they cost nothing per event.
struct SessionRules: Sendable {
    /// The indices of the compiled rules that have such conditions.
    let dependents: [Int]
    private let plan: FieldPlan
    /// The conditions, compiled as rules. A rule's id is the index of the compiled rule that the conditions belong to.
    private let table: CompiledRuleSet

    /// Returns nil if there are no conditions.
    init?(_ conditions: [(rule: Int, conditions: Conjunction)]) {
        guard !conditions.isEmpty else { return nil }
        plan = FieldPlan([["type"]] + conditions.flatMap { $0.conditions.terms.map(\.path) })
        let typeSlot = plan.slot(["type"])!
        var compiler = RuleCompiler(plan: plan, typeSlot: typeSlot)
        for (rule, conditions) in conditions { compiler.append([conditions], id: rule) }
        table = CompiledRuleSet(compiler, typeSlot: typeSlot)
        dependents = conditions.map(\.rule)
    }

    /// Returns the indices of the rules whose conditions on the session do not hold.
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
