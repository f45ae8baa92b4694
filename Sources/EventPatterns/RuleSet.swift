public import EventJSON

/// Many patterns, compiled so that one pass over an event finds all that match.
///
/// A set is immutable and can be used from several threads at the same time. The working memory of a match is in the
/// ``MatchResult``, which the caller keeps and passes in again for the next event. Matching cannot fail. It does not
/// allocate once the result has grown.
public struct RuleSet: Sendable {
    private let table: CompiledRuleSet

    /// Compiles patterns.
    ///
    /// - Parameters:
    ///   - rules: the patterns with the ids that ``match(_:_:into:)`` reports. If several patterns have the same id,
    ///     one of them has to match.
    ///   - plan: the fields that are scanned in each event.
    ///   - typeSlot: the slot of the field `type` in the plan.
    ///   - sessionField: a top-level field that is the same for all events of a session. ``decide(_:in:)`` evaluates
    ///     the conditions on it and on the fields inside it; events need not have it.
    /// - Precondition: the plan has every path of ``fieldPaths(of:)``, except those that begin with the session field.
    public init(
        _ rules: [(id: Int, pattern: Pattern)], plan: FieldPlan, typeSlot: Int, sessionField: String? = nil
    ) {
        var compiler = RuleCompiler(plan: plan, typeSlot: typeSlot, sessionField: sessionField)
        for rule in rules.sorted(by: { $0.id < $1.id }) { compiler.append(rule.pattern.branches, id: rule.id) }
        table = CompiledRuleSet(compiler, typeSlot: typeSlot)
    }

    /// Compiles patterns without `$or`. A rule's id is its index.
    init(_ rules: [Conjunction], plan: FieldPlan, typeSlot: Int, sessionField: String? = nil) {
        var compiler = RuleCompiler(plan: plan, typeSlot: typeSlot, sessionField: sessionField)
        for (id, rule) in rules.enumerated() { compiler.append([rule], id: id) }
        table = CompiledRuleSet(compiler, typeSlot: typeSlot)
    }

    /// Whether a rule has a condition on the session field.
    public var dependsOnSession: Bool { table.sessionRules != nil }

    /// Evaluates the conditions on the session field for all following matches. Until the first call, these conditions
    /// do not hold.
    ///
    /// - Parameters:
    ///   - session: a JSON object with the session field.
    ///   - result: the result that is used for the session's matches. It stores the decision, and must not be used with
    ///     another set afterwards.
    public func decide(_ session: RawSpan, in result: inout MatchResult) {
        guard let rules = table.sessionRules else { return }
        table.makeRoom(in: &result)
        result.disable(rules.failing(for: session), of: rules.dependents)
    }

    /// Finds the rules that an event matches.
    ///
    /// - Parameters:
    ///   - slots: the event's fields, scanned with the plan of this set.
    ///   - text: the text of the same event.
    ///   - result: receives the ids of the matching rules, in ascending order. The ids of the previous event are
    ///     removed.
    public func match(_ slots: inout FieldSlots, _ text: RawSpan, into result: inout MatchResult) {
        table.match(&slots, text, &result)
    }

    /// Returns the paths that a plan needs for these patterns, with duplicates.
    public static func fieldPaths(of patterns: some Sequence<Pattern>) -> [[String]] {
        patterns.flatMap(\.fieldPaths)
    }
}
