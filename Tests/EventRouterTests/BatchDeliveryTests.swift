import EventRouter
import RealtimeEvents
import RouterTesting
import Testing

/// A handler that collects its batches, after a closure of the test has handled them.
private struct BatchKeeper: BatchEventHandler {
    let batching: BatchPolicy
    var then: @Sendable ([EventDelivery]) async throws -> Void = { _ in }
    let batches = Collected<[Int]>()

    func handle(_ batch: [EventDelivery]) async throws {
        batches.append(batch.map(\.event.position.line))
        try await then(batch)
    }
}

/// Delivery of batches to a handler.
@Suite(.timeLimit(.minutes(5))) struct BatchDeliveryTests {
    /// A router with a running live source, and its state so far.
    private struct Scene {
        let clock = ManualClock()
        let source = ScriptedSource()
        let seen = MemoryHandler()
        let letters = MemoryDeadLetters()

        func router(_ keeper: BatchKeeper, queue: QueuePolicy = QueuePolicy(), retry: RetryPolicy = .once) throws
            -> Router
        {
            // When the last handler has the event, the other has it too.
            let table = try RouteTable(
                handlers: [HandlerBinding("h", keeper, queue: queue, retry: retry), HandlerBinding("seen", seen)],
                routes: [Route("x", match: try pattern(#"{"type": ["x"]}"#), to: ["h", "seen"])], deadLetters: letters)
            return Router(table, clock: clock)
        }

        /// Sends events up to a number, and waits until they are in the handler's queue.
        func send(upTo count: Int) async {
            for number in (seen.deliveries.elements.count + 1)...count {
                source.send(#"{"type": "x", "n": \#(number)}"#)
            }
            _ = await seen.deliveries.wait(for: count)
        }
    }

    @Test func theFirstGoesAtOnceAndWhatComesInTheIntervalGoesTogether() async throws {
        let scene = Scene()
        let keeper = BatchKeeper(batching: BatchPolicy(limit: 100, interval: .seconds(5)))
        let router = try scene.router(keeper)
        try await router.start()
        async let report = router.run(scene.source)
        await scene.send(upTo: 1)
        #expect(await keeper.batches.wait(for: 1) == [[1]])
        await scene.clock.waitForSleepers()
        await scene.send(upTo: 4)
        scene.clock.advance(by: .milliseconds(4999))
        #expect(keeper.batches.elements.count == 1)
        scene.clock.advance(by: .milliseconds(1))
        #expect(await keeper.batches.wait(for: 2) == [[1], [2, 3, 4]])
        // After a quiet period the next event is delivered immediately again.
        await scene.clock.waitForSleepers()
        scene.clock.advance(by: .seconds(5))
        await scene.send(upTo: 5)
        #expect(await keeper.batches.wait(for: 3) == [[1], [2, 3, 4], [5]])
        scene.source.end()
        #expect(try await report.handlers[0].counts == HandlerCounts(matched: 5, delivered: 5))
        await router.stop()
    }

    @Test(arguments: [(3, 100), (100, 3)])
    func asManyAsABatchOrTheQueueHoldsGoBeforeTheTime(_ limit: Int, _ capacity: Int) async throws {
        let scene = Scene()
        let keeper = BatchKeeper(batching: BatchPolicy(limit: limit, interval: .seconds(3600)))
        let router = try scene.router(keeper, queue: QueuePolicy(capacity: capacity))
        try await router.start()
        async let report = router.run(scene.source)
        await scene.send(upTo: 1)
        _ = await keeper.batches.wait(for: 1)
        await scene.clock.waitForSleepers()
        await scene.send(upTo: 3)
        #expect(keeper.batches.elements == [[1]])
        await scene.send(upTo: 4)
        #expect(await keeper.batches.wait(for: 2) == [[1], [2, 3, 4]])
        scene.source.end()
        #expect(try await report.handlers[0].counts == HandlerCounts(matched: 4, delivered: 4))
        await router.stop()
    }

    @Test func whatComesWhileABatchIsInHandWaitsAndNothingWaitsForTheTimeAtTheEnd() async throws {
        let scene = Scene()
        let gate = Gate()
        let keeper = BatchKeeper(
            batching: BatchPolicy(limit: 2, interval: .seconds(3600)),
            then: { if $0[0].event.position.line == 1 { try await gate.handle($0[0]) } })
        let router = try scene.router(keeper)
        try await router.start()
        async let report = router.run(scene.source)
        await scene.send(upTo: 1)
        _ = await gate.begun.wait(for: 1)
        await scene.send(upTo: 6)
        scene.source.end()
        await gate.open()
        #expect(try await report.handlers[0].counts == HandlerCounts(matched: 6, delivered: 6))
        await router.stop()
        #expect(keeper.batches.elements == [[1], [2, 3], [4, 5], [6]])
    }

    @Test func whatGathersGoesWhenTheSourceHasEndedThoughACallStillRuns() async throws {
        let scene = Scene()
        let calls = Answering { [clock = scene.clock] call in
            try? await clock.sleep(for: .seconds(1))
            return FunctionCallOutcome(done: call)
        }
        let keeper = BatchKeeper(batching: BatchPolicy(interval: .seconds(3600)))
        let table = try RouteTable(
            handlers: [HandlerBinding("h", keeper), HandlerBinding("calls", calls)],
            routes: [
                Route("x", match: try pattern(#"{"type": ["x"]}"#), to: ["h"]), Route("calls", to: ["calls"]),
            ])
        let router = Router(table, clock: scene.clock)
        try await router.start()
        async let report = router.run(scene.source)
        scene.source.send(#"{"type": "x"}"#)
        _ = await keeper.batches.wait(for: 1)
        for line in [#"{"type": "x"}"#] + Wire.calling(["c1"], in: "r1") { scene.source.send(line) }
        await scene.clock.waitForSleepers(2)
        scene.source.end()
        #expect(await keeper.batches.wait(for: 2) == [[1], [2]])
        scene.clock.advance(by: .seconds(1))
        #expect(try await report.handlers[0].counts == HandlerCounts(matched: 2, delivered: 2))
        await router.stop()
    }

    @Test func aBatchThatFailsIsTriedAgainAsAWholeAndThenEachOfItIsADeadLetter() async throws {
        let scene = Scene()
        let attempts = Collected<[Int]>()
        let keeper = BatchKeeper(
            batching: BatchPolicy(interval: .seconds(5)),
            then: { batch in
                attempts.append(batch.map(\.attempt))
                if batch.count > 1 { throw DeliveryFailure.retry("nobody answers") }
            })
        let router = try scene.router(keeper, retry: RetryPolicy(attempts: 2, backoff: .seconds(1)))
        try await router.start()
        async let report = router.run(scene.source)
        await scene.send(upTo: 1)
        _ = await keeper.batches.wait(for: 1)
        await scene.clock.waitForSleepers()
        await scene.send(upTo: 3)
        scene.clock.advance(by: .seconds(5))
        _ = await attempts.wait(for: 2)
        await scene.clock.waitForSleepers()
        scene.clock.advance(by: .seconds(1))
        _ = await attempts.wait(for: 3)
        scene.source.end()
        let counts = try await report.handlers[0].counts
        #expect(counts == HandlerCounts(matched: 3, delivered: 1, failed: 4, retried: 2, deadLetters: 2))
        #expect(attempts.elements == [[1], [1, 1], [2, 2]])
        #expect(scene.letters.letters.elements.map(\.line) == [2, 3])
        #expect(scene.letters.letters.elements.map(\.attempts) == [2, 2])
        #expect(scene.letters.letters.elements.map(\.error) == ["nobody answers", "nobody answers"])
        await router.stop()
    }

    @Test func aBatchInHandWhenTheDeadlinePassesIsBuriedAndWhatWaitsIsStillGiven() async throws {
        let scene = Scene()
        let keeper = BatchKeeper(
            batching: BatchPolicy(limit: 2),
            then: { if $0[0].event.position.line == 1 { try await Task.sleep(for: .seconds(3600)) } })
        let router = try scene.router(keeper)
        try await router.start()
        async let report = router.run(scene.source)
        await scene.send(upTo: 1)
        _ = await keeper.batches.wait(for: 1)
        await scene.send(upTo: 4)
        async let stopping: Void = router.shutDown(within: .seconds(10))
        await scene.clock.waitForSleepers()
        scene.clock.advance(by: .seconds(10))
        await stopping
        let counts = try await report.handlers[0].counts
        #expect(counts == HandlerCounts(matched: 4, delivered: 3, failed: 1, deadLetters: 1))
        #expect(scene.letters.letters.elements.map(\.reason) == [.shutdown])
        #expect(keeper.batches.elements == [[1], [2, 3], [4]])
        await router.stop()
    }

    @Test func aBatchHandlerKeepsTheContract() async throws {
        let events = [try RealtimeEvent(json: #"{"type": "x"}"#)]
        #expect(await HandlerContract.violations(events: events) { BatchKeeper(batching: BatchPolicy()) } == [])
        let alone = BatchKeeper(
            batching: BatchPolicy(), then: { if $0.count > 1 { throw DeliveryFailure.retry("too many") } })
        #expect(await HandlerContract.violations(events: events) { alone } == ["handle threw too many for a batch"])
    }
}
