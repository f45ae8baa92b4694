import EventRouter
import RealtimeEvents
import RouterTesting
import Testing

/// Starting, stopping and shutting down, in every order.
@Suite(.timeLimit(.minutes(5))) struct LifeTests {
    private func table(_ handler: any EventHandler) throws -> RouteTable {
        try RouteTable(
            handlers: [HandlerBinding("h", handler)],
            routes: [Route("x", match: try pattern(#"{"type": ["x"]}"#), to: ["h"])])
    }

    @Test func aShutdownReturnsWhenAllRunsAreOver() async throws {
        let handler = MemoryHandler()
        let router = Router(try table(handler), clock: ManualClock())
        try await router.start()
        let source = ScriptedSource()
        async let report = router.run(source)
        source.send(Wire.event("x"))
        _ = await handler.deliveries.wait(for: 1)
        // The clock does not advance, so the deadline does not end this.
        await router.shutDown(within: .seconds(10))
        #expect(try await report.wasInterrupted)
        await router.stop()
    }

    @Test func aRunAfterAShutdownEndsAtOnceUntilTheRouterIsStartedAgain() async throws {
        let handler = MemoryHandler()
        let router = Router(try table(handler), clock: ManualClock())
        try await router.start()
        await router.shutDown(within: .seconds(10))
        let refused = try await router.run(ScriptedSource())
        #expect(refused.wasInterrupted)
        #expect(refused.events == 0)
        await router.stop()
        try await router.start()
        let report = try await router.run(ScriptedSource([Wire.event("x")]))
        await router.stop()
        #expect(!report.wasInterrupted)
        #expect(handler.types == ["x"])
    }

    @Test func aRouterWhoseStartFailedIsNotStarted() async throws {
        struct Refusal: Error {}
        let log = Collected<String>()
        struct Reluctant: EventHandler {
            let log: Collected<String>
            func start() async throws {
                log.append("start")
                if log.elements.count == 1 { throw Refusal() }
            }
            func handle(_ delivery: EventDelivery) async throws { log.append(delivery.event.type.name) }
            func stop() async { log.append("stop") }
        }
        let router = Router(try table(Reluctant(log: log)), clock: ManualClock())
        await #expect(throws: RouterFailure.self) { try await router.start() }
        await #expect(throws: RouterFailure.self) { try await router.run(ScriptedSource([Wire.event("x")])) }
        await router.stop()
        #expect(log.elements == ["start"])
        try await router.start()
        _ = try await router.run(ScriptedSource([Wire.event("x")]))
        await router.stop()
        #expect(log.elements == ["start", "start", "x", "stop"])
    }

    @Test("Concurrent starts start the handlers once, and all return when they have started")
    func start_calledTwice_startsOnce() async throws {
        let handler = SlowStarter()
        let router = Router(try table(handler), clock: ManualClock())
        let starts = (1...2).map { _ in
            Task {
                try await router.start()
                return try await router.run(ScriptedSource([Wire.event("x")])).handlers[0].counts.delivered
            }
        }
        _ = await handler.log.wait(for: 1)
        await handler.gate.open()
        for start in starts { #expect(try await start.value == 1) }
        await router.stop()
        #expect(handler.log.elements == ["start", "x", "x", "stop"])
    }

    @Test("Concurrent starts all throw the error of the call that started the handlers")
    func start_calledTwice_throwsTwice() async throws {
        let handler = SlowStarter(isFailing: true)
        let router = Router(try table(handler), clock: ManualClock())
        let starts = (1...2).map { _ in Task { try await router.start() } }
        _ = await handler.log.wait(for: 1)
        // The other start has begun by then, or begins its own start, which also fails.
        await handler.gate.open()
        for start in starts {
            let error = await #expect(throws: RouterFailure.self) { try await start.value }
            #expect(error?.description == "handler `h` did not start: no socket")
        }
    }

    @Test("Stopping first ends the running sessions")
    func stop_drainsRunningSessions() async throws {
        let gate = Gate()
        let stopped = Collected<String>()
        let router = Router(try table(Stoppable(gate: gate, stopped: stopped)), clock: ManualClock())
        try await router.start()
        let source = ScriptedSource()
        async let report = router.run(source)
        for _ in 1...3 { source.send(Wire.event("x")) }
        _ = await gate.begun.wait(for: 1)
        let stops = (1...2).map { _ in Task { await router.stop() } }
        await gate.open()
        #expect(try await report.wasInterrupted)
        let counts = try await report.handlers[0].counts
        #expect(counts.delivered == counts.matched && counts.matched >= 1)
        for stop in stops { await stop.value }
        #expect(stopped.elements == ["after \(counts.delivered)"])
        let error = await #expect(throws: RouterFailure.self) { try await router.run(ScriptedSource()) }
        #expect(error?.description == "the router was not started: call start() first")
    }

    @Test func nothingComesBehindTheEndOfTheSession() async throws {
        let handler = LateAnswer()
        let outbound = MemoryOutbound()
        let table = try RouteTable(handlers: [HandlerBinding("h", handler)], routes: [Route("all", to: ["h"])])
        let report = try await run(Wire.calling(["c1"], in: "r1"), table, outbound: outbound)
        #expect(handler.types.elements == ["router.function_call.ready", "router.session.ended"])
        #expect(outbound.events.elements.map(\.gist) == ["output c1: late", "create"])
        #expect(report.handlers[0].counts == HandlerCounts(matched: 2, delivered: 2))
    }

    @Test(arguments: [0.0, -1.0, .nan])
    func aPaceThatIsNoneDoesNotWait(_ factor: Double) async throws {
        let line = #"{"at": 5, "direction": "server", "event": {"type": "x"}}"#
        let report = try await run([line], try table(MemoryHandler()), options: RouterOptions(pace: .times(factor)))
        #expect(report.events == 1)
    }

    @Test(arguments: ["1e300", "1e30", "4000000000"])
    func aTimeThatNeverComesCanBeWaitedFor(_ time: String) async throws {
        let clock = ManualClock()
        let router = Router(try table(MemoryHandler()), options: RouterOptions(pace: .times(1)), clock: clock)
        try await router.start()
        let line = "{\"at\": \(time), \"direction\": \"server\", \"event\": {\"type\": \"x\"}}"
        async let report = router.run(ScriptedSource([line]))
        await clock.waitForSleepers()
        await router.shutDown(within: .seconds(10))
        #expect(try await report.events == 0)
        await router.stop()
    }
}

/// Completes a call that it did not take, after the session has ended.
private struct LateAnswer: EventHandler {
    let types = Collected<String>()
    let interests: [EventType] = [.routerFunctionCallReady, .routerFunctionCallDone, .routerSessionEnded]

    func handle(_ delivery: EventDelivery) async throws {
        types.append(delivery.event.type.name)
        guard delivery.event.type == .routerSessionEnded else { return }
        delivery.session.complete(FunctionCallOutcome(callID: "c1", state: .completed, output: "late"))
    }
}

/// Starts when the gate opens.
private struct SlowStarter: EventHandler {
    struct Refusal: Error, CustomStringConvertible { let description = "no socket" }
    let log = Collected<String>()
    let gate = Gate()
    var isFailing = false

    init(isFailing: Bool = false) { self.isFailing = isFailing }

    func start() async throws {
        log.append("start")
        await gate.pass()
        if isFailing { throw Refusal() }
    }
    func handle(_ delivery: EventDelivery) async throws { log.append(delivery.event.type.name) }
    func stop() async { log.append("stop") }
}

/// Waits at a gate with each delivery, and notes when it is stopped.
private struct Stoppable: EventHandler {
    let gate: Gate
    let stopped: Collected<String>

    func handle(_ delivery: EventDelivery) async throws { try await gate.handle(delivery) }
    func stop() async { stopped.append("after \(gate.done.elements.count)") }
}
