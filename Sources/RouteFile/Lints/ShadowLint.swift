import ConfigSource
import EventPatterns
import EventRouter
import RealtimeEvents

/// Warns about routes that never fire because an earlier route takes all their events and stops them.
///
/// Warns only if this is certain. If the lint cannot prove that the earlier pattern covers the later one, it is silent.
struct ShadowLint {
    let handlers: [String: any EventHandler]
    let diagnostics: Diagnostics
    let file: SourceFile

    /// The maximum number of pairs of routes to compare, so that checking a file stays fast.
    private static let maxPairs = 200_000

    /// Compares each route with the earlier routes that have `stop`. Routes of different sides have no events in
    /// common.
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
            guard pairs <= Self.maxPairs else { return }
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

    /// Whether the earlier route fires for every event that could fire the later route.
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

    /// Whether a pattern has conditions only on `type`.
    private static func asksOnlyForType(_ pattern: Pattern) -> Bool {
        pattern.constrainsType && pattern.fieldPaths.allSatisfy { $0 == ["type"] }
    }

    /// The event types of the handlers, if they restrict the route; nil if they do not.
    private func interests(_ route: Route) -> Set<String>? {
        // A route without handlers drops all events that match its pattern. With neither, the route is an error.
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
