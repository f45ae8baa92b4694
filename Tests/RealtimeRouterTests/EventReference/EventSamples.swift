import Foundation
import RealtimeRouter
import RouterTesting

/// Events of the sample sessions: those of both sides, and those that the router derives of them.
struct EventSamples {
    /// The events by side and type, in the order of the sessions.
    private var events: [Key: [JSONValue]] = [:]

    private struct Key: Hashable {
        let side: SessionSide
        let type: String
    }

    /// Routes the sample sessions, and one in which nobody speaks for a long time.
    static func read() async throws -> EventSamples {
        var samples = EventSamples()
        let folder = EventReference.package + "/Examples/Sessions"
        let names = try FileManager.default.contentsOfDirectory(atPath: folder).filter {
            $0.hasSuffix(".jsonl") && !$0.hasPrefix("unknown")
        }
        // The first sample of a type wins, and the session of the quick start is the one that readers know.
        let first = "quickstart.jsonl"
        let paths = [first] + names.filter { $0 != first }.sorted()
        for path in paths { try await samples.add(RecordedSession(path: "\(folder)/\(path)")) }
        try await samples.add(RecordedSession(path: EventReference.folder + "/silence.jsonl"))
        return samples
    }

    private mutating func add(_ session: RecordedSession) async throws {
        let memory = MemoryHandler()
        let every = try Pattern(json: #"{"type": [{"exists": true}]}"#)
        let routes = [
            Route("server", match: every, to: ["memory"]),
            Route("client", from: .client, match: every, to: ["memory"]),
        ]
        let router = Router(try RouteTable(handlers: [HandlerBinding("memory", memory)], routes: routes))
        try await router.start()
        _ = try await router.run(session)
        await router.stop()
        for delivery in memory.deliveries.elements {
            // A sample under its beta name would contradict the heading above it.
            guard delivery.event.wireType == delivery.event.type.name else { continue }
            events[Key(side: delivery.side, type: delivery.event.type.name), default: []].append(delivery.event.json)
        }
    }

    /// All samples of a type.
    func all(_ type: String, from side: SessionSide) -> [JSONValue] { events[Key(side: side, type: type)] ?? [] }

    /// The sample that shows most fields among those that fit a page; nil if there is none.
    func best(_ type: String, from side: SessionSide) -> JSONValue? {
        let short = all(type, from: side).filter { $0.description.utf8.count <= 900 }
        return short.reduce(nil) { best, next in
            best.map { $0.fieldCount >= next.fieldCount } == true ? best : next
        }
    }
}

extension JSONValue {
    fileprivate var fieldCount: Int {
        guard case .object(let object) = self else { return 0 }
        return object.reduce(0) { $0 + ($1.1 == .null ? 0 : 1) }
    }
}
