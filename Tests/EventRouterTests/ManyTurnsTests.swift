import EventRouter
import Foundation
import RouterTesting
import Testing

/// Sessions that rest and resume very often, as live sessions do.
@Suite(.timeLimit(.minutes(2))) struct ManyTurnsTests {
    @Test("The stack use of a session that rests after each of many messages does not grow")
    func turns_needNoGrowingStack() async throws {
        let all = MemoryHandler()
        let table = try RouteTable(
            handlers: [HandlerBinding("all", all)],
            routes: [Route("all", match: try pattern(#"{"type": ["ping"]}"#), to: ["all"])])
        let router = Router(table, clock: ManualClock(), executor: SmallStack())
        try await router.start()
        let session = try router.session(key: "s")
        for number in 1...8000 {
            session.receive(Wire.event("ping"), from: .server)
            _ = await all.deliveries.wait(for: number)
        }
        let report = await session.finish()
        await router.stop()
        #expect(report.events == 8000)
    }
}

/// Runs jobs on one thread with a stack of 256 KiB.
private final class SmallStack: TaskExecutor {
    private final class Jobs: @unchecked Sendable {
        let condition = NSCondition()
        var waiting: [UnownedJob] = []
        var isOver = false
    }

    private let jobs = Jobs()

    init() {
        let jobs = jobs
        let executor = Unmanaged.passUnretained(self)
        let thread = Thread {
            while true {
                jobs.condition.lock()
                while jobs.waiting.isEmpty, !jobs.isOver { jobs.condition.wait() }
                guard !jobs.waiting.isEmpty else { return jobs.condition.unlock() }
                let job = jobs.waiting.removeFirst()
                jobs.condition.unlock()
                job.runSynchronously(on: executor.takeUnretainedValue().asUnownedTaskExecutor())
            }
        }
        thread.stackSize = 256 << 10
        thread.start()
    }

    deinit {
        jobs.condition.lock()
        jobs.isOver = true
        jobs.condition.signal()
        jobs.condition.unlock()
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        jobs.condition.lock()
        jobs.waiting.append(job)
        jobs.condition.signal()
        jobs.condition.unlock()
    }
}
