import EventRouter
import RealtimeEvents
import RouterTesting
import Testing

@Suite struct AnsweringTests {
    private func table(_ handlers: [HandlerBinding], _ routes: [Route]) throws -> RouteTable {
        try RouteTable(handlers: handlers, routes: routes)
    }

    @Test func aCallIsAnsweredAndTheModelIsAskedToGoOn() async throws {
        let calls = Answering()
        let outbound = MemoryOutbound()
        let table = try table([HandlerBinding("calls", calls)], [Route("calls", to: ["calls"])])
        let report = try await run(Wire.calling(["c1"], in: "r1"), table, outbound: outbound)
        #expect(outbound.events.elements.map(\.gist) == ["output c1: ok", "create"])
        #expect(report.sent == 2)
    }

    @Test func nineteenCallsInNineteenResponsesAreAnsweredInTheirOrder() async throws {
        let calls = Answering()
        let outbound = MemoryOutbound()
        let table = try table([HandlerBinding("calls", calls)], [Route("calls", to: ["calls"])])
        let lines = (1...19).flatMap { Wire.calling(["c\($0)"], in: "r\($0)") }
        _ = try await run(lines, table, outbound: outbound)
        #expect(outbound.events.elements.map(\.gist) == (1...19).flatMap { ["output c\($0): ok", "create"] })
        #expect(calls.taken.elements == (1...19).map { "c\($0)" })
    }

    @Test func ofTwoHandlersThatMatchTheFirstTakesTheCall() async throws {
        let first = Answering { FunctionCallOutcome(done: $0, "first") }
        let second = Answering { FunctionCallOutcome(done: $0, "second") }
        let outbound = MemoryOutbound()
        let table = try table(
            [HandlerBinding("second", second), HandlerBinding("first", first)],
            [Route("one", to: ["first"]), Route("two", to: ["second", "first"])])
        let report = try await run(Wire.calling(["c1"], in: "r1"), table, outbound: outbound)
        #expect(outbound.events.elements.map(\.gist) == ["output c1: first", "create"])
        #expect(report.handlers.map(\.counts.matched) == [0, 1])
    }

    @Test func aCallThatNobodyTakesIsLeftToTheClient() async throws {
        let outbound = MemoryOutbound()
        let watcher = MemoryHandler(interests: [.routerFunctionCallReady])
        let table = try table([HandlerBinding("watcher", watcher)], [Route("watch", to: ["watcher"])])
        _ = try await run(Wire.calling(["c1"], in: "r1"), table, outbound: outbound)
        #expect(watcher.types == ["router.function_call.ready"])
        #expect(outbound.events.elements.isEmpty)
    }

    @Test func aCallThatTheRecordingAnsweredIsNotRun() async throws {
        let calls = Answering()
        let outcomes = MemoryHandler(interests: [.routerFunctionCallDone])
        let table = try table(
            [HandlerBinding("calls", calls), HandlerBinding("outcomes", outcomes)],
            [Route("calls", to: ["calls"]), Route("outcomes", to: ["outcomes"])])
        _ = try await run(Wire.calling(["c1"], in: "r1"), table, recordedOutputs: ["c1": "12 degrees"])
        #expect(calls.taken.elements.isEmpty)
        let outcome = try outcomes.deliveries.elements[0].event.decode(FunctionCallOutcome.self)
        #expect(outcome.state == .replayed)
        #expect(outcome.output == "12 degrees")
        let rerun = RouterOptions(rerunsCalls: true)
        _ = try await run(Wire.calling(["c1"], in: "r1"), table, options: rerun, recordedOutputs: ["c1": "12 degrees"])
        #expect(calls.taken.elements == ["c1"])
    }

    @Test func aStuckHandlerWithAFullQueueDoesNotHoldUpAnAnswer() async throws {
        let gate = Gate()
        let calls = Answering()
        let outbound = MemoryOutbound()
        let table = try table(
            [
                HandlerBinding("stuck", gate, queue: QueuePolicy(capacity: 1, onFull: .block)),
                HandlerBinding("calls", calls),
            ],
            [
                Route("calls", to: ["calls"]),
                Route("all", match: try pattern(#"{"type": [{"exists": true}]}"#), to: ["stuck"]),
            ])
        let source = ScriptedSource()
        let router = Router(table, clock: ManualClock())
        try await router.start()
        async let report = router.run(source, outbound: outbound)
        // The call is ready at the second line. The lines after it find the stuck handler's queue full.
        for line in Wire.calling(["c1"], in: "r1").dropLast() { source.send(line) }
        for _ in 1...20 { source.send(Wire.event("ping")) }
        #expect(await outbound.events.wait(for: 1).map(\.gist) == ["output c1: ok"])
        await gate.open()
        source.end()
        let counts = try await report.handlers[0].counts
        await router.stop()
        #expect(counts.delivered == counts.matched)
    }

    @Test func aReadyCallThatFindsNoRoomIsAnsweredWithAnError() async throws {
        let outbound = MemoryOutbound()
        let gate = Gate()
        let slow = SlowTaker(gate: gate)
        let table = try table(
            [HandlerBinding("calls", slow, queue: QueuePolicy(capacity: 1))],
            [Route("calls", to: ["calls"])])
        let source = ScriptedSource()
        let router = Router(table, clock: ManualClock())
        try await router.start()
        async let report = router.run(source, outbound: outbound)
        source.send(Wire.responseCreated("r1"))
        source.send(Wire.call("c1", in: "r1"))
        _ = await gate.begun.wait(for: 1)
        for id in ["c2", "c3"] { source.send(Wire.call(id, in: "r1")) }
        #expect(
            await outbound.events.wait(for: 1).map(\.gist)
                == [#"output c3: {"error":"too many calls are waiting; try again later (reference c3)"}"#])
        await gate.open()
        source.send(Wire.responseDone("r1"))
        #expect(
            await outbound.events.wait(for: 4).map(\.gist).suffix(3) == ["output c1: ok", "output c2: ok", "create"])
        source.end()
        #expect(try await report.handlers[0].counts == HandlerCounts(matched: 3, delivered: 2, dropped: 1))
        await router.stop()
    }

    @Test func handlersThatRunCallsAreToldOfInterruptions() async throws {
        let told = InterruptionWatcher()
        let table = try table([HandlerBinding("calls", told)], [Route("calls", to: ["calls"])])
        let lines = [
            Wire.responseCreated("r1"), Wire.event("input_audio_buffer.speech_started", #""item_id": "u1""#),
            Wire.responseDone("r1", status: "cancelled"), Wire.event("ping"),
        ]
        let source = ScriptedSource()
        for line in lines { source.send(line) }
        source.end()
        let router = Router(table, clock: ManualClock())
        try await router.start()
        _ = try await router.run(source)
        #expect(told.told.elements == ["test 2", "test 3"])
        _ = try await router.run(ScriptedSource(lines))
        await router.stop()
        #expect(told.told.elements.count == 2, "the time of a recording is not that of the calls")
    }

    @Test func whatAHandlerSendsGoesOut() async throws {
        let handler = ClosureHandler { delivery in
            delivery.session.send(.inputAudioBufferClear(InputAudioBufferClear()))
            delivery.session.requestResponse()
        }
        let outbound = MemoryOutbound()
        let table = try table(
            [HandlerBinding("h", handler)], [Route("x", match: try pattern(#"{"type": ["x"]}"#), to: ["h"])])
        _ = try await run([Wire.event("x")], table, outbound: outbound)
        #expect(outbound.events.elements.map(\.gist) == ["input_audio_buffer.clear", "create"])
    }
}

/// Takes calls, but waits at a gate in `handle`.
private struct SlowTaker: FunctionCallHandling {
    let gate: Gate
    let interests: [EventType] = [.routerFunctionCallReady]

    func handle(_ delivery: EventDelivery) async throws {
        try await gate.handle(delivery)
        delivery.session.complete(FunctionCallOutcome(done: try delivery.event.decode(FunctionCall.self)))
    }
}

/// Collects the interruptions that it is notified of.
private struct InterruptionWatcher: FunctionCallHandling {
    let told = Collected<String>()
    let interests: [EventType] = [.routerFunctionCallReady]

    func handle(_ delivery: EventDelivery) async throws {}

    func userInterrupted(_ session: RouterSession, at sequence: Int) {
        told.append("\(session.key) \(sequence)")
    }
}
