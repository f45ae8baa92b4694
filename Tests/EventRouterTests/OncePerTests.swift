import EventRouter
import RealtimeEvents
import RouterTesting
import Testing

@Suite struct OncePerTests {
    /// A user's turn whose words come later.
    private static func spoken(_ item: String, after previous: String) -> [String] {
        [
            Wire.event("input_audio_buffer.speech_started", "\"item_id\": \"\(item)\", \"audio_start_ms\": 0"),
            Wire.event("input_audio_buffer.speech_stopped", "\"item_id\": \"\(item)\", \"audio_end_ms\": 9"),
            Wire.event("input_audio_buffer.committed", "\"item_id\": \"\(item)\", \"previous_item_id\": \(previous)"),
        ]
    }

    private static func words(of item: String) -> String {
        Wire.event(
            "conversation.item.input_audio_transcription.completed",
            "\"item_id\": \"\(item)\", \"content_index\": 0, \"transcript\": \"refund\"")
    }

    private static let created = Wire.event(
        "session.created",
        "\"session\": {\"id\": \"s\", \"audio\": {\"input\": {\"transcription\": {\"model\": \"whisper-1\"}}}}")

    @Test func wordsThatComeInTheNextTurnCountForTheirOwn() async throws {
        let handler = MemoryHandler()
        let table = try RouteTable(
            handlers: [HandlerBinding("h", handler)],
            routes: [
                Route(
                    "words", match: try pattern(#"{"type": ["router.utterance.heard"], "role": ["user"]}"#), to: ["h"],
                    oncePer: .turn)
            ])
        let turns =
            Self.spoken("u1", after: "null") + [Wire.responseCreated("r1"), Wire.spoken(in: "r1")]
            + [Wire.responseDone("r1")] + Self.spoken("u2", after: "\"item_r1\"")
        _ = try await run([Self.created] + turns + ["u1", "u2", "u2"].map(Self.words), table)
        let utterances = try handler.deliveries.elements.map { try $0.event.decode(Utterance.self) }
        #expect(utterances.map(\.itemID) == ["u1", "u2"])
        #expect(utterances.map(\.head.turn) == [1, 2])
    }

    @Test func anEventThatTheRoutesHandlersAreNotMadeForUsesUpNothing() async throws {
        let done = MemoryHandler(interests: [.routerUtteranceDone])
        let heard = MemoryHandler(interests: [.routerUtteranceHeard])
        let table = try RouteTable(
            handlers: [HandlerBinding("done", done), HandlerBinding("heard", heard)],
            routes: [
                Route("once", match: try pattern(#"{"role": ["user"]}"#), to: ["done"], oncePer: .session),
                Route("heard", to: ["heard"]),
            ])
        _ = try await run([Self.created] + Self.spoken("u1", after: "null") + [Self.words(of: "u1")], table)
        #expect(heard.types == ["router.utterance.heard"])
        #expect(done.types == ["router.utterance.done"])
    }
}
