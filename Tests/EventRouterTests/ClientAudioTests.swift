import EventRouter
import RealtimeEvents
import RouterTesting
import Testing

/// Handlers that also take client audio.
@Suite struct ClientAudioTests {
    /// Collects its events, one text per event.
    private final class Listener: ClientAudioHandling {
        let got = Collected<String>()
        var interests: [EventType] { [.responseOutputAudioDelta] }

        func handle(_ delivery: EventDelivery) async throws {
            let event = delivery.event
            got.append("\(event.position) \(event.type) \(delivery.side) \(delivery.routes) \(event.at ?? -1)")
        }
    }

    private static let lines = [
        #"{"at": 0.1, "direction": "client", "event": {"type": "input_audio_buffer.append", "audio": "AAAA"}}"#,
        #"{"at": 0.2, "event": {"type": "response.audio.delta", "delta": "AAAA"}}"#,
        #"{"at": 0.3, "direction": "client", "event": {"type": "session.input_audio_buffer.append", "audio": "AAAA"}}"#,
        #"{"at": 0.4, "direction": "client", "event": {"type": "response.create"}}"#,
        // A server event with such a name is not a client event.
        #"{"at": 0.5, "event": {"type": "input_audio_buffer.append", "audio": "AAAA"}}"#,
    ]

    private static func table(_ listener: Listener, _ other: MemoryHandler, names: [String]) throws -> RouteTable {
        try RouteTable(
            handlers: [HandlerBinding("other", other), HandlerBinding("listener", listener)],
            routes: [Route("audio", match: try pattern(#"{"type": ["response.output_audio.delta"]}"#), to: names)])
    }

    @Test func clientAudio_comesInOrderWithTheServersEvents() async throws {
        let (listener, other) = (Listener(), MemoryHandler())
        let report = try await run(Self.lines, Self.table(listener, other, names: ["listener", "other"]))
        #expect(
            listener.got.elements == [
                "1 input_audio_buffer.append client [] 0.1",
                #"2 response.output_audio.delta server ["audio"] 0.2"#,
                "3 session.input_audio_buffer.append client [] 0.3",
            ])
        #expect(other.positions == ["2"])
        #expect(report.events == 2 && report.clientEvents == 3 && report.unmatched == 1)
        let counts = report.handlers.first { $0.name == "listener" }?.counts
        #expect(counts?.delivered == 3 && counts?.matched == 3)
    }

    @Test func clientAudio_isNotForHandlersWithoutARoute() async throws {
        let (listener, other) = (Listener(), MemoryHandler())
        _ = try await run(Self.lines, Self.table(listener, other, names: ["other"]))
        #expect(listener.got.elements == [])
    }

    @Test func clientAudio_ofALiveSession() async throws {
        let (listener, other) = (Listener(), MemoryHandler())
        let router = Router(try Self.table(listener, other, names: ["listener"]), clock: ManualClock())
        try await router.start()
        let session = try router.session(key: "call-1")
        session.receive(#"{"type": "input_audio_buffer.append", "audio": "AAAA"}"#, from: .client, at: 1)
        session.receive(#"{"type": "response.output_audio.delta", "delta": "AAAA"}"#, from: .server, at: 2)
        _ = await session.finish()
        await router.stop()
        #expect(
            listener.got.elements == [
                "1 input_audio_buffer.append client [] 1.0", #"2 response.output_audio.delta server ["audio"] 2.0"#,
            ])
    }
}
