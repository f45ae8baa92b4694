import EventJSON
import EventRouter
import RealtimeEvents
import RouterTesting
import Testing

/// Sessions whose connection the app owns.
@Suite(.timeLimit(.minutes(2))) struct AttachedSessionTests {
    private func created(_ id: String) -> String {
        Wire.event("session.created", #""session": {"id": "\#(id)"}"#)
    }

    private var answers: Answering { Answering { FunctionCallOutcome(done: $0) } }

    private func started(
        _ routes: [(name: String, handler: any EventHandler)], options: RouterOptions = RouterOptions(),
        clock: any RouterClock = ManualClock()
    ) async throws -> Router {
        let table = try RouteTable(
            handlers: routes.map { HandlerBinding($0.name, $0.handler) },
            routes: routes.map { Route($0.name, to: [$0.name]) })
        let router = Router(table, options: options, clock: clock)
        try await router.start()
        return router
    }

    @Test("A session that an app attaches answers calls, and its report has all counts")
    func attachedSession_answersCalls() async throws {
        let router = try await started([("calls", answers)])
        let session = try router.session(key: "call-7", labels: ["tenant": "acme"])
        let sent = Task {
            var types: [String] = []
            for await event in session.outbound { types.append(event.type) }
            return types
        }
        for message in [created("sess_1")] + Wire.calling(["c1"], in: "r1") {
            #expect(session.receive(message, from: .server) == .taken)
        }
        let report = await session.finish()
        #expect(await sent.value == ["conversation.item.create", "response.create"])
        #expect(report.session == "call-7" && report.sent == 2 && report.unsent == 0 && report.sessions == 1)
        #expect(report.events == 1 + Wire.calling(["c1"], in: "r1").count)
        #expect(session.receive(Wire.event("ping"), from: .server) == .sessionEnded)
        await router.stop()
    }

    @Test("Client messages are counted as such, and change the state instead of being routed")
    func clientMessages_areNotRouted() async throws {
        let all = MemoryHandler(interests: [EventType("ping")])
        let router = try await started([("all", all)])
        let session = try router.session(key: "s")
        session.receive(Wire.event("ping"), from: .client)
        session.receive(Wire.event("ping"), from: .server)
        let report = await session.finish()
        await router.stop()
        #expect(all.types == ["ping"])
        #expect(report.events == 1 && report.clientEvents == 1 && report.unmatched == 0)
    }

    @Test(
        "A message that is not a JSON object, or is too large, becomes a dead letter; an envelope is an event without a type"
    )
    func badMessages() async throws {
        let letters = MemoryDeadLetters()
        let table = try RouteTable(
            handlers: [HandlerBinding("all", .events { _ in })],
            routes: [Route("all", match: try pattern(#"{"type": ["ping"]}"#), to: ["all"])], deadLetters: letters)
        let router = Router(table, options: RouterOptions(maxEventBytes: 100), clock: ManualClock())
        try await router.start()
        let session = try router.session(key: "s")
        session.receive("[1]", from: .server)
        session.receive("{\"type\": \"ping\"", from: .server)
        session.receive(#"{"type": "ping", "more": "\#(String(repeating: "x", count: 100))"}"#, from: .server)
        session.receive(#"{"direction": "server", "event": {"type": "ping"}}"#, from: .server)
        let report = await session.finish()
        await router.stop()
        #expect(
            letters.letters.elements.map { "\($0.line) \($0.reason)" } == [
                "1 undecodable", "2 undecodable", "3 oversized",
            ])
        #expect(report.undecodable == 3 && report.events == 1 && report.unmatched == 1)
    }

    @Test("The key of a running session is refused, and is free again after that session's end")
    func takenKey_isRefused() async throws {
        let router = try await started([("all", MemoryHandler(interests: [EventType("ping")]))])
        let first = try router.session(key: "call-7")
        let failure = #expect(throws: RouterFailure.self) { try router.session(key: "call-7") }
        #expect(
            failure?.description
                == "a session with the key `call-7` is running: finish it first, or give this one another key")
        await first.finish()
        let again = try router.session(key: "call-7")
        await again.finish()
        await router.stop()
        let stopped = #expect(throws: RouterFailure.self) { try router.session(key: "call-7") }
        #expect(stopped?.description == "the router was not started: call start() first")
    }

    @Test("Sources with the same key run concurrently under numbered keys, also with consecutive sessions")
    func takenKey_isNumbered() async throws {
        let gate = KeyGate()
        let router = try await started([("all", gate)])
        let sources = (1...3).map { _ in ScriptedSource(key: "s", isInteractive: false) }
        let runs = sources.map { source in Task { try await router.run(source) } }
        for source in sources {
            source.send(created("sess_1"))
            _ = await gate.keys.wait(for: 1)
        }
        _ = await gate.keys.wait(for: 3)
        for source in sources { source.send(created("sess_2")) }
        for source in sources { source.end() }
        for run in runs { #expect(try await run.value.sessions == 2) }
        await router.stop()
        #expect(Set(gate.keys.elements).count == 6)
        #expect(Set(gate.keys.elements) == ["s", "s#2", "s#3", "s#4", "s#2#2", "s#3#2"])
    }

    @Test("A session without events ends as idle")
    func idleSession_ends() async throws {
        let clock = ManualClock()
        let ends = MemoryHandler(interests: [.routerSessionEnded])
        let router = try await started([("ends", ends)], clock: clock)
        let session = try router.session(key: "s", idleLimit: .seconds(300))
        session.receive(created("sess_1"), from: .server)
        await clock.waitForSleepers()
        clock.advance(by: .seconds(200))
        session.receive(Wire.event("ping"), from: .client)
        await clock.waitForSleepers()
        clock.advance(by: .seconds(200))
        await clock.waitForSleepers()
        #expect(ends.types == [])
        clock.advance(by: .seconds(100))
        let delivery = try #require(await ends.deliveries.wait(for: 1).first)
        #expect(try delivery.event.decode(SessionEnded.self).reason == .idle)
        await router.stop()
    }

    @Test("On a new connection the session continues: once_per, turns and its key")
    func renewedConnection_goesOn() async throws {
        let once = MemoryHandler()
        let ends = MemoryHandler(interests: [.routerSessionEnded])
        let table = try RouteTable(
            handlers: [HandlerBinding("once", once), HandlerBinding("ends", ends)],
            routes: [
                Route("once", match: try pattern(#"{"type": ["session.created"]}"#), to: ["once"], oncePer: .session),
                Route("ends", to: ["ends"]),
            ])
        let router = Router(table, clock: ManualClock())
        try await router.start()
        let session = try router.session(key: "s")
        session.receive(created("sess_1"), from: .server)
        session.connectionLost()
        session.connectionRenewed()
        session.receive(created("sess_2"), from: .server)
        let report = await session.finish()
        await router.stop()
        #expect(once.types == ["session.created"])
        #expect(ends.types == ["router.session.ended"])
        #expect(report.sessions == 1)
    }

    @Test("Client events wait while the connection is lost, and are sent once it is restored")
    func lostConnection_keepsEvents() async throws {
        let sends = ClosureHandler { $0.session.send(.other(["type": "note"])) }
        let table = try RouteTable(
            handlers: [HandlerBinding("sends", sends)],
            routes: [Route("pings", match: try pattern(#"{"type": ["ping"]}"#), to: ["sends"])])
        let router = Router(table, clock: ManualClock())
        try await router.start()
        let session = try router.session(key: "s")
        let sent = Collected<String>()
        let reading = Task { for await event in session.outbound { sent.append(event.type) } }
        session.connectionLost()
        session.receive(Wire.event("ping"), from: .server)
        session.connectionRestored()
        session.receive(Wire.event("ping"), from: .server)
        #expect(await sent.wait(for: 2).count == 2)
        await session.finish()
        await reading.value
        await router.stop()
    }

    @Test("Audio loses its payload but keeps its length while many bytes wait; words are never dropped")
    func pressure_takesAudio() async throws {
        let gate = Gate()
        let binding = HandlerBinding("gate", gate, queue: QueuePolicy(capacity: 1, onFull: .block))
        let words = MemoryHandler(interests: [.responseOutputAudioTranscriptDelta])
        let audio = MemoryHandler(interests: [.responseOutputAudioDelta])
        let table = try RouteTable(
            handlers: [binding, HandlerBinding("words", words), HandlerBinding("audio", audio)],
            routes: [
                Route("pings", match: try pattern(#"{"type": ["ping"]}"#), to: ["gate"]), Route("words", to: ["words"]),
                Route("audio", to: ["audio"]),
            ])
        let router = Router(table, clock: ManualClock())
        try await router.start()
        let session = try router.session(key: "s")
        // The handler holds one delivery and its queue another; the third blocks the session.
        for _ in 1...3 { session.receive(Wire.event("ping"), from: .server) }
        _ = await gate.begun.wait(for: 1)
        let payload = String(repeating: "AAAA", count: 50_000)
        let delta = #"{"type": "response.output_audio.delta", "item_id": "i", "delta": "\#(payload)"}"#
        var receipts: [SessionReceipt] = []
        for _ in 1...8 { receipts.append(session.receive(delta, from: .server)) }
        let word = #"{"type": "response.output_audio_transcript.delta", "item_id": "i", "delta": "hello"}"#
        #expect(session.receive(word, from: .server) == .taken)
        #expect(receipts.contains(.taken) && receipts.last == .takenWithoutAudio)
        await gate.open()
        let report = await session.finish()
        await router.stop()
        #expect(report.events == 12)
        #expect(report.audioDropped == receipts.count { $0 == .takenWithoutAudio })
        #expect(words.deliveries.elements.count == 1)
        let deltas = audio.deliveries.elements.map { $0.event.json["delta"] }
        #expect(deltas.count == 8)
        #expect(deltas.last == .number(150_000))
    }

    @Test("A reader that takes nothing delays its session's end by one second")
    func stuckReader_isGivenUp() async throws {
        let clock = ManualClock()
        let router = try await started([("calls", answers)], clock: clock)
        let session = try router.session(key: "s")
        var iterator: OutboundEvents.Iterator? = session.outbound.makeAsyncIterator()
        for message in Wire.calling(["c1"], in: "r1") { session.receive(message, from: .server) }
        #expect(await iterator?.next()?.type == "conversation.item.create")
        let finishing = Task { await session.finish() }
        await clock.waitForSleepers()
        clock.advance(by: .seconds(1))
        let report = await finishing.value
        #expect(report.sent == 1 && report.unsent == 1)
        #expect(await iterator?.next() == nil)
        iterator = nil
        await router.stop()
    }

    @Test("Without a reader the session still ends, and reports the number of unsent events")
    func noReader_isGivenUp() async throws {
        let clock = ManualClock()
        let router = try await started([("calls", answers)], clock: clock)
        let session = try router.session(key: "s")
        for message in Wire.calling(["c1"], in: "r1") { session.receive(message, from: .server) }
        let finishing = Task { await session.finish() }
        await clock.waitForSleepers()
        clock.advance(by: .seconds(1))
        let report = await finishing.value
        #expect(report.sent == 0 && report.unsent == 2)
        await router.stop()
    }

    @Test("More client events than the queue holds are all sent once a lost connection is restored")
    func lostConnection_withAFullQueue() async throws {
        let sends = ClosureHandler { $0.session.send(.other(["type": "note"])) }
        let table = try RouteTable(
            handlers: [HandlerBinding("sends", sends)],
            routes: [Route("pings", match: try pattern(#"{"type": ["ping"]}"#), to: ["sends"])])
        let router = Router(table, options: RouterOptions(outboundCapacity: 2), clock: ManualClock())
        try await router.start()
        let session = try router.session(key: "s")
        let sent = Collected<String>()
        let reading = Task { for await event in session.outbound { sent.append(event.type) } }
        session.connectionLost()
        for _ in 1...20 { session.receive(Wire.event("ping"), from: .server) }
        session.connectionRestored()
        #expect(await sent.wait(for: 20).count == 20)
        #expect(await session.finish().unsent == 0)
        await reading.value
        await router.stop()
    }

    @Test("Without a reader the session ends even if the queue of client events is full")
    func noReader_withAFullQueue() async throws {
        let clock = ManualClock()
        let sends = ClosureHandler { $0.session.send(.other(["type": "note"])) }
        let table = try RouteTable(
            handlers: [HandlerBinding("sends", sends)],
            routes: [Route("pings", match: try pattern(#"{"type": ["ping"]}"#), to: ["sends"])])
        let router = Router(table, options: RouterOptions(outboundCapacity: 2), clock: clock)
        try await router.start()
        let session = try router.session(key: "s")
        for _ in 1...20 { session.receive(Wire.event("ping"), from: .server) }
        let finishing = Task { await session.finish() }
        await clock.waitForSleepers()
        clock.advance(by: .seconds(1))
        let report = await finishing.value
        #expect(report.events == 20 && report.sent == 0 && report.unsent == 20)
        await router.stop()
    }

    @Test("A source with its own connection answers on it")
    func source_readsOutbound() async throws {
        let router = try await started([("calls", answers)])
        let sink = MemoryOutbound()
        let source = Switchboard()
        let report = try await router.run(source, outbound: sink)
        await router.stop()
        #expect(source.sent.elements == ["conversation.item.create", "response.create"])
        #expect(sink.events.elements.isEmpty)
        #expect(report.sent == 2 && report.sessions == 1)
    }
}

/// A source with its own connection, on which the model calls a function.
private struct Switchboard: SessionSource {
    let sent = Collected<String>()
    var name: String { "switchboard" }
    var isLive: Bool { true }

    func run(_ context: SourceContext) async throws {
        var description = SessionDescription(key: "call-1", source: name)
        description.readsOutbound = true
        let session = try context.open(description)
        let sending = Task { for await event in session.outbound { sent.append(event.type) } }
        for message in Wire.calling(["c1"], in: "r1") { session.receive(message, from: .server) }
        await session.finish()
        await sending.value
    }
}

/// Notes the keys of the sessions that began.
private struct KeyGate: EventHandler {
    let interests: [EventType] = [.routerSessionStarted]
    let keys = Collected<String>()

    func handle(_ delivery: EventDelivery) async throws { keys.append(delivery.session.key) }
}
