import Synchronization

/// Runs a router's tasks one job at a time, in an order that a seed determines. A simulation with the same seed gives the same
/// result.
///
/// ```swift
/// let executor = SeededExecutor(seed: 7)
/// let router = Router(table, clock: clock, executor: executor)
/// session.receive(message, from: .server)
/// executor.runJobs()
/// ```
public final class SeededExecutor: TaskExecutor {
    private struct State {
        var jobs: [UnownedJob] = []
        var random: UInt64
    }

    private let state: Mutex<State>

    /// Creates an executor. Executors with the same seed run the same jobs in the same order.
    public init(seed: UInt64) {
        state = Mutex(State(random: seed))
    }

    /// Queues a job until ``runJobs()`` runs it.
    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        state.withLock { $0.jobs.append(job) }
    }

    /// Runs jobs, including those that other jobs enqueue, until the queue is empty.
    ///
    /// - Returns: the number of jobs that it ran.
    @discardableResult
    public func runJobs() -> Int {
        var count = 0
        while let job = next() {
            job.runSynchronously(on: asUnownedTaskExecutor())
            count += 1
        }
        return count
    }

    private func next() -> UnownedJob? {
        state.withLock { state in
            guard !state.jobs.isEmpty else { return nil }
            // SplitMix64.
            state.random &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state.random
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            mixed ^= mixed >> 31
            return state.jobs.remove(at: Int(mixed % UInt64(state.jobs.count)))
        }
    }
}
