import EventRouter
import RealtimeEvents
import RouterTesting
import Synchronization
import Testing

/// Timeouts of a live session while no event arrives, by the router's clock.
@Suite(.timeLimit(.minutes(5))) struct SilenceTests {
    /// The user has spoken from 1 to 2 s.
    private static let speech = [
        at(1, Wire.event("input_audio_buffer.speech_started", #""item_id": "u1""#)),
        at(2, Wire.event("input_audio_buffer.speech_stopped", #""item_id": "u1""#)),
    ]

    private static func at(_ seconds: Double, _ event: String) -> String {
        #"{"at": \#(seconds), "direction": "server", "event": \#(event)}"#
    }

    @Test func nobodyAnswersTheUser() async throws {
        let live = try LiveBench(.routerTurnStalled)
        // Events may arrive late: the wait begins when the user's last event has arrived.
        live.clock.advance(by: .seconds(60))
        live.send(Self.speech)
        await live.clock.waitForSleepers()
        live.clock.advance(by: .milliseconds(9999))
        #expect(live.told == [])
        live.clock.advance(by: .milliseconds(1))
        _ = await live.heard.deliveries.wait(for: 1)
        #expect(
            live.told == [
                #"2.1 at 12.0 {"type":"router.turn.stalled","event_id":"test/turn.stalled/u1","session":"test","turn":1,"#
                    + #""cause":"e","after":"speech","waited_ms":10000,"item_id":"u1"}"#
            ])
        // The timeout fires only once, neither again by the next event's time nor by the clock.
        live.send([Self.at(30, Wire.event("ping"))])
        _ = await live.heard.deliveries.wait(for: 2)
        live.clock.advance(by: .seconds(100))
        try await live.end()
        #expect(live.heard.types == ["router.turn.stalled", "ping"])
    }

    @Test func theAnswerCameInTime() async throws {
        let live = try LiveBench(.routerTurnStalled)
        live.send(Self.speech)
        await live.clock.waitForSleepers()
        live.clock.advance(by: .seconds(9))
        live.send([
            Self.at(
                11, Wire.event("response.output_text.delta", #""response_id": "r1", "item_id": "a1", "delta": "Hi""#)),
            Self.at(11, Wire.event("ping")),
        ])
        _ = await live.heard.deliveries.wait(for: 1)
        live.clock.advance(by: .seconds(100))
        live.send([Self.at(111, Wire.event("ping"))])
        try await live.end()
        #expect(live.heard.types == ["ping", "ping"])
    }

    @Test func aSecondWaitIsToldInItsTime() async throws {
        let live = try LiveBench(.routerTurnStalled)
        live.send(Self.speech)
        await live.clock.waitForSleepers()
        live.clock.advance(by: .seconds(8))
        live.send([
            Self.at(10, Wire.event("input_audio_buffer.speech_started", #""item_id": "u2""#)),
            Self.at(10, Wire.event("input_audio_buffer.speech_stopped", #""item_id": "u2""#)),
            Self.at(10, Wire.event("ping")),
        ])
        _ = await live.heard.deliveries.wait(for: 1)
        // The sleep of the first wait ends, and continues as that of the second.
        live.clock.advance(by: .seconds(2))
        await live.clock.waitForSleepers()
        live.clock.advance(by: .seconds(8))
        _ = await live.heard.deliveries.wait(for: 2)
        try await live.end()
        #expect(live.heard.positions == ["5", "5.1"])
        #expect(try live.heard.deliveries.elements[1].event.decode(TurnStalled.self).waitedMs == 10000)
    }

    @Test func theServerDoesNotGoOnAfterACall() async throws {
        let live = try LiveBench(.routerTurnStalled)
        // Events as from a socket: without times, so they get their arrival times.
        live.send(Wire.calling(["c1"], in: "r1"))
        await live.clock.waitForSleepers()
        live.clock.advance(by: .seconds(10))
        _ = await live.heard.deliveries.wait(for: 1)
        try await live.end()
        #expect(
            live.told == [
                #"3.2 at 10.0 {"type":"router.turn.stalled","event_id":"test/turn.stalled/c1","session":"test","turn":0,"#
                    + #""cause":"e","after":"call","waited_ms":10000,"call_id":"c1"}"#
            ])
    }

    @Test func idle_isToldByTheClock() async throws {
        let live = try LiveBench(.routerUserIdle)
        live.send(Self.speech)
        await live.clock.waitForSleepers()
        live.clock.advance(by: .milliseconds(29_999))
        #expect(live.told == [])
        live.clock.advance(by: .milliseconds(1))
        _ = await live.heard.deliveries.wait(for: 1)
        #expect(
            live.told == [
                #"2.2 at 32.0 {"type":"router.user.idle","event_id":"test/user.idle/1","session":"test","turn":1,"#
                    + #""cause":"e","idle_ms":30000,"step":1}"#
            ])
        live.clock.advance(by: .seconds(100))
        live.send([Self.at(200, Wire.event("ping"))])
        try await live.end()
        #expect(live.heard.types == ["router.user.idle", "ping"])
    }

    @Test func idle_doesNotCountTheTimeOfACall() async throws {
        let live = try LiveBench(.routerUserIdle)
        live.send(Wire.calling(["c1"], in: "r1"))
        live.send([Wire.event("ping")])
        _ = await live.heard.deliveries.wait(for: 1)
        live.clock.advance(by: .seconds(50))
        live.send([Wire.event("ping")])
        _ = await live.heard.deliveries.wait(for: 2)
        try await live.end()
        #expect(live.heard.types == ["ping", "ping"])
    }

    @Test func theEndOfASilentSessionComesNear() async throws {
        let live = try LiveBench(.routerSessionExpiring)
        live.send([Self.at(0, Wire.event("session.created", #""session": {"id": "s1", "expires_at": 1767229200}"#))])
        await live.clock.waitForSleepers()
        live.clock.advance(by: .seconds(3300))
        _ = await live.heard.deliveries.wait(for: 1)
        try await live.end()
        #expect(
            live.told == [
                #"1.3 at 3300.0 {"type":"router.session.expiring","event_id":"test/session.expiring","session":"test","#
                    + #""session_id":"s1","turn":0,"cause":"e","expires_in_ms":300000,"expires_at":1767229200}"#
            ])
    }

    @Test(arguments: [true, false]) func anUtteranceIsHeldNoLongerThanItIsSaid(haveTimes: Bool) async throws {
        let session = #""session": {"audio": {"input": {"transcription": {"model": "m"}}}}"#
        let typed =
            #""previous_item_id": "u1", "item": {"id": "u2", "type": "message", "role": "user", "#
            + #""content": [{"type": "input_text", "text": "two"}]}"#
        let lines = [
            Wire.event("session.created", session),
            Wire.event("input_audio_buffer.committed", #""item_id": "u1", "previous_item_id": null"#),
            Wire.event("conversation.item.added", typed),
        ]
        let live = try LiveBench(.routerUtteranceDone)
        live.send(haveTimes ? lines.map { Self.at(1.7, $0) } : lines)
        await live.clock.waitForSleepers()
        live.clock.advance(by: .seconds(10))
        _ = await live.heard.deliveries.wait(for: 1)
        live.send([
            Wire.event(
                "conversation.item.input_audio_transcription.completed", #""item_id": "u1", "transcript": "one""#)
        ])
        try await live.end()
        #expect(try live.heard.deliveries.elements.map { try $0.event.decode(Utterance.self).text } == ["two", "one"])
        #expect(live.heard.positions == ["3.3", "4.2"])
    }

    @Test func theSourceEndsBeforeItIsTime() async throws {
        let live = try LiveBench(.routerTurnStalled)
        live.send(Self.speech)
        await live.clock.waitForSleepers()
        live.clock.advance(by: .seconds(9))
        let report = try await live.end()
        live.clock.advance(by: .seconds(100))
        #expect(live.told == [])
        #expect(report.durationSeconds == 9)
    }

    @Test(arguments: [(false, RouterOptions.Pace.unlimited), (true, .times(.infinity))])
    func aRecordingHasItsOwnTime(isLive: Bool, pace: RouterOptions.Pace) async throws {
        let live = try LiveBench(.routerTurnStalled, isLive: isLive, pace: pace)
        live.send(Self.speech + [Self.at(2, Wire.event("ping"))])
        _ = await live.heard.deliveries.wait(for: 1)
        live.clock.advance(by: .seconds(100))
        live.send([Self.at(11, Wire.event("ping")), Self.at(12, Wire.event("ping"))])
        try await live.end()
        #expect(live.heard.positions == ["3", "4", "5", "5.1"])
        #expect(live.sleeps == 0)
    }

    @Test func manyEventsAreOneSleepAndNoneWhereNobodyListens() async throws {
        for (type, sleeps) in [(EventType.routerSessionExpiring, 1), (.routerSessionStarted, 0)] {
            let live = try LiveBench(type)
            for number in 1...100 {
                live.send([Self.at(Double(number) / 10, Wire.event("ping"))])
                _ = await live.heard.deliveries.wait(for: number)
                live.clock.advance(by: .milliseconds(100))
            }
            try await live.end()
            #expect(live.sleeps == sleeps)
        }
    }
}

/// A live session whose events and clock the test controls.
private struct LiveBench {
    let clock = ManualClock()
    /// Collects the tested derived events, and pings.
    let heard: MemoryHandler
    private let counting: SleepCounter
    private let source: ScriptedSource
    private let router: Router
    private let running: Task<RunReport, any Error>

    init(_ type: EventType, isLive: Bool = true, pace: RouterOptions.Pace = .unlimited) throws {
        let source = ScriptedSource(isInteractive: isLive)
        let heard = MemoryHandler(interests: [type, EventType("ping")])
        let table = try RouteTable(
            handlers: [HandlerBinding("heard", heard)], routes: [Route("all", to: ["heard"])])
        let counting = SleepCounter(clock)
        let router = Router(table, options: RouterOptions(pace: pace), clock: counting)
        (self.source, self.heard, self.counting, self.router) = (source, heard, counting, router)
        running = Task {
            try await router.start()
            return try await router.run(source)
        }
    }

    /// The number of sleeps on the clock.
    var sleeps: Int { counting.count.load(ordering: .relaxed) }

    /// The complete derived events.
    var told: [String] {
        heard.deliveries.elements.map { delivery in
            let time = delivery.event.at.map { " at \($0)" } ?? ""
            return "\(delivery.event.position)\(time) \(String(decoding: delivery.event.bytes, as: UTF8.self))"
        }
    }

    func send(_ lines: [String]) {
        for line in lines { source.send(line) }
    }

    @discardableResult func end() async throws -> RunReport {
        source.end()
        let report = try await running.value
        await router.stop()
        return report
    }
}

/// A clock that counts its sleeps.
private final class SleepCounter: RouterClock {
    let count = Atomic(0)
    private let clock: ManualClock

    init(_ clock: ManualClock) { self.clock = clock }

    var now: Duration { clock.now }
    var wallTime: Double { clock.wallTime }

    func sleep(for duration: Duration) async throws {
        count.add(1, ordering: .relaxed)
        try await clock.sleep(for: duration)
    }
}
