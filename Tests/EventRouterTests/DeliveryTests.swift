import EventRouter
import RealtimeEvents
import RouterTesting
import Testing

/// The error that a handler throws for the test.
private struct Refusal: Error, CustomStringConvertible {
    var description: String { "not today" }
}

@Suite struct DeliveryTests {
    private static let lines = (1...9).map { #"{"type": "x", "n": \#($0)}"# }

    private func table(
        _ handler: any EventHandler, queue: QueuePolicy = QueuePolicy(), retry: RetryPolicy = .once,
        routeRetry: RetryPolicy? = nil, deadLetters: any DeadLetterSink = LoggedDeadLetters()
    ) throws -> RouteTable {
        try RouteTable(
            handlers: [HandlerBinding("h", handler, queue: queue, retry: retry)],
            routes: [Route("x", match: try pattern(#"{"type": ["x"]}"#), to: ["h"], retry: routeRetry)],
            deadLetters: deadLetters)
    }

    @Test func aBlockingQueueLosesNothingAndKeepsTheOrder() async throws {
        let gate = Gate()
        let table = try table(gate, queue: QueuePolicy(capacity: 2, onFull: .block))
        async let report = run(Self.lines, table)
        _ = await gate.begun.wait(for: 1)
        await gate.open()
        #expect(try await report.handlers[0].counts == HandlerCounts(matched: 9, delivered: 9))
        #expect(gate.done.elements == Array(1...9))
    }

    @Test(arguments: [QueuePolicy.OnFull.dropOldest, .dropNewest])
    func aFullQueueThatDropsCountsWhatItDropped(_ onFull: QueuePolicy.OnFull) async throws {
        let gate = Gate()
        let log = MemoryLog()
        let source = ScriptedSource()
        let router = Router(
            try table(gate, queue: QueuePolicy(capacity: 2, onFull: onFull)), clock: ManualClock(), log: log)
        try await router.start()
        async let running = router.run(source)
        // The first delivery is being handled; of the other eight, two fit into the queue.
        source.send(Self.lines[0])
        _ = await gate.begun.wait(for: 1)
        for line in Self.lines.dropFirst() { source.send(line) }
        _ = await log.records.wait(for: 6)
        await gate.open()
        source.end()
        let counts = try await running.handlers[0].counts
        await router.stop()
        #expect(counts == HandlerCounts(matched: 9, delivered: 3, dropped: 6))
        #expect(gate.done.elements == (onFull == .dropOldest ? [1, 8, 9] : [1, 2, 3]))
        #expect(log.records.elements.filter { $0.outcome == .dropped }.count == 6)
    }

    @Test(arguments: [(QueuePolicy.OnFull.block, 500), (.dropOldest, 41), (.dropNewest, 41)])
    func aLongQueueKeepsTheOrder(_ onFull: QueuePolicy.OnFull, _ delivered: Int) async throws {
        let gate = Gate()
        let log = MemoryLog()
        let source = ScriptedSource()
        let router = Router(
            try table(gate, queue: QueuePolicy(capacity: 40, onFull: onFull)), clock: ManualClock(), log: log)
        try await router.start()
        async let running = router.run(source)
        source.send(#"{"type": "x"}"#)
        _ = await gate.begun.wait(for: 1)
        for _ in 2...500 { source.send(#"{"type": "x"}"#) }
        _ = await log.records.wait(for: 500 - delivered)
        await gate.open()
        source.end()
        #expect(
            try await running.handlers[0].counts
                == HandlerCounts(matched: 500, delivered: delivered, dropped: 500 - delivered))
        await router.stop()
        let expected = onFull == .dropOldest ? [1] + Array(461...500) : Array(1...delivered)
        #expect(gate.done.elements == expected)
    }

    @Test func aFailedDeliveryIsTriedAgainWithBackoffAndThenBuried() async throws {
        let clock = ManualClock()
        let letters = MemoryDeadLetters()
        let attempts = Collected<Int>()
        let handler = ClosureHandler {
            attempts.append($0.attempt)
            throw Refusal()
        }
        let table = try table(
            handler, retry: RetryPolicy(attempts: 3, backoff: .milliseconds(100)), deadLetters: letters)
        async let report = run([Self.lines[0]], table, clock: clock)
        await clock.waitForSleepers()
        clock.advance(by: .milliseconds(100))
        await clock.waitForSleepers()
        clock.advance(by: .milliseconds(199))
        #expect(attempts.elements == [1, 2])
        clock.advance(by: .milliseconds(1))
        let counts = try await report.handlers[0].counts
        #expect(counts == HandlerCounts(matched: 1, failed: 3, retried: 2, deadLetters: 1))
        #expect(attempts.elements == [1, 2, 3])
        let letter = try #require(letters.letters.elements.first)
        #expect(letter.reason == .failed)
        #expect(letter.route == "x")
        #expect(letter.handler == "h")
        #expect(letter.attempts == 3)
        #expect(letter.error == "not today")
        #expect(letter.line == 1)
        #expect(String(decoding: letter.bytes, as: UTF8.self) == Self.lines[0])
    }

    @Test func aPermanentFailureIsNotTriedAgain() async throws {
        let handler = ClosureHandler { _ in throw DeliveryFailure.permanent("no such channel") }
        let letters = MemoryDeadLetters()
        let report = try await run(
            [Self.lines[0]], try table(handler, retry: RetryPolicy(attempts: 5), deadLetters: letters))
        #expect(report.handlers[0].counts == HandlerCounts(matched: 1, failed: 1, deadLetters: 1))
        #expect(letters.letters.elements.map(\.error) == ["no such channel"])
    }

    @Test func aRouteMayAskForMoreAttemptsAndTheHandlerForAnotherDelay() async throws {
        let clock = ManualClock()
        let handler = ClosureHandler {
            if $0.attempt == 1 { throw DeliveryFailure.retry(after: .seconds(7), "busy") }
        }
        let table = try table(handler, routeRetry: RetryPolicy(attempts: 2))
        async let report = run([Self.lines[0]], table, clock: clock)
        await clock.waitForSleepers()
        clock.advance(by: .seconds(7))
        #expect(try await report.handlers[0].counts == HandlerCounts(matched: 1, delivered: 1, failed: 1, retried: 1))
    }

    @Test func oneHandlersFailureAndSlownessDoNotTouchAnothers() async throws {
        let gate = Gate()
        let other = MemoryHandler()
        let failing = ClosureHandler { _ in throw Refusal() }
        let match = try pattern(#"{"type": ["x"]}"#)
        let table = try RouteTable(
            handlers: [
                HandlerBinding("slow", gate), HandlerBinding("failing", failing), HandlerBinding("other", other),
            ],
            routes: [Route("x", match: match, to: ["slow", "failing", "other"])])
        async let report = run(Self.lines, table)
        #expect(await other.deliveries.wait(for: 9).count == 9)
        await gate.open()
        let counts = try await report.handlers.map(\.counts)
        #expect(counts[0] == HandlerCounts(matched: 9, delivered: 9))
        #expect(counts[1] == HandlerCounts(matched: 9, failed: 9, deadLetters: 9))
        #expect(counts[2] == HandlerCounts(matched: 9, delivered: 9))
    }

    @Test func aHandlerThatDoesNotStartEndsTheStartAndStopsTheOthers() async throws {
        let stopped = Collected<String>()
        let table = try RouteTable(
            handlers: [
                HandlerBinding("good", Starter(name: "good", stopped: stopped)),
                HandlerBinding("bad", Starter(name: "bad", failure: Refusal(), stopped: stopped)),
            ],
            routes: [Route("x", to: ["good", "bad"])])
        let error = await #expect(throws: RouterFailure.self) { try await Router(table).start() }
        #expect(error?.description == "handler `bad` did not start: not today")
        #expect(stopped.elements == ["good"])
    }

    @Test func aRouterThatWasNotStartedSaysSo() async throws {
        let error = await #expect(throws: RouterFailure.self) {
            try await Router(try table(MemoryHandler())).run(ScriptedSource([]))
        }
        #expect(error?.description == "the router was not started: call start() first")
    }

    @Test func aDryRunMatchesAndDeliversNothing() async throws {
        let handler = MemoryHandler()
        let report = try await run(Self.lines, try table(handler), options: RouterOptions(isDryRun: true))
        #expect(report.routes[0].matched == 9)
        #expect(handler.deliveries.elements.isEmpty)
    }

    @Test func sessionsRunAtTheSameTimeEachInItsOrder() async throws {
        let handler = MemoryHandler()
        let router = Router(try table(handler))
        try await router.start()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for key in ["a", "b", "c", "d"] {
                group.addTask { _ = try await router.run(ScriptedSource(Self.lines, key: key)) }
            }
            try await group.waitForAll()
        }
        await router.stop()
        for key in ["a", "b", "c", "d"] {
            let lines = handler.deliveries.elements.filter { $0.session.key == key }.map(\.event.position.line)
            #expect(lines == Array(1...9))
        }
    }
}

/// A handler whose start may fail.
private struct Starter: EventHandler {
    let name: String
    var failure: Refusal?
    let stopped: Collected<String>
    let interests: [EventType] = [.error]

    init(name: String, failure: Refusal? = nil, stopped: Collected<String>) {
        self.name = name
        self.failure = failure
        self.stopped = stopped
    }

    func start() async throws { if let failure { throw failure } }
    func handle(_ delivery: EventDelivery) async throws {}
    func stop() async { stopped.append(name) }
}

/// A dispatch log that collects its records.
struct MemoryLog: DispatchLog {
    let records = Collected<DispatchRecord>()
    func record(_ record: DispatchRecord) { records.append(record) }
}
