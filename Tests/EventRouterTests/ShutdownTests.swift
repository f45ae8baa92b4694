import EventRouter
import RealtimeEvents
import RouterTesting
import Testing

@Suite struct ShutdownTests {
    @Test func aShutdownBringsWhatWasReadToItsEnd() async throws {
        let clock = ManualClock()
        let calls = Answering { call in
            try? await clock.sleep(for: .seconds(1))
            return FunctionCallOutcome(done: call)
        }
        let ended = MemoryHandler(interests: [.routerSessionEnded])
        let outbound = MemoryOutbound()
        let table = try RouteTable(
            handlers: [HandlerBinding("calls", calls), HandlerBinding("ended", ended)],
            routes: [Route("calls", to: ["calls"]), Route("ended", to: ["ended"])])
        let source = ScriptedSource()
        let router = Router(table, clock: clock)
        try await router.start()
        async let report = router.run(source, outbound: outbound)
        for line in Wire.calling(["c1"], in: "r1") { source.send(line) }
        await clock.waitForSleepers()
        let stopping = Task { await router.shutDown(within: .seconds(10)) }
        await clock.waitForSleepers(2)
        clock.advance(by: .seconds(1))
        #expect(try await report.wasInterrupted)
        #expect(outbound.events.elements.map(\.gist) == ["output c1: ok", "create"])
        #expect(try ended.deliveries.elements[0].event.decode(SessionEnded.self).reason == .interrupted)
        clock.advance(by: .seconds(10))
        await stopping.value
        await router.stop()
    }

    @Test func afterTheDeadlineCallsAndHandlersAreCancelled() async throws {
        let clock = ManualClock()
        let letters = MemoryDeadLetters()
        let outcomes = MemoryHandler(interests: [.routerFunctionCallDone])
        let never = Answering { call in
            try? await Task.sleep(for: .seconds(3600))
            return FunctionCallOutcome(done: call)
        }
        let stuck = ClosureHandler { _ in try await Task.sleep(for: .seconds(3600)) }
        let table = try RouteTable(
            handlers: [
                HandlerBinding("never", never), HandlerBinding("outcomes", outcomes), HandlerBinding("stuck", stuck),
            ],
            routes: [
                Route("calls", to: ["never"]), Route("outcomes", to: ["outcomes"]),
                Route("stuck", match: try pattern(#"{"type": ["ping"]}"#), to: ["stuck"]),
            ], deadLetters: letters)
        let source = ScriptedSource()
        let router = Router(table, clock: clock)
        try await router.start()
        async let report = router.run(source)
        for line in Wire.calling(["c1"], in: "r1") + [Wire.event("ping"), Wire.event("ping")] { source.send(line) }
        _ = await never.taken.wait(for: 1)
        async let stopping: Void = router.shutDown(within: .seconds(10))
        await clock.waitForSleepers()
        clock.advance(by: .seconds(10))
        await stopping
        let counts = try await report.handlers.map(\.counts)
        await router.stop()
        let outcome = try #require(outcomes.deliveries.elements.first).event.decode(FunctionCallOutcome.self)
        #expect(outcome.state == .cancelled)
        #expect(outcome.error == "the router was shut down while the call ran")
        let lost = counts[2].deadLetters
        #expect(counts[2] == HandlerCounts(matched: lost, failed: lost, deadLetters: lost))
        #expect(lost >= 1)
        #expect(letters.letters.elements.map(\.reason) == Array(repeating: .shutdown, count: lost))
    }

    @Test func theHandlersOfTheTestingProductKeepTheContract() async throws {
        let events = [
            try RealtimeEvent(json: #"{"type": "error", "error": {"message": "no"}}"#),
            try RealtimeEvent(json: #"{"type": "router.function_call.ready", "call_id": "c1", "name": "f"}"#),
        ]
        #expect(await HandlerContract.violations(events: events) { MemoryHandler() } == [])
        #expect(await HandlerContract.violations(events: events) { Answering() } == [])
    }

    @Test func theContractTestFindsWhatIsWrong() async throws {
        let event = try RealtimeEvent(json: #"{"type": "router.function_call.ready", "call_id": "c1", "name": "f"}"#)
        struct Wrong: FunctionCallHandling {
            func handle(_ delivery: EventDelivery) async throws {
                guard delivery.event.type == .routerFunctionCallReady else { return }
                for _ in 1...2 { delivery.session.complete(FunctionCallOutcome(done: try delivery.event.decode())) }
            }
            func stop() async { try? await Task.sleep(for: .seconds(60)) }
            let secrets = SecretValues([(name: "KEY", value: "sk-12345678")])
            let concurrentSessions = 4
        }
        let found = await HandlerContract.violations(events: [event], timeout: .milliseconds(200)) { Wrong() }
        #expect(found.contains("stop did not return"))
        #expect(found.contains("call c1 got more than one outcome"))
        #expect(
            found.prefix(2) == [
                "the property `secrets` has no effect without the protocol SecretKeeping",
                "the property `concurrentSessions` has no effect without the protocol ConcurrentHandling",
            ])
    }
}
