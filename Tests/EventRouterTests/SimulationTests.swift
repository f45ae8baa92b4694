import EventRouter
import RealtimeEvents
import RouterTesting
import Synchronization
import Testing

/// A router whose time and tasks the test controls.
@Suite(.timeLimit(.minutes(1))) struct SimulationTests {
    /// The deliveries of a run of some sessions, in the order of one seed.
    private func deliveries(seed: UInt64) async throws -> [String] {
        let seen = Collected<String>()
        let handlers = ["a", "b"].map { name in
            HandlerBinding(
                name, ClosureHandler { seen.append("\(name) \($0.session.key) \($0.sequence)") })
        }
        let (clock, executor) = (ManualClock(), SeededExecutor(seed: seed))
        let router = Router(
            try RouteTable(
                handlers: handlers,
                routes: ["a", "b"].map { Route($0, match: try pattern(#"{"type": ["ping"]}"#), to: [$0]) }),
            clock: clock, executor: executor)
        try await router.start()
        let sessions = try (1...3).map { try router.session(key: "s\($0)", idleLimit: .seconds(60)) }
        for _ in 1...3 {
            for session in sessions { session.receive(Wire.event("ping"), from: .server) }
            executor.runJobs()
        }
        // No more events arrive: a minute later all sessions end.
        clock.advance(by: .seconds(60))
        executor.runJobs()
        for session in sessions { #expect(await session.finish().events == 3) }
        await router.stop()
        return seen.elements
    }

    @Test("A seed decides the order of everything that a router does")
    func seed_decidesTheOrder() async throws {
        var orders: Set<[String]> = []
        for seed in 1...10 as ClosedRange<UInt64> {
            let order = try await deliveries(seed: seed)
            #expect(try await deliveries(seed: seed) == order)
            orders.insert(order)
            // In any order, each handler gets each session's events once and in order.
            for handler in ["a", "b"] {
                for session in ["s1", "s2", "s3"] {
                    let own = order.filter { $0.hasPrefix("\(handler) \(session) ") }
                    #expect(own == (1...3).map { "\(handler) \(session) \($0)" })
                }
            }
        }
        #expect(orders.count > 1)
    }

    @Test("A ready call is passed to its handler immediately, not at the end of its batch")
    func readyCall_goesAtOnce() async throws {
        let story = Collected<String>()
        let (clock, executor) = (ManualClock(), ListeningExecutor(story))
        let router = Router(
            try RouteTable(
                handlers: [HandlerBinding("calls", Answering())], routes: [Route("calls", to: ["calls"])]),
            clock: clock, executor: executor, observer: TypeObserver(story: story))
        try await router.start()
        let session = try router.session(key: "s")
        executor.runJobs()
        for message in Wire.calling(["c1"], in: "r1") { session.receive(message, from: .server) }
        let before = story.elements.count
        executor.runJobs()
        // The job is the handler's worker; the observer is notified after an event was passed to its handlers.
        let told = story.elements[before...].drop { $0 != "response.output_item.done" }
        #expect(
            told.prefix(4) == ["response.output_item.done", "job", "router.function_call.ready", "response.done"])
        let ended = Collected<Int>()
        Task { ended.append(await session.finish().events) }
        while ended.elements.isEmpty {
            executor.runJobs()
            // There is no reader, so client events are dropped after a second.
            clock.advance(by: .seconds(1))
            await Task.yield()
        }
        await router.stop()
    }
}

/// Runs jobs in order on request, and counts all jobs.
private final class ListeningExecutor: TaskExecutor {
    private let jobs = Mutex<[UnownedJob]>([])
    private let story: Collected<String>

    init(_ story: Collected<String>) { self.story = story }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        story.append("job")
        jobs.withLock { $0.append(job) }
    }

    func runJobs() {
        while let job = jobs.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) {
            job.runSynchronously(on: asUnownedTaskExecutor())
        }
    }
}

/// Notes the types of the events that are routed.
private struct TypeObserver: DispatchObserver {
    let story: Collected<String>

    func observe(_ dispatch: Dispatch, event: RawSpan, line: RawSpan) { story.append(dispatch.type.name) }
}
