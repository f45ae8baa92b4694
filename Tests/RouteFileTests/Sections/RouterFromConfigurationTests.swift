import ConfigSource
import EventRouter
import RealtimeEvents
import RouteFile
import Synchronization
import Testing

/// Routers made from a configuration.
@Suite struct RouterFromConfigurationTests {
    /// The deliveries to handlers of type `keep`.
    private final class Kept: Sendable {
        let list = Mutex<[String]>([])

        var registry: HandlerRegistry {
            var registry = HandlerRegistry()
            registry.register("keep") { options in
                options.section.know(["prefix"])
                let prefix = options.section.string("prefix") ?? ""
                return ClosureHandler { delivery in
                    self.list.withLock { $0.append(prefix + "\(delivery.event.type) \(delivery.event.position)") }
                }
            }
            return registry
        }

        func load(_ handler: String, _ rest: String = "") throws -> RouteConfiguration {
            let text = """
                version: 1
                handlers: { out: \(handler) }
                routes: [{ name: silences, match: { type: router.turn.stalled }, to: out }]
                \(rest)
                """
            let diagnostics = Diagnostics()
            let file = SourceFile(path: "routes.yml", text: text)
            let loaded = RouteConfiguration.read(file, registry: registry, diagnostics)
            return try #require(loaded, "\(diagnostics.rendered())")
        }
    }

    private static let lines = [
        #"{"at": 1, "direction": "server", "event": {"type": "input_audio_buffer.speech_started", "item_id": "u1"}}"#,
        #"{"at": 2, "direction": "server", "event": {"type": "input_audio_buffer.speech_stopped", "item_id": "u1"}}"#,
        #"{"at": 7, "direction": "server", "event": {"type": "rate_limits.updated"}}"#,
    ]

    private func run(_ router: Router) async throws {
        _ = try await router.run(SessionLines(Self.lines, key: "s", name: "s"))
    }

    @Test("`stalled_after` reaches the sessions of Router(configuration), and those that begin after a replacement")
    func router_takesTheWholeFile() async throws {
        let kept = Kept()
        let router = Router(try kept.load("{type: keep}", "stalled_after: 3s"))
        try await router.start()
        try await run(router)
        #expect(kept.list.withLock { $0 } == ["router.turn.stalled 3.1"])
        try await router.replace(try kept.load("{type: keep}", "stalled_after: 6s"))
        try await run(router)
        #expect(kept.list.withLock { $0 }.count == 1)
        await router.stop()
    }

    @Test("`handler_timeout` is read, and on_full has no default of its own")
    func handlerKeys_areRead() throws {
        let plain = try Kept().load("{type: keep}").table.handlers[0]
        #expect(plain.timeout == nil && plain.queue == QueuePolicy())
        let limited = try Kept().load("{type: keep, handler_timeout: 1500ms, on_full: block}").table.handlers[0]
        #expect(limited.timeout == .milliseconds(1500) && limited.queue == QueuePolicy(onFull: .block))
    }

    @Test("The bounds of queues are read, and a bound of one session raises the default for all sessions")
    func queueBounds_areRead() throws {
        func policy(_ keys: String) throws -> QueuePolicy {
            try Kept().load("{type: keep, \(keys)}").table.handlers[0].queue
        }
        #expect(
            try policy(
                "queue_capacity: 8, queue_bytes: 4KiB, shared_queue_capacity: 8, shared_queue_bytes: 1MiB, on_full: drop_newest"
            )
                == QueuePolicy(
                    capacity: 8, bytes: 4096, sharedCapacity: 8, sharedBytes: 1 << 20, onFull: .dropNewest))
        let large = try policy("queue_capacity: 100000, queue_bytes: 1GiB")
        #expect(large.capacity == 100_000 && large.sharedCapacity == 100_000)
        #expect(large.bytes == 1 << 30 && large.sharedBytes == 1 << 30)
    }

    @Test("A fingerprint tells whether two handlers have the same options, in whatever order")
    func fingerprint_isThatOfTheOptions() throws {
        func fingerprint(_ handler: String) throws -> String {
            try Kept().load(handler).table.handlers[0].fingerprint
        }
        let first = try fingerprint(#"{type: keep, prefix: "1"}"#)
        #expect(try fingerprint("{prefix: '1', type: keep}") == first)
        #expect(try fingerprint("{type: keep, prefix: '2'}") != first)
        #expect(try fingerprint("{type: keep}") != first)
    }
}
