import EventRouter
import RealtimeEvents
import RouterTesting
import Testing

/// A handler that collects its batches, after a closure of the test has handled them.
private struct SharedKeeper: BatchEventHandler {
    let batching: BatchPolicy
    var then: @Sendable ([EventDelivery]) async throws -> Void = { _ in }
    let batches = Collected<[String]>()

    func handle(_ batch: [EventDelivery]) async throws {
        batches.append(batch.map { "\($0.session.key) \($0.event.position.line) \($0.attempt)" })
        try await then(batch)
    }
}

/// Batches with deliveries of several runs.
@Suite(.timeLimit(.minutes(5))) struct ProcessBatchTests {
    private struct Scene {
        let clock = ManualClock()
        let letters = MemoryDeadLetters()
        let seen = MemoryHandler()
        let router: Router

        init(_ keeper: SharedKeeper) throws {
            // When the last handler has the event, the other has it too.
            let table = try RouteTable(
                handlers: [HandlerBinding("h", keeper), HandlerBinding("seen", seen)],
                routes: [Route("x", match: try pattern(#"{"type": ["x"]}"#), to: ["h", "seen"])], deadLetters: letters)
            router = Router(table, clock: clock)
        }

        func run(_ source: ScriptedSource) -> Task<HandlerCounts, any Error> {
            Task { try await router.run(source).handlers[0].counts }
        }

        func send(_ sources: [ScriptedSource]) async {
            for source in sources {
                let count = seen.deliveries.elements.count
                source.send(#"{"type": "x"}"#)
                _ = await seen.deliveries.wait(for: count + 1)
            }
        }
    }

    @Test("Events of several runs within the interval are delivered in one batch")
    func interval_holdsForAllRuns() async throws {
        let keeper = SharedKeeper(batching: BatchPolicy(interval: .seconds(5)))
        let scene = try Scene(keeper)
        try await scene.router.start()
        let (a, b) = (ScriptedSource(key: "a"), ScriptedSource(key: "b"))
        let runs = [scene.run(a), scene.run(b)]
        await scene.send([a])
        #expect(await keeper.batches.wait(for: 1) == [["a 1 1"]])
        await scene.clock.waitForSleepers()
        await scene.send([b, a, b])
        // The end of one run does not release the batch.
        b.end()
        scene.clock.advance(by: .milliseconds(4999))
        #expect(keeper.batches.elements.count == 1)
        scene.clock.advance(by: .milliseconds(1))
        #expect(await keeper.batches.wait(for: 2)[1].sorted() == ["a 2 1", "b 1 1", "b 2 1"])
        #expect(try await runs[1].value == HandlerCounts(matched: 2, delivered: 2))
        await scene.send([a])
        a.end()
        #expect(try await runs[0].value == HandlerCounts(matched: 3, delivered: 3))
        #expect(keeper.batches.elements.last == ["a 3 1"])
        await scene.router.stop()
    }

    @Test("A cancelled run takes only its own deliveries of a batch with it")
    func cancellation_isOfOneRun() async throws {
        let first = Gate()
        let keeper = SharedKeeper(
            batching: BatchPolicy(limit: 10),
            then: { batch in
                if batch[0].event.position.line == 1 { try await first.handle(batch[0]) }
                if batch.count > 1, batch.contains(where: { $0.session.key == "a" }) {
                    try await Task.sleep(for: .seconds(3600))
                }
            })
        let scene = try Scene(keeper)
        try await scene.router.start()
        let (a, b) = (ScriptedSource(key: "a"), ScriptedSource(key: "b"))
        let runs = [scene.run(a), scene.run(b)]
        await scene.send([a])
        _ = await first.begun.wait(for: 1)
        await scene.send([a, b])
        await first.open()
        _ = await keeper.batches.wait(for: 2)
        runs[0].cancel()
        #expect(try await runs[0].value == HandlerCounts(matched: 2, delivered: 1, failed: 1, deadLetters: 1))
        #expect(await keeper.batches.wait(for: 3)[2] == ["b 1 2"])
        b.end()
        #expect(try await runs[1].value == HandlerCounts(matched: 1, delivered: 1, failed: 1, retried: 1))
        #expect(scene.letters.letters.elements.map { "\($0.session) \($0.line) \($0.reason)" } == ["a 2 shutdown"])
        await scene.router.stop()
    }
}
