import EventJSON
import EventRouter
import RealtimeEvents

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The file that `expect` names: the expected routing of a session's events, as JSON Lines with `position`, `type`,
/// `direction` (only for `client`), `routes` and `handlers`.
struct GoldenFile {
    let path: String

    /// An error that makes the file unusable.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    var exists: Bool { access(path, F_OK) == 0 }

    /// Reads the events in the file.
    func read() async throws -> [RoutedEvent] {
        let file = try RecordedSession(path: path)
        var events: [RoutedEvent] = []
        while let batch = try await file.nextBatch() {
            for line in batch.lines {
                guard let value = try? JSONValue(parsing: Array(batch.bytes[line.range])), let event = Self.event(value)
                else {
                    throw Failure(
                        description: "\(path):\(line.number) is no line of an expected dispatch, "
                            + "so `--update` leaves the file alone; name another, or remove this one")
                }
                events.append(event)
            }
        }
        return events
    }

    /// Replaces the file's content with events.
    func write(_ events: [RoutedEvent]) throws {
        var text = ""
        for event in events { text += Self.json(event).description + "\n" }
        // Writes atomically, so that an interrupted update does not damage the old file.
        try WholeFile(path: path).write(Array(text.utf8), mode: 0o666)
    }

    private static func json(_ event: RoutedEvent) -> JSONValue {
        var object = JSONObject()
        object["position"] = .string(event.position.description)
        object["type"] = .string(event.type.name)
        if event.side == .client { object["direction"] = .string(event.side.rawValue) }
        object["routes"] = .array(event.routes.map { .string($0) })
        object["handlers"] = .array(event.handlers.map { .string($0) })
        return .object(object)
    }

    private static func event(_ value: JSONValue) -> RoutedEvent? {
        guard let position = value["position"]?.string.flatMap(Self.position), let type = value["type"]?.string,
            let routes = value["routes"]?.array?.map(\.string), !routes.contains(nil),
            let handlers = value["handlers"]?.array?.map(\.string), !handlers.contains(nil)
        else { return nil }
        let side = value["direction"]?.string.flatMap { SessionSide(rawValue: $0) } ?? .server
        return RoutedEvent(
            position, side == .client ? EventType(ofClient: type) : EventType(type), from: side,
            routes: routes.compactMap(\.self), handlers: handlers.compactMap(\.self))
    }

    private static func position(_ text: String) -> EventPosition? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false).map { Int($0) }
        guard parts.count <= 2, let line = parts.first.flatMap(\.self) else { return nil }
        guard parts.count == 2 else { return EventPosition(line: line) }
        return parts[1].map { EventPosition(line: line, derived: $0) }
    }
}

/// Compares the routing of a session's events with the file that `expect` names.
struct GoldenComparison {
    /// The maximum number of lines of a difference.
    private static let maxLines = 20

    private let golden: GoldenFile

    init(_ golden: GoldenFile) {
        self.golden = golden
    }

    /// Compares the events with the file.
    ///
    /// - Parameter updates: whether to write the file if it is missing or differs.
    func verdict(_ actual: [RoutedEvent], updates: Bool) async throws -> RouteTestResult.Verdict {
        guard golden.exists else {
            if updates {
                try golden.write(actual)
                return .created(path: golden.path)
            }
            return .failed([
                RouteTestResult.Difference(
                    title: "there is no \(golden.path) with the expected routing", lines: [],
                    help: "`realtime-router test --update` writes it; review it then")
            ])
        }
        // A file with other content is never overwritten, because its name may be a typing mistake: `read` throws.
        let expected = try await golden.read()
        guard expected != actual else { return .passed }
        if updates {
            try golden.write(actual)
            return .updated(path: golden.path)
        }
        let lines = Self.lines(expected, actual)
        return .failed([difference(lines)])
    }

    private func difference(_ all: [RouteTestResult.Line]) -> RouteTestResult.Difference {
        var lines = Array(all.prefix(Self.maxLines))
        if lines.count < all.count {
            lines.append(RouteTestResult.Line(sign: " ", text: "… and \(all.count - lines.count) lines more"))
        }
        return RouteTestResult.Difference(
            title: "\(golden.path) (- expected, + routed)", lines: lines,
            help: "if this is intended, `realtime-router test --update` updates the file")
    }

    /// The events that were routed differently, by position.
    private static func lines(_ expected: [RoutedEvent], _ actual: [RoutedEvent]) -> [RouteTestResult.Line] {
        let old = Dictionary(expected.map { ($0.position, $0) }) { first, _ in first }
        let new = Dictionary(actual.map { ($0.position, $0) }) { first, _ in first }
        var lines: [RouteTestResult.Line] = []
        for position in Set(old.keys).union(new.keys).sorted() where old[position] != new[position] {
            if let event = old[position] { lines.append(RouteTestResult.Line(sign: "-", text: event.description)) }
            if let event = new[position] { lines.append(RouteTestResult.Line(sign: "+", text: event.description)) }
        }
        return lines
    }
}
