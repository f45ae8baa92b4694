public import EventJSON

/// Many patterns, compiled so that one look at an event finds all that match it.
///
/// A set is immutable and can be used from everywhere at once; what a match needs to remember lies in the ``MatchResult`` that the
/// caller keeps and passes in again for the next event. Matching cannot fail, and allocates nothing once the result has grown.
public struct RuleSet: Sendable {
    private let table: RuleTable

    /// Compiles patterns.
    ///
    /// - Parameters:
    ///   - rules: the patterns with the numbers under which ``match(_:_:into:)`` reports them. A number may come several times: then any
    ///     of its patterns will do.
    ///   - plan: the fields that are scanned.
    ///   - typeSlot: the slot of the field `type` in the plan.
    ///   - sessionField: a field at the top that is the same for all events of a session. Conditions on it and on what is inside it are
    ///     decided by ``decide(_:in:)``, and events need not have it.
    /// - Precondition: the plan has every path of ``fieldPaths(of:)``, but for those that begin with the session field.
    public init(
        _ rules: [(id: Int, pattern: Pattern)], plan: FieldPlan, typeSlot: Int, sessionField: String? = nil
    ) {
        var compiler = RuleCompiler(plan: plan, typeSlot: typeSlot, sessionField: sessionField)
        for rule in rules.sorted(by: { $0.id < $1.id }) { compiler.append(rule.pattern.branches, id: rule.id) }
        table = RuleTable(compiler, typeSlot: typeSlot)
    }

    /// Compiles rules without `$or`s; a rule's id is its place.
    init(_ rules: [Conjunction], plan: FieldPlan, typeSlot: Int, sessionField: String? = nil) {
        var compiler = RuleCompiler(plan: plan, typeSlot: typeSlot, sessionField: sessionField)
        for (id, rule) in rules.enumerated() { compiler.append([rule], id: id) }
        table = RuleTable(compiler, typeSlot: typeSlot)
    }

    /// Whether some rule has a condition on the session field.
    public var dependsOnSession: Bool { table.sessionRules != nil }

    /// Decides the conditions on the session field for all matches that follow. Before the first decision they do not hold.
    ///
    /// - Parameters:
    ///   - session: a JSON object with the session field.
    ///   - result: the result of the session's matches. It keeps the decision, so from then on it is for this set only.
    public func decide(_ session: RawSpan, in result: inout MatchResult) {
        guard let rules = table.sessionRules else { return }
        result.disable(rules.failing(for: session), of: rules.dependents, table)
    }

    /// Finds the rules that an event matches.
    ///
    /// - Parameters:
    ///   - slots: the event's fields, as the plan of this set scanned them.
    ///   - text: the event's text, the very one that was scanned.
    ///   - result: gets the ids of the matching rules, ascending, in place of those of the event before.
    public func match(_ slots: inout FieldSlots, _ text: RawSpan, into result: inout MatchResult) {
        table.match(&slots, text, &result)
    }

    /// The paths that a plan needs for these patterns, duplicates included.
    public static func fieldPaths(of patterns: some Sequence<Pattern>) -> [[String]] {
        patterns.flatMap(\.fieldPaths)
    }
}
