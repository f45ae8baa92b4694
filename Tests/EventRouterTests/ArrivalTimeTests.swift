import EventRouter
import RealtimeEvents
import RouterTesting
import Testing

/// The times of events without a time.
@Suite struct ArrivalTimeTests {
    private func times(isInteractive: Bool, _ lines: [String]) async throws -> [Double?] {
        let clock = ManualClock()
        let seen = MemoryHandler(interests: [EventType("ping")])
        let table = try RouteTable(handlers: [HandlerBinding("seen", seen)], routes: [Route("all", to: ["seen"])])
        let source = ScriptedSource(isInteractive: isInteractive)
        let router = Router(table, clock: clock)
        try await router.start()
        async let report = router.run(source)
        for (index, line) in lines.enumerated() {
            source.send(line)
            _ = await seen.deliveries.wait(for: index + 1)
            clock.advance(by: .milliseconds(1250))
        }
        source.end()
        _ = try await report
        await router.stop()
        return seen.deliveries.elements.map(\.event.at)
    }

    @Test(
        "A live event without a time gets its arrival time, counted from the last event with a time")
    func liveEvents_areStamped() async throws {
        let lines = [
            Wire.event("ping"), Wire.event("ping"), #"{"at": 100, "event": \#(Wire.event("ping"))}"#,
            #"{"event": \#(Wire.event("ping"))}"#,
        ]
        #expect(try await times(isInteractive: true, lines) == [0, 1.25, 100, 101.25])
    }

    @Test("A recorded event without a time has none")
    func recordedEvents_areNotStamped() async throws {
        let lines = [Wire.event("ping"), #"{"at": 3, "event": \#(Wire.event("ping"))}"#, Wire.event("ping")]
        #expect(try await times(isInteractive: false, lines) == [nil, 3, nil])
    }

    @Test("A bare live session has latencies")
    func bareLiveSession_hasLatency() async throws {
        let clock = ManualClock()
        let turns = MemoryHandler(interests: [.routerTurnDone, EventType("ping")])
        let table = try RouteTable(handlers: [HandlerBinding("turns", turns)], routes: [Route("all", to: ["turns"])])
        let source = ScriptedSource()
        let router = Router(table, clock: clock)
        try await router.start()
        async let report = router.run(source)
        source.send(Wire.event("input_audio_buffer.speech_started", #""item_id": "u1""#))
        source.send(Wire.event("input_audio_buffer.speech_stopped", #""item_id": "u1""#))
        source.send(Wire.event("ping"))
        _ = await turns.deliveries.wait(for: 1)
        clock.advance(by: .milliseconds(320))
        let delta = #""response_id": "r1", "item_id": "a1", "output_index": 0, "content_index": 0, "delta": "AAAA""#
        for line in [
            Wire.responseCreated("r1"), Wire.event("response.output_audio.delta", delta), Wire.spoken(in: "r1"),
            Wire.responseDone("r1"),
        ] {
            source.send(line)
        }
        source.end()
        _ = try await report
        await router.stop()
        let turn = try #require(turns.deliveries.elements.last { $0.event.type == .routerTurnDone })
        #expect(try turn.event.decode(Turn.self).latencyMs == 320)
    }
}
