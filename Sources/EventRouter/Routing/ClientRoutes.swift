import EventJSON
import EventPatterns
import RealtimeEvents

/// The routes that take the client's events, in the form in which these ask them.
///
/// They are apart from the other routes, so that no event of the server asks them. Routes are named by their places among all routes.
struct ClientRoutes: Sendable {
    private let patterns: RuleSet
    /// Routes without a pattern; their targets' filters decide.
    private let bare: [Int]
    /// Whether some handler is made for certain types, which have no code: the names of the types matter then.
    let needsTypeNames: Bool

    /// Returns nil if no route takes the client's events.
    init?(_ routes: [Route], _ rules: [CompiledRoutes.Rule], _ plan: FieldPlan) {
        let indices = routes.indices.filter { routes[$0].side == .client }
        guard !indices.isEmpty else { return nil }
        patterns = RuleSet(
            indices.compactMap { index in routes[index].pattern.map { (id: index, pattern: $0) } },
            plan: plan, typeSlot: plan.slot(["type"])!, sessionField: SessionLabel.field)
        bare = indices.filter { routes[$0].pattern == nil }
        needsTypeNames = indices.contains { rules[$0].needsTypeNames }
    }

    /// Decides for a session's events which conditions on `labels` hold.
    func decide(_ labels: [SessionLabel], for matched: inout MatchedRoutes) {
        guard patterns.dependsOnSession else { return }
        patterns.decide(SessionLabel.text(of: labels).span.bytes, in: &matched.patterns)
    }

    /// The routes that match, in file order; `stop`, `once_per` and filters are for the caller.
    func match(_ slots: inout FieldSlots, _ text: RawSpan, into matched: inout MatchedRoutes) {
        patterns.match(&slots, text, into: &matched.patterns)
        matched.routes.removeAll(keepingCapacity: true)
        matched.routes.append(contentsOf: matched.patterns.ids)
        guard !bare.isEmpty else { return }
        matched.routes.append(contentsOf: bare)
        if !matched.patterns.isEmpty { matched.routes.sort() }
    }
}
