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
        sessionRules = compiler.sessionRules()
    }
}
