import EventRouter
import RealtimeEvents
import RouterTesting
import Testing

/// A handler's `handler_timeout`, and the effect of a cancelled run on others.
@Suite(.timeLimit(.minutes(5))) struct HandlerTimeoutTests {
    private func table(
        _ handler: any EventHandler, timeout: Duration? = nil, retry: RetryPolicy = .once,
        _ letters: MemoryDeadLetters = MemoryDeadLetters()
    ) throws -> RouteTable {
        try RouteTable(
            handlers: [HandlerBinding("h", handler, timeout: timeout, retry: retry)],
            routes: [Route("x", match: try pattern(#"{"type": ["x"]}"#), to: ["h"])], deadLetters: letters)
    }

    @Test("A delivery that exceeds the timeout is cancelled and fails, and the next one is delivered")
    func slowDelivery_isCancelledAndFails() async throws {
        let (clock, letters) = (ManualClock(), MemoryDeadLetters())
        let begun = Collected<Int>()
        let handler = ClosureHandler { delivery in
            begun.append(delivery.attempt)
            if delivery.event.position.line == 1 { try await Task.sleep(for: .seconds(3600)) }
        }
        let retry = RetryPolicy(attempts: 2, backoff: .seconds(1))
        let table = try table(handler, timeout: .seconds(30), retry: retry, letters)
        async let report = run([Wire.event("x"), Wire.event("x")], table, clock: clock)
        for attempt in 1...2 {
            _ = await begun.wait(for: attempt)
            await clock.waitForSleepers()
            clock.advance(by: .seconds(30))
            if attempt == 1 {
                await clock.waitForSleepers()
                clock.advance(by: .seconds(1))
            }
        }
        #expect(
            try await report.handlers[0].counts
                == HandlerCounts(matched: 2, delivered: 1, failed: 2, retried: 1, deadLetters: 1))
        #expect(begun.elements == [1, 2, 1])
        #expect(letters.letters.elements.map(\.error) == ["the handler took longer than 30s"])
        #expect(letters.letters.elements.map(\.reason) == [.failed])
    }

    @Test("A delivery in time does not wait for the timeout")
    func quickDelivery_isDelivered() async throws {
        let report = try await run([Wire.event("x")], try table(MemoryHandler(), timeout: .seconds(30)))
        #expect(report.handlers[0].counts == HandlerCounts(matched: 1, delivered: 1))
    }

    @Test("A cancelled run does not wait for the delivery of another run")
    func cancelledRun_doesNotWaitForOthers() async throws {
        let letters = MemoryDeadLetters()
        let gate = Gate()
        let router = Router(try table(gate, letters), clock: ManualClock())
        try await router.start()
        let stuck = Task { try await router.run(ScriptedSource([Wire.event("x")], key: "a")).handlers[0].counts }
        _ = await gate.begun.wait(for: 1)
        let cancelled = Task {
            try await router.run(ScriptedSource([Wire.event("x"), Wire.event("x")], key: "b")).handlers[0].counts
        }
        cancelled.cancel()
        let counts = try await cancelled.value
        #expect(counts == HandlerCounts(matched: counts.matched, deadLetters: counts.matched))
        #expect(letters.letters.elements.map(\.reason) == Array(repeating: .shutdown, count: counts.matched))
        await gate.open()
        #expect(try await stuck.value == HandlerCounts(matched: 1, delivered: 1))
        await router.stop()
    }

    @Test("A cancelled run does not cancel deliveries of another run")
    func cancelledRun_leavesOthersAlone() async throws {
        let letters = MemoryDeadLetters()
        let handler = Waiting()
        let router = Router(try table(handler, letters), clock: ManualClock())
        try await router.start()
        let runs = ["a", "b"].map { key in
            Task { try await router.run(ScriptedSource([Wire.event("x")], key: key)).handlers[0].counts }
        }
        _ = await handler.begun.wait(for: 2)
        runs[0].cancel()
        #expect(try await runs[0].value == HandlerCounts(matched: 1, failed: 1, deadLetters: 1))
        await handler.gate.open()
        #expect(try await runs[1].value == HandlerCounts(matched: 1, delivered: 1))
        #expect(letters.letters.elements.map { "\($0.session) \($0.reason)" } == ["a shutdown"])
        // The handler continues as before.
        let report = try await router.run(ScriptedSource([Wire.event("x")], key: "c"))
        #expect(report.handlers[0].counts == HandlerCounts(matched: 1, delivered: 1))
        await router.stop()
    }
}

/// Waits in session `a` until it is cancelled, in session `b` until the gate opens.
private struct Waiting: ConcurrentHandling {
    let concurrentSessions = 2
    let begun = Collected<String>()
    let gate = Gate()

    func handle(_ delivery: EventDelivery) async throws {
        begun.append(delivery.session.key)
        if delivery.session.key == "a" { try await Task.sleep(for: .seconds(3600)) }
        try await gate.handle(delivery)
    }
}
