import ConfigSource
package import EventJSON
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

extension RoutingComparison {
    /// The comparison for people: the routes that change, the sessions that do with their first events, and a sentence.
    ///
    /// - Parameter shown: how many events of a session are shown.
    package func rendered(shown: Int) -> String {
        var blocks: [String] = []
        let routes = routes.filter { !$0.isEqual }
        if !routes.isEmpty { blocks.append(Self.table(routes)) }
        if !renamed.isEmpty {
            let lines = renamed.map {
                "\(quoted($1.printable)) takes exactly what \(quoted($0.printable)) took: the same by another name"
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
            return "every event goes the same way: \(Self.count(sessions.count, "session")), \(read)"
        }
        let concerned = sessions.count { !$0.changes.isEmpty }
        return "\(Self.count(changed, "event")) would go another way, in \(concerned) of "
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
                "  \(String(repeating: " ", count: width - position.count))\(position)  \(typeName(change))  \(words(change))"
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

    /// The routes, old and new; the handlers too, where the routes are the same.
    private static func words(_ change: Change) -> String {
        let isRedirected = change.old?.routes == change.new?.routes
        let words = [change.old, change.new].map { event in
            event.map { isRedirected || $0.routes.isEmpty ? $0.way : $0.routeNames } ?? "no route"
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
    /// The comparison for programs: `equal`, `changed`, `routes` (all), `renamed`, and `sessions` with their `changes`.
    ///
    /// - Parameter shown: how many changes of a session are in it; by default all.
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
