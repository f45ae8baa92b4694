public import EventJSON

/// Many patterns, compiled so that one look at an event finds all that match it.
///
/// A set is immutable and can be used from everywhere at once; what a match needs to remember lies in the ``MatchResult`` that the
/// caller keeps and passes in again for the next event. Matching cannot fail, and allocates nothing once the result has grown.
public struct RuleSet: Sendable {
    let typeSlot: Int
    /// The ids of the rules, ascending, each once.
    let ids: [Int]
    let conditions: ConditionTable
    let leaves: [ConditionTable.CompiledLeaf]
    let fields: [CompiledField]
    let rules: [CompiledRule]
    let index: RuleIndex

    /// Compiles patterns.
    ///
    /// - Parameters:
    ///   - rules: the patterns with the numbers under which ``match(_:_:into:)`` reports them. A number may come several times: then any
    ///     of its patterns will do.
    ///   - plan: the fields that are scanned.
    ///   - typeSlot: the slot of the field `type` in the plan.
    /// - Precondition: the plan has every path of ``fieldPaths(of:)``.
    public init(_ rules: [(id: Int, pattern: Pattern)], plan: FieldPlan, typeSlot: Int) {
        var compiler = RuleCompiler(plan: plan, typeSlot: typeSlot)
        for rule in rules.sorted(by: { $0.id < $1.id }) { compiler.append(rule.pattern, id: rule.id) }
        self.typeSlot = typeSlot
        ids = compiler.ids
        conditions = compiler.conditions
        leaves = compiler.leaves
        fields = compiler.fields
        self.rules = compiler.rules
        index = compiler.index()
    }

    /// The paths that a plan needs for these patterns, duplicates included.
    public static func fieldPaths(of patterns: some Sequence<Pattern>) -> [[String]] {
        patterns.flatMap(\.fieldPaths)
    }
}
