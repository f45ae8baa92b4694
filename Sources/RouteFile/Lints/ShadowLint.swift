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

    /// So many pairs of routes are compared: checking a file must not take long.
    private static let comparablePairs = 200_000

    /// Looks at each route behind one that stops.
    func check(_ routes: [Route]) {
        var pairs = 0
        var stopping: [Route] = []
        for route in routes {
            pairs += stopping.count
            guard pairs <= Self.comparablePairs else { return }
            if let first = stopping.first(where: { takesEverything(of: route, $0) }) { warn(route, first) }
            if route.stop && route.oncePer == nil { stopping.append(route) }
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
            guard let other = later.pattern, pattern.covers(other) else { return false }
        }
        guard let types = interests(earlier) else { return true }
        guard let wanted = interests(later) ?? later.pattern?.typeLiterals else { return false }
        return wanted.isSubset(of: types)
    }

    /// The types to which the handlers' interests narrow a route; nil when they do not.
    private func interests(_ route: Route) -> Set<String>? {
        if let pattern = route.pattern, pattern.fieldPaths.contains(["type"]) { return nil }
        var types: Set<String> = []
        for name in route.handlers {
            guard let interests = handlers[name]?.interests, !interests.isEmpty else { return nil }
            types.formUnion(interests.map(\.name))
        }
        return types
    }
}
