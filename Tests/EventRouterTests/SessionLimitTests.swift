import EventJSON
import EventRouter
import Logging
import RealtimeEvents
import RouterTesting
import ScratchFolders
import Testing

/// Limits on a live session's duration and cost: `router.session.limit`, and the end.
@Suite(.timeLimit(.minutes(2))) struct SessionLimitTests {
    private static let created = Wire.event("session.created", #""session": {"id": "sess_1"}"#)

    private func started(
        _ heard: MemoryHandler, _ others: [any EventHandler] = [], clock: any RouterClock
    ) async throws -> Router {
        let handlers = [HandlerBinding("heard", heard)] + others.enumerated().map { HandlerBinding("h\($0)", $1) }
        let table = try RouteTable(
            handlers: handlers, routes: handlers.map { Route($0.name, to: [$0.name]) })
        let router = Router(table, clock: clock)
        try await router.start()
        return router
    }

    private var heard: MemoryHandler {
        MemoryHandler(interests: [.routerSessionLimit, .routerSessionEnded, EventType("ping")])
    }

    @Test func maxDuration_isToldBefore_andEndsTheSession() async throws {
        let (clock, heard) = (ManualClock(), heard)
        let router = try await started(heard, clock: clock)
        let session = try router.session(key: "s", limits: SessionLimits(maxDuration: .seconds(60)))
        let end = Task { await session.waitForEnd() }
        session.receive(Self.created, from: .server)
        await clock.waitForSleepers()
        clock.advance(by: .milliseconds(29_999))
        await clock.waitForSleepers()
        #expect(heard.types == [])
        clock.advance(by: .milliseconds(1))
        let notice = try #require(await heard.deliveries.wait(for: 1).first).event
        #expect(
            String(decoding: notice.bytes, as: UTF8.self)
                == #"{"type":"router.session.limit","event_id":"s/session.limit/max_duration","session":"s","#
                + #""session_id":"sess_1","turn":0,"cause":"e","limit":"max_duration","remaining_ms":30000,"#
                + #""max_duration_ms":60000}"#)
        #expect(notice.at == 30)
        await clock.waitForSleepers()
        clock.advance(by: .seconds(30))
        #expect(await end.value == .maxDuration)
        let ended = try #require(await heard.deliveries.wait(for: 2).last).event
        #expect(try ended.decode(SessionEnded.self).reason == .maxDuration)
        #expect(session.receive(Self.created, from: .server) == .sessionEnded)
        #expect(session.hasReachedLimit)
        await session.finish()
        await router.stop()
    }

    @Test func maxDuration_shorterThanTheNotice_isToldAtOnce() async throws {
        let (clock, heard) = (ManualClock(), heard)
        let router = try await started(heard, clock: clock)
        let session = try router.session(key: "s", limits: SessionLimits(maxDuration: .seconds(20)))
        await clock.waitForSleepers()
        clock.advance(by: .seconds(5))
        session.receive(Self.created, from: .server)
        let notice = try #require(await heard.deliveries.wait(for: 1).first).event
        #expect(try notice.decode(SessionLimitApproaching.self).remainingMs == 15000)
        await clock.waitForSleepers()
        clock.advance(by: .seconds(15))
        #expect(await session.waitForEnd() == .maxDuration)
        await router.stop()
    }

    @Test("A session without any event also ends, without any derived event")
    func maxDuration_withoutEvents() async throws {
        let (clock, heard) = (ManualClock(), heard)
        let router = try await started(heard, clock: clock)
        let session = try router.session(key: "s", limits: SessionLimits(maxDuration: .seconds(60)))
        await clock.waitForSleepers()
        clock.advance(by: .seconds(60))
        #expect(await session.waitForEnd() == .maxDuration)
        await router.stop()
        #expect(heard.types == [])
    }

    @Test("Continuous messages do not extend a session, and all messages before its end are routed")
    func maxDuration_ofABusySession() async throws {
        let (clock, heard) = (ManualClock(), heard)
        let router = try await started(heard, clock: clock)
        let session = try router.session(key: "s", limits: SessionLimits(maxDuration: .seconds(60)))
        session.receive(Self.created, from: .server)
        var taken = 0
        for _ in 0..<20 {
            clock.advance(by: .seconds(5))
            guard session.receive(Wire.event("ping"), from: .server) == .taken else { break }
            taken += 1
            _ = await heard.deliveries.wait(for: taken)
        }
        #expect(await session.waitForEnd() == .maxDuration)
        await session.finish()
        await router.stop()
        #expect((11...13).contains(taken))
        #expect(heard.types.filter { $0 == "ping" }.count == taken)
        #expect(heard.types.filter { $0 == "router.session.limit" }.count == 1)
        #expect(heard.types.last == "router.session.ended")
    }

    @Test("A running call does not delay the notice: the connection is closed, then the call ends")
    func maxDuration_whileACallRuns() async throws {
        let clock = ManualClock()
        let gate = Gate()
        let calls = Answering { call in
            await gate.pass()
            return FunctionCallOutcome(done: call)
        }
        let router = try await started(heard, [calls], clock: clock)
        let session = try router.session(key: "s", limits: SessionLimits(maxDuration: .seconds(60)))
        let reading = Task { for await _ in session.outbound {} }
        for message in Wire.calling(["c1"], in: "r1") { session.receive(message, from: .server) }
        _ = await calls.taken.wait(for: 1)
        await clock.waitForSleepers()
        clock.advance(by: .seconds(60))
        #expect(await session.waitForEnd() == .maxDuration)
        await gate.open()
        await session.finish()
        await reading.value
        await router.stop()
    }

    @Test func waitForEnd_saysWhyOnlyIfTheSessionEndedByItself() async throws {
        let clock = ManualClock()
        let router = try await started(heard, clock: clock)
        let own = try router.session(key: "own")
        let waiting = Task { await own.waitForEnd() }
        await own.finish(reason: .hungUp)
        #expect(await waiting.value == nil)
        #expect(!own.hasReachedLimit)
        let idle = try router.session(key: "idle", idleLimit: .seconds(10))
        await clock.waitForSleepers()
        clock.advance(by: .seconds(10))
        #expect(await idle.waitForEnd() == .idle)
        let cancelled = try router.session(key: "cancelled")
        let task = Task { await cancelled.waitForEnd() }
        task.cancel()
        #expect(await task.value == nil)
        await router.stop()
        #expect(await cancelled.waitForEnd() == .interrupted)
    }

    // MARK: Cost

    /// A meter that reads the cost from events: `{"cost": 0.4}`.
    private struct Prices: PriceKeeping, SessionPricing {
        struct Meter: SessionCostMeter {
            var cost = 0.0

            mutating func add(_ event: RealtimeEvent) -> UnpricedUsage? {
                guard event.type == .responseDone else { return nil }
                guard let more = event.json["cost"]?.double else { return UnpricedUsage(model: "m") }
                cost += more
                return nil
            }
        }

        let interests: [EventType] = [EventType("never")]
        var pricing: (any SessionPricing)? { self }

        func handle(_ delivery: EventDelivery) async throws {}
        func hasPrice(forModel model: String) -> Bool { true }
        func makeMeter() -> any SessionCostMeter { Meter() }
    }

    private static func response(_ cost: Double) -> String {
        Wire.event("response.done", #""cost": \#(cost), "response": {"id": "r\#(cost)"}"#)
    }

    @Test func maxCost_isToldAtNineTenths_andEndsTheSession() async throws {
        let (clock, heard) = (ManualClock(), heard)
        let router = try await started(heard, [Prices()], clock: clock)
        let session = try router.session(key: "s", limits: SessionLimits(maxCost: 2))
        for message in [Self.created, Self.response(1), Self.response(0.75), Wire.event("ping")] {
            session.receive(message, from: .server)
        }
        _ = await heard.deliveries.wait(for: 1)
        #expect(heard.types == ["ping"])
        session.receive(Self.response(0.125), from: .server)
        let notice = try #require(await heard.deliveries.wait(for: 2).last).event
        #expect(
            String(decoding: notice.bytes, as: UTF8.self)
                == #"{"type":"router.session.limit","event_id":"s/session.limit/max_cost","session":"s","#
                + #""session_id":"sess_1","turn":0,"cause":"e","limit":"max_cost","cost":1.875,"max_cost":2.0}"#)
        session.receive(Self.response(0.25), from: .server)
        #expect(await session.waitForEnd() == .maxCost)
        let ended = try #require(await heard.deliveries.wait(for: 3).last).event
        #expect(try ended.decode(SessionEnded.self).reason == .maxCost)
        await router.stop()
    }

    @Test("One response that exceeds the cost limit is announced, and ends the session")
    func maxCost_byOneResponse() async throws {
        let heard = heard
        let router = try await started(heard, [Prices()], clock: ManualClock())
        let session = try router.session(key: "s", limits: SessionLimits(maxCost: 2))
        session.receive(Self.created, from: .server)
        session.receive(Self.response(5), from: .server)
        #expect(await session.waitForEnd() == .maxCost)
        await session.finish()
        await router.stop()
        #expect(heard.types == ["router.session.limit", "router.session.ended"])
    }

    @Test func maxCost_withoutPrices_isLoggedOnce() async throws {
        let log = Collected<String>()
        let table = try RouteTable(
            handlers: [HandlerBinding("h", MemoryHandler(interests: [EventType("never")]))],
            routes: [Route("all", to: ["h"])])
        let router = Router(
            table, clock: ManualClock(), logger: Logger(label: "test", factory: { _ in CollectingLog(log) }))
        try await router.start()
        for key in ["a", "b"] {
            let session = try router.session(key: key, limits: SessionLimits(maxCost: 2))
            session.receive(Self.response(5), from: .server)
            await session.finish()
        }
        await router.stop()
        #expect(log.elements == ["warning  `max_cost` cannot be kept: no handler has `prices` session=a"])
    }

    @Test func maxCost_ofAModelWithoutPrice_isLoggedOnce() async throws {
        let log = Collected<String>()
        let table = try RouteTable(handlers: [HandlerBinding("p", Prices())], routes: [Route("all", to: ["p"])])
        let router = Router(
            table, clock: ManualClock(), logger: Logger(label: "test", factory: { _ in CollectingLog(log) }))
        try await router.start()
        let session = try router.session(key: "a", limits: SessionLimits(maxCost: 2))
        for _ in 0..<2 { session.receive(Wire.responseDone("r"), from: .server) }
        await session.finish()
        await router.stop()
        #expect(
            log.elements
                == ["warning  `max_cost` does not count a usage that has no price in `prices` model=m session=a"])
    }

    // MARK: Sources

    @Test("The limits of a source apply to its sessions, and lines after a session's end do not begin another")
    func limits_ofAPipe() async throws {
        let (clock, heard) = (ManualClock(), heard)
        let router = try await started(heard, [Prices()], clock: clock)
        let pipe = ScriptedSource(key: "pipe", isInteractive: true)
        let binding = SourceBinding("pipe", pipe, limits: SessionLimits(maxCost: 2))
        let running = Task { try await router.run(SourceGroup([binding])) }
        let line = { (session: String, event: String) in #"{"session": "\#(session)", "event": \#(event)}"# }
        pipe.send(line("a", Self.response(5)))
        pipe.send(line("b", Wire.event("ping")))
        _ = await heard.deliveries.wait(for: 3)
        for session in ["a", "b"] { pipe.send(line(session, Wire.event("ping"))) }
        _ = await heard.deliveries.wait(for: 4)
        pipe.send(#"{"session": "a", "end": true}"#)
        pipe.send(line("a", Wire.event("ping")))
        _ = await heard.deliveries.wait(for: 5)
        pipe.end()
        let report = try await running.value
        await router.stop()
        let pings = heard.deliveries.elements.filter { $0.event.type.name == "ping" }.map(\.session.key)
        #expect(pings.sorted() == ["a#2", "b", "b"])
        #expect(report.failures.isEmpty)
    }

    @Test("A source with one session ends when the session reaches its limit, even without further messages")
    func limits_endAPipe() async throws {
        let clock = ManualClock()
        let router = try await started(heard, clock: clock)
        let pipe = ScriptedSource(key: "pipe", isInteractive: true)
        let binding = SourceBinding("pipe", pipe, limits: SessionLimits(maxDuration: .seconds(60)))
        let running = Task { try await router.run(SourceGroup([binding])) }
        pipe.send(Self.created)
        await clock.waitForSleepers()
        clock.advance(by: .seconds(60))
        #expect(try await running.value.events == 1)
        await router.stop()
    }

    @Test func limits_doNotHoldForRecordings() async throws {
        let clock = ManualClock()
        let heard = heard
        let router = try await started(heard, [Prices()], clock: clock)
        let source = ScriptedSource([Self.response(5), Wire.event("ping")])
        let binding = SourceBinding("file", source, limits: SessionLimits(maxCost: 1))
        _ = try await router.run(SourceGroup([binding]))
        await router.stop()
        #expect(heard.types == ["ping", "router.session.ended"])
    }

    @Test("The recording contains the limit and the end of a session, and a replay yields the same events")
    func limits_areRecorded() async throws {
        let scratch = try ScratchFolder()
        let (clock, heard) = (ManualClock(), heard)
        let router = try await started(heard, [Prices()], clock: clock)
        let file = try RecordingFile(path: scratch.path + "/r.jsonl", session: "s")
        let session = try router.session(
            key: "s", recording: file, limits: SessionLimits(maxDuration: .seconds(60), maxCost: 2))
        session.receive(Self.created, from: .server)
        await clock.waitForSleepers()
        clock.advance(by: .seconds(30))
        _ = await heard.deliveries.wait(for: 1)
        session.receive(Self.response(1.875), from: .server)
        _ = await heard.deliveries.wait(for: 2)
        await clock.waitForSleepers()
        clock.advance(by: .seconds(30))
        #expect(await session.waitForEnd() == .maxDuration)
        await session.finish()
        file.close()
        let lines = scratch.lines("r.jsonl")
        #expect(
            lines.filter { !$0.contains("event") }.dropFirst() == [
                #"{"session":"s","at":30.0,"limit":"max_duration","remaining_ms":30000,"max_duration_ms":60000}"#,
                #"{"session":"s","at":30.0,"limit":"max_cost","cost":1.875,"max_cost":2.0}"#,
                #"{"session":"s","at":60.0,"end":true,"reason":"max_duration"}"#,
            ])
        let live = heard.deliveries.elements.map { String(decoding: $0.event.bytes, as: UTF8.self) }
        _ = try await router.run(RecordedSession(path: scratch.path + "/r.jsonl"))
        await router.stop()
        let all = heard.deliveries.elements.map { String(decoding: $0.event.bytes, as: UTF8.self) }
        #expect(live.count == 3)
        // The recording has a header line and one line for each limit.
        #expect(all.dropFirst(3).map { $0.replacing(#""cause":4"#, with: #""cause":2"#) } == live)
    }

    @Test func pendingWords_areKnownFromAnyThread() async throws {
        let heard = heard
        let router = try await started(heard, clock: ManualClock())
        let session = try router.session(key: "s")
        #expect(!session.hasPendingWords)
        let transcription = #""session": {"id": "s1", "audio": {"input": {"transcription": {"model": "m"}}}}"#
        session.receive(Wire.event("session.created", transcription), from: .server)
        session.receive(Wire.event("input_audio_buffer.committed", #""item_id": "u1""#), from: .server)
        #expect(session.hasPendingWords)
        session.receive(Wire.event("ping"), from: .server)
        _ = await heard.deliveries.wait(for: 1)
        #expect(session.hasPendingWords)
        let words = #""item_id": "u1", "content_index": 0, "transcript": "Hello""#
        session.receive(
            Wire.event("conversation.item.input_audio_transcription.completed", words), from: .server)
        while session.hasPendingWords { await Task.yield() }
        session.receive(Wire.event("input_audio_buffer.committed", #""item_id": "u2""#), from: .server)
        await session.finish()
        #expect(!session.hasPendingWords)
        await router.stop()
        let ended = try #require(heard.deliveries.elements.last).event
        #expect(try ended.decode(SessionEnded.self).wordsPending == 1)
    }
}
