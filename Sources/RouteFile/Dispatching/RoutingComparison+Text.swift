import ConfigSource
package import EventJSON
import EventRouter
import RealtimeEvents

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
