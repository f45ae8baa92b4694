package import EventRouter
package import RealtimeEvents

/// Which past events two route files would route differently.
///
/// ```swift
/// var comparison = RoutingComparison(from: old, to: new)
/// try await comparison.add(session: "call.jsonl")
/// print(comparison.rendered(shown: 5))
/// ```
package struct RoutingComparison: Sendable {
    /// An event that goes another way.
    package struct Change: Sendable, Hashable {
        /// Its place in the session.
        package var position: EventPosition
        /// Its canonical type.
        package var type: EventType
        /// Who sent it.
        package var side: SessionSide
        /// Where it went; nil when that was nowhere.
        package var old: RoutedEvent?
        /// Where it would go; nil when that is nowhere.
        package var new: RoutedEvent?
    }

    /// What became of one session.
    package struct Session: Sendable {
        /// The path of its file.
        package var name: String
        /// Its key, where the file has several sessions.
        package var key: String?
        /// How many events its server sent.
        package var events: Int
        /// How many of its lines could not be read as an event.
        package var undecodable = 0
        /// The events that go another way, in order, derived events included.
        package var changes: [Change]
    }

    /// What became of one route, in all sessions.
    package struct RouteCounts: Sendable, Hashable {
        /// The route's name.
        package var name: String
        /// The events that it took.
        package var before = 0
        /// The events that it would take.
        package var after = 0
        /// The events that it would take and did not.
        package var gained = 0
        /// The events that it took and would not.
        package var lost = 0
        /// The events that it takes either way, but for other handlers.
        package var moved = 0

        /// Whether nothing changes.
        package var isEqual: Bool { gained == 0 && lost == 0 && moved == 0 }
    }

    /// The sessions in the order in which they were added.
    package private(set) var sessions: [Session] = []
    /// The routes of the new file in its order, then those that only the old one has.
    package private(set) var routes: [RouteCounts] = []

    /// The routes of either file that matched and did not fire, as nothing says when the session began, which their schedule needs.
    public private(set) var undatedRoutes: [String] = []

    private let old: RouteConfiguration
    private let new: RouteConfiguration
    private var indices: [String: Int] = [:]
    /// For each route a sum over the events that it took, by which two that took the same can be told.
    private var sums: [Int]
    /// Routes of both files whose handlers differ.
    private let redirected: Set<String>

    /// Makes the comparison of two files, without any session yet.
    package init(from old: RouteConfiguration, to new: RouteConfiguration) {
        self.old = old
        self.new = new
        let before = old.table.routes.reduce(into: [:]) { $0[$1.name] = $1.handlers }
        redirected = Set(
            new.table.routes.filter { route in before[route.name].map { $0 != route.handlers } ?? false }
                .map(\.name))
        sums = []
        for route in new.table.routes + old.table.routes where indices[route.name] == nil {
            indices[route.name] = routes.count
            sums.append(0)
            routes.append(RouteCounts(name: route.name))
        }
    }

    /// The routes that only have another name now: of the new file alone, for the same handlers and with exactly the events of
    /// one that is gone.
    package var renamed: [(old: String, new: String)] {
        let (before, after) = (old.table.routes, new.table.routes)
        let (oldNames, newNames) = (Set(before.map(\.name)), Set(after.map(\.name)))
        return after.filter { !oldNames.contains($0.name) }.compactMap { route in
            before.first { !newNames.contains($0.name) && isSame($0, route) }.map { ($0.name, route.name) }
        }
    }

    private func isSame(_ before: Route, _ after: Route) -> Bool {
        guard before.handlers == after.handlers, let one = indices[before.name], let other = indices[after.name] else {
            return false
        }
        return routes[one].before > 0 && routes[one].before == routes[other].after && sums[one] == sums[other]
    }

    /// Whether no event goes another way.
    package var isEqual: Bool { sessions.allSatisfy(\.changes.isEmpty) }

    /// How many events go another way.
    package var changed: Int { sessions.reduce(0) { $0 + $1.changes.count } }

    /// Routes the sessions of a recording by both files.
    ///
    /// - Parameters:
    ///   - path: the file of the recording.
    ///   - labels: the labels of the sessions.
    ///   - started: when they began, in seconds since 1970; nil when only their own header lines may say it.
    /// - Throws: what reading it throws.
    package mutating func add(
        session path: String, labels: [SessionLabel] = [], started: Double? = nil
    ) async throws {
        let (before, after) = (
            try await old.routeSessions(in: path, labels: labels, started: started),
            try await new.routeSessions(in: path, labels: labels, started: started)
        )
        for (one, other) in zip(before, after) {
            add(path, key: after.count > 1 ? other.key : nil, (one.routed, one.report), (other.routed, other.report))
        }
    }

    private mutating func add(
        _ path: String, key: String?, _ before: (routed: [RoutedEvent], report: RunReport),
        _ after: (routed: [RoutedEvent], report: RunReport)
    ) {
        var session = Session(
            name: path, key: key, events: after.report.events, undecodable: after.report.undecodable, changes: [])
        for name in before.report.undatedRoutes + after.report.undatedRoutes where !undatedRoutes.contains(name) {
            undatedRoutes.append(name)
        }
        var earlier = Dictionary(before.routed.map { ($0.position, $0) }) { first, _ in first }
        for event in after.routed { compare(earlier.removeValue(forKey: event.position), event, &session) }
        for event in earlier.values { compare(event, nil, &session) }
        session.changes.sort { $0.position < $1.position }
        sessions.append(session)
    }

    private mutating func compare(_ before: RoutedEvent?, _ after: RoutedEvent?, _ session: inout Session) {
        guard let event = after ?? before else { return }
        var hasher = Hasher()
        hasher.combine(sessions.count)
        hasher.combine(event.position)
        let sum = hasher.finalize()
        for name in before?.routes ?? [] {
            count(name, after?.routes.contains(name) ?? false ? 0 : sum) { counts in
                counts.before += 1
                if !(after?.routes.contains(name) ?? false) { counts.lost += 1 }
            }
        }
        for name in after?.routes ?? [] {
            let isNew = !(before?.routes.contains(name) ?? false)
            let isMoved = !isNew && redirected.contains(name)
            count(name, sum) { counts in
                counts.after += 1
                if isNew { counts.gained += 1 }
                if isMoved { counts.moved += 1 }
            }
        }
        guard before?.routes != after?.routes || before?.handlers != after?.handlers else { return }
        session.changes.append(
            Change(position: event.position, type: event.type, side: event.side, old: before, new: after))
    }

    private mutating func count(_ route: String, _ sum: Int, _ change: (inout RouteCounts) -> Void) {
        guard let index = indices[route] else { return }
        sums[index] &+= sum
        change(&routes[index])
    }
}
