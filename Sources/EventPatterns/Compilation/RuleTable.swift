import EventJSON

/// The compiled rules of a set.
///
/// A class, so that the many arrays are one reference where a set is passed on and where a closure looks at it: as a struct it cost
/// a match some twenty retains.
final class RuleTable: Sendable {
    let typeSlot: Int
    /// The ids of the rules, ascending, each once.
    let ids: [Int]
    let conditions: ConditionTable
    let leaves: [ConditionTable.CompiledLeaf]
    let fields: [CompiledField]
    /// The fields of groups, by index.
    let members: [Int32]
    let groups: [CompiledGroup]
    let rules: [CompiledRule]
    let index: RuleIndex
    /// What rules demand of the session, apart from the conditions on events above.
    let sessionRules: SessionRules?

    /// Takes what a compiler has made.
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
