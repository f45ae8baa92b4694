import EventJSON
import EventRouter
import RealtimeEvents
import RouterTesting
import Synchronization
import Testing

/// Sending of client events to a slow receiver.
@Suite(.timeLimit(.minutes(5))) struct OutboundTests {
    private static let bound = 4

    /// A table in which each `ping` sends a numbered client event, and then adds its number to `seen`.
    private func table(_ seen: Collected<Int>) throws -> RouteTable {
        let sends = ClosureHandler { delivery in
            let line = delivery.event.position.line
            delivery.session.send(.other(["type": "note", "n": .number(JSONNumber(line))]))
            seen.append(line)
        }
        return try RouteTable(
            handlers: [HandlerBinding("sends", sends)],
            routes: [Route("pings", match: try pattern(#"{"type": ["ping"]}"#), to: ["sends"])])
    }

    @Test("With a sink that blocks for ever, routing continues up to the bound, and the shutdown's deadline holds")
    func blockedSink_routingAndShutdown() async throws {
        let clock = ManualClock()
        let sink = BlockedSink()
        let seen = Collected<Int>()
        let source = ScriptedSource()
        let router = Router(try table(seen), options: RouterOptions(outboundCapacity: Self.bound), clock: clock)
        try await router.start()
        let running = Task { try await router.run(source, outbound: sink) }
        source.send(Wire.event("ping"))
        _ = await sink.begun.wait(for: 1)
        // One event is being sent, the queue is full, and the session keeps one more. After that it stops routing.
        for number in 2...(Self.bound + 2) {
            source.send(Wire.event("ping"))
            _ = await seen.wait(for: number)
        }
        source.send(Wire.event("ping"))
        let stopping = Task { await router.shutDown(within: .seconds(10)) }
        await clock.waitForSleepers()
        clock.advance(by: .seconds(10))
        await clock.waitForSleepers()
        clock.advance(by: .seconds(1))
        let report = try await running.value
        await stopping.value
        await router.stop()
        #expect(report.events == Self.bound + 2)
        #expect(report.sent == 0)
        #expect(report.unsent == Self.bound + 2)
        #expect(report.outboundWaits == 1)
        #expect(report.failure == nil)
        #expect(report.json["unsent"]?.int == Self.bound + 2)
        sink.letGo()
    }

    @Test("Routing waits for a slow sink while the queue is full, and then continues")
    func slowSink_losesNothing() async throws {
        let sink = BlockedSink()
        let source = ScriptedSource()
        let router = Router(try table(Collected()), options: RouterOptions(outboundCapacity: 1))
        try await router.start()
        let running = Task { try await router.run(source, outbound: sink) }
        for _ in 1...50 { source.send(Wire.event("ping")) }
        _ = await sink.begun.wait(for: 1)
        sink.letGo()
        source.end()
        let report = try await running.value
        await router.stop()
        #expect(sink.begun.elements.map { $0.json["n"]?.int } == Array(1...50))
        #expect(report.sent == 50 && report.unsent == 0)
    }

    @Test("An event overtakes queued audio, but not a commit")
    func audio_isOvertaken() async throws {
        let sink = BlockedSink()
        let order: [ClientEvent] = [
            .other(["type": "first"]), .other(["type": "input_audio_buffer.append", "audio": "AAAA"]),
            .other(["type": "input_audio_buffer.append", "audio": "BBBB"]), .other(["type": "note", "n": 1]),
            .other(["type": "note", "n": 2]), .other(["type": "input_audio_buffer.commit"]),
            .other(["type": "input_audio_buffer.append", "audio": "CCCC"]), .other(["type": "note", "n": 3]),
        ]
        let handled = Collected<String>()
        let sends = ClosureHandler { delivery in
            if delivery.event.type == EventType("ping") {
                delivery.session.send(order[0])
                _ = await sink.begun.wait(for: 1)
                for event in order[1...] { delivery.session.send(event) }
            }
            handled.append(delivery.event.type.name)
        }
        let table = try RouteTable(
            handlers: [HandlerBinding("sends", sends)],
            routes: [Route("all", match: try pattern(#"{"type": ["ping", "pong"]}"#), to: ["sends"])])
        let source = ScriptedSource()
        let router = Router(table)
        try await router.start()
        let running = Task { try await router.run(source, outbound: sink) }
        source.send(Wire.event("ping"))
        _ = await handled.wait(for: 1)
        // Before it is routed, all earlier client events are in the queue.
        source.send(Wire.event("pong"))
        _ = await handled.wait(for: 2)
        sink.letGo()
        source.end()
        _ = try await running.value
        await router.stop()
        let sent = sink.begun.elements.map { event in
            event.json["audio"]?.string ?? event.json["n"]?.int.map(String.init) ?? event.type
        }
        #expect(sent == ["first", "1", "2", "AAAA", "BBBB", "input_audio_buffer.commit", "CCCC", "3"])
    }
}

/// A sink that blocks with its first event until it is released, even if it is cancelled.
private final class BlockedSink: OutboundSink {
    /// The events, in the order in which sending began.
    let begun = Collected<ClientEvent>()
    private let state = Mutex<(isOpen: Bool, waiting: [CheckedContinuation<Void, Never>])>((false, []))

    func send(_ event: ClientEvent) async throws {
        begun.append(event)
        await withCheckedContinuation { continuation in
            let isOpen = state.withLock { state in
                if !state.isOpen { state.waiting.append(continuation) }
                return state.isOpen
            }
            if isOpen { continuation.resume() }
        }
    }

    func letGo() {
        let waiting = state.withLock { state in
            defer { state = (true, []) }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }
}
