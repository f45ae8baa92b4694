import ConfigSource
package import EventJSON
package import EventRouter
package import RealtimeEvents

/// The recorded events that two route files route differently.
///
/// ```swift
/// var comparison = RoutingComparison(from: old, to: new)
/// try await comparison.add(session: "call.jsonl")
/// print(comparison.rendered(shown: 5))
/// ```
package struct RoutingComparison: Sendable {
    /// An event that is routed differently.
    package struct Change: Sendable, Hashable {
        /// The event's position in the session.
        package var position: EventPosition
        /// The event's canonical type.
        package var type: EventType
        /// The sender.
        package var side: SessionSide
        /// The routing by the old file; nil if no route took the event.
        package var old: RoutedEvent?
        /// The routing by the new file; nil if no route takes the event.
        package var new: RoutedEvent?
    }

    /// The comparison of one session.
    package struct Session: Sendable {
        /// The path of the session's file.
        package var name: String
        /// The session's key; nil if the file has only one session.
        package var key: String?
        /// The number of server events.
        package var events: Int
        /// The number of lines that are not events.
        package var undecodable = 0
        /// The events that are routed differently, in order, including derived events.
        package var changes: [Change]
    }

    /// The counts of one route over all sessions.
    package struct RouteCounts: Sendable, Hashable {
        /// The route's name.
        package var name: String
        /// The number of events that the route takes in the old file.
        package var before = 0
        /// The number of events that the route takes in the new file.
        package var after = 0
        /// The number of events that the route takes only in the new file.
        package var gained = 0
        /// The number of events that the route takes only in the old file.
        package var lost = 0
        /// The number of events that the route takes in both files, but for different handlers.
        package var moved = 0

        /// Whether nothing changes.
        package var isEqual: Bool { gained == 0 && lost == 0 && moved == 0 }
    }

    /// The sessions, in the order in which they were added.
    package private(set) var sessions: [Session] = []
    /// The routes of the new file in file order, followed by those that only the old file has.
    package private(set) var routes: [RouteCounts] = []

    /// The routes of either file that matched but did not fire because they have `when` and the session's start time is unknown.
    public private(set) var undatedRoutes: [String] = []

    private let old: RouteConfiguration
    private let new: RouteConfiguration
    private var indices: [String: Int] = [:]
    /// A hash of the events that each route takes, to find renamed routes.
    private var sums: [Int]
    /// The routes in both files whose handlers differ.
    private let redirected: Set<String>

    /// Creates a comparison of two files without sessions.
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

    /// The renamed routes: routes only in the new file that have the same handlers and take the same events as a route only in
    /// the old file.
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

    /// Whether every event is routed alike.
    package var isEqual: Bool { sessions.allSatisfy(\.changes.isEmpty) }

    /// The number of events that are routed differently.
    package var changed: Int { sessions.reduce(0) { $0 + $1.changes.count } }

    /// Routes the sessions of a recording with both files, and adds the differences.
    ///
    /// - Parameters:
    ///   - path: the file of the recording.
    ///   - labels: the labels of the sessions.
    ///   - started: the start time of the sessions, in seconds since 1970; nil to use their header lines.
    /// - Throws: the error of the recording if it cannot be read.
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

extension RoutingComparison {
    /// The comparison as text: the routes that differ, the sessions with their first differing events, and a summary.
    ///
    /// - Parameter shown: the maximum number of events per session.
    package func rendered(shown: Int) -> String {
        var blocks: [String] = []
        let routes = routes.filter { !$0.isEqual }
        if !routes.isEmpty { blocks.append(Self.table(routes)) }
        if !renamed.isEmpty {
            let lines = renamed.map {
                "\(quoted($1.printable)) takes exactly what \(quoted($0.printable)) took: it was renamed"
            }
            blocks.append(lines.joined(separator: "\n"))
        }
        blocks += sessions.filter { !$0.changes.isEmpty }.map { Self.block($0, shown: shown) }
        blocks.append(sentence)
        return blocks.joined(separator: "\n\n")
    }

    private var sentence: String {
        let read = "\(Self.count(sessions.reduce(0) { $0 + $1.events }, "event")) of the server read"
        guard !isEqual else {
            return "all events are routed alike: \(Self.count(sessions.count, "session")), \(read)"
        }
        let concerned = sessions.count { !$0.changes.isEmpty }
        return "\(Self.count(changed, "event")) would be routed differently, in \(concerned) of "
            + "\(Self.count(sessions.count, "session")); \(read)"
    }

    private static func block(_ session: Session, shown: Int) -> String {
        let name = session.key.map { "\(session.name), session \($0)" } ?? session.name
        var lines = ["\(name): \(count(session.changes.count, "event"))"]
        let changes = session.changes.prefix(shown)
        let width = changes.map { $0.position.description.count }.max() ?? 0
        for change in changes {
            let position = change.position.description
            lines.append(
                "  \(String(repeating: " ", count: width - position.count))\(position)  \(typeName(change))  \(describe(change))"
            )
        }
        if changes.count < session.changes.count {
            lines.append("  … and \(session.changes.count - changes.count) more")
        }
        return lines.map(\.printable).joined(separator: "\n")
    }

    private static func typeName(_ change: Change) -> String {
        (change.new ?? change.old)?.typeName ?? change.type.name
    }

    /// The old and new routes; with handlers if the routes are the same.
    private static func describe(_ change: Change) -> String {
        let isRedirected = change.old?.routes == change.new?.routes
        let words = [change.old, change.new].map { event in
            event.map { isRedirected || $0.routes.isEmpty ? $0.destination : $0.routeNames } ?? "no route"
        }
        return words.joined(separator: " → ")
    }

    private static func table(_ routes: [RouteCounts]) -> String {
        let rows =
            [["route", "before", "after", "gained", "lost", "moved"]]
            + routes.map { counts in
                [counts.name.printable]
                    + [counts.before, counts.after, counts.gained, counts.lost, counts.moved].map { "\($0)" }
            }
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            zip(row, widths).enumerated().map { column, cell in
                let space = String(repeating: " ", count: cell.1 - cell.0.count)
                return column == 0 ? cell.0 + space : space + cell.0
            }.joined(separator: "  ")
        }.joined(separator: "\n")
    }

    private static func count(_ number: Int, _ one: String) -> String { "\(number) \(one)\(number == 1 ? "" : "s")" }
}

extension RoutingComparison {
    /// The comparison as JSON: `equal`, `changed`, `routes` (all), `renamed`, and `sessions` with their `changes`.
    ///
    /// - Parameter shown: the maximum number of changes per session; by default all.
    package func json(shown: Int = .max) -> JSONValue {
        [
            "equal": .bool(isEqual), "changed": .number(JSONNumber(changed)),
            "routes": .array(routes.map(Self.json)),
            "renamed": .array(renamed.map { ["old": .string($0), "new": .string($1)] }),
            "sessions": .array(sessions.map { Self.json($0, shown) }),
        ]
    }

    private static func json(_ counts: RouteCounts) -> JSONValue {
        [
            "name": .string(counts.name), "before": .number(JSONNumber(counts.before)),
            "after": .number(JSONNumber(counts.after)), "gained": .number(JSONNumber(counts.gained)),
            "lost": .number(JSONNumber(counts.lost)), "moved": .number(JSONNumber(counts.moved)),
        ]
    }

    private static func json(_ session: Session, _ shown: Int) -> JSONValue {
        var object: JSONObject = ["session": .string(session.name)]
        object["key"] = session.key.map { .string($0) }
        object["events"] = .number(JSONNumber(session.events))
        object["changed"] = .number(JSONNumber(session.changes.count))
        object["changes"] = .array(session.changes.prefix(shown).map(json))
        return .object(object)
    }

    private static func json(_ change: Change) -> JSONValue {
        var object: JSONObject = [
            "position": .string(change.position.description), "type": .string(change.type.name),
        ]
        if change.side == .client { object["direction"] = .string(change.side.rawValue) }
        object["old"] = json(change.old)
        object["new"] = json(change.new)
        return .object(object)
    }

    private static func json(_ event: RoutedEvent?) -> JSONValue {
        [
            "routes": .array((event?.routes ?? []).map { .string($0) }),
            "handlers": .array((event?.handlers ?? []).map { .string($0) }),
        ]
    }
}
