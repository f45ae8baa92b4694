import ConfigSource
import EventPatterns
import EventRouter
import RealtimeEvents

/// Warns of routes that never fire because an earlier one takes all their events and stops them.
///
/// It says so only where it is certain; a pattern that is wider in a way that takes reasoning is not seen.
struct ShadowLint {
    let handlers: [String: any EventHandler]
    let diagnostics: Diagnostics
    let file: SourceFile

    /// How many pairs of routes are compared at most: checking a file must not take long.
    private static let comparablePairs = 200_000

    /// Looks at each route behind one that stops; routes of different sides have no events in common.
    func check(_ routes: [Route]) {
        for side in SessionSide.allCases { checkSide(routes.filter { $0.side == side }) }
    }

    private func checkSide(_ routes: [Route]) {
        var pairs = 0
        var index = PatternCoverIndex()
        var withoutPattern: [Int] = []
        var byType: [Int] = []
        for (position, route) in routes.enumerated() {
            let interests = interests(route)
            let covering = (route.pattern.map { index.candidates(for: $0) } ?? []) + (interests == nil ? [] : byType)
            let candidates = Set(withoutPattern + covering).sorted()
            pairs += candidates.count
            guard pairs <= Self.comparablePairs else { return }
            if let first = candidates.first(where: { takesEverything(of: route, routes[$0]) }) {
                warn(route, routes[first])
            }
            guard route.stop && route.oncePer == nil && route.schedule == nil else { continue }
            if let pattern = route.pattern { index.insert(pattern, position) } else { withoutPattern.append(position) }
            if let pattern = route.pattern, Self.asksOnlyForType(pattern) { byType.append(position) }
        }
    }

    private func warn(_ route: Route, _ first: Route) {
        let line = first.location.map { " in line \($0.line)" } ?? ""
        diagnostics.warning(
            "the route \(quoted(route.name)) never fires: \(quoted(first.name))\(line) takes all its events, and stops them",
            at: route.location, in: file, help: "put it before \(quoted(first.name)), or take `stop` away from that")
    }

    /// Whether an earlier route fires for every event for which a later one could.
    private func takesEverything(of later: Route, _ earlier: Route) -> Bool {
        if let pattern = earlier.pattern {
            if Self.asksOnlyForType(pattern), let types = interests(later) {
                return types.allSatisfy { pattern.mayMatch(type: $0) }
            }
            guard let other = later.pattern, pattern.covers(other) else { return false }
        }
        guard let types = interests(earlier) else { return true }
        guard let wanted = interests(later) ?? later.pattern?.typeLiterals else { return false }
        return wanted.isSubset(of: types)
    }

    /// Whether a pattern has conditions on `type` and none on another field, so that the type alone decides.
    private static func asksOnlyForType(_ pattern: Pattern) -> Bool {
        pattern.constrainsType && pattern.fieldPaths.allSatisfy { $0 == ["type"] }
    }

    /// The types to which the handlers' interests narrow a route; nil when they do not.
    private func interests(_ route: Route) -> Set<String>? {
        // One without handlers takes events of all types, to drop them; without a pattern, too, it is an error.
        if route.handlers.isEmpty { return route.pattern == nil && route.side == .server ? [] : nil }
        if let pattern = route.pattern, pattern.fieldPaths.contains(["type"]) { return nil }
        var types: Set<String> = []
        for name in route.handlers {
            guard let handler = handlers[name], !handler.interests.isEmpty else { return nil }
            types.formUnion(handler.interests(from: route.side).map(\.name))
        }
        return types
    }
}
