public import EventRouter
import Synchronization

/// A clock that advances only when a test advances it.
///
/// A task that sleeps on it wakes when ``advance(by:)`` has reached the end of the sleep.
public final class ManualClock: RouterClock {
    private struct Sleeper {
        let id: Int
        let due: Duration
        let continuation: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var now = Duration.zero
        var sleepers: [Sleeper] = []
        var nextID = 0
        var cancelled: Set<Int> = []
    }

    private let state = Mutex(State())
    private let counter = AsyncCounter()
    private let wallStart: Double

    /// Creates a clock at zero.
    ///
    /// - Parameter wallStart: the wall clock time at zero, in seconds since 1970.
    public init(wallStart: Double = 1_767_225_600) {
        self.wallStart = wallStart
    }

    /// The time by which the test has advanced the clock.
    public var now: Duration { state.withLock { $0.now } }

    /// The wall clock time: `wallStart` plus ``now``.
    public var wallTime: Double { wallStart + now.seconds }

    /// Sleeps until the test has advanced the clock by `duration`.
    ///
    /// - Throws: `CancellationError` if the task is cancelled.
    public func sleep(for duration: Duration) async throws {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                enter(id, duration, continuation)
            }
        } onCancel: {
            cancel(id)
        }
    }

    /// Advances the clock and wakes the tasks whose sleep has ended.
    public func advance(by duration: Duration) {
        let due = state.withLock { state -> [Sleeper] in
            state.now += duration
            let due = state.sleepers.filter { $0.due <= state.now }
            state.sleepers.removeAll { $0.due <= state.now }
            counter.set(state.sleepers.count)
            return due
        }
        for sleeper in due.sorted(by: { $0.due < $1.due }) { sleeper.continuation.resume() }
    }

    /// Waits until at least `count` tasks sleep on this clock, or until the current task is cancelled.
    ///
    /// Call this before ``advance(by:)`` to be sure that the tasks to wake are already sleeping.
    public func waitForSleepers(_ count: Int = 1) async {
        await counter.wait(for: count)
    }

    private func enter(_ id: Int, _ duration: Duration, _ continuation: CheckedContinuation<Void, any Error>) {
        let isCancelled = state.withLock { state -> Bool? in
            if state.cancelled.remove(id) != nil { return true }
            if duration <= .zero { return false }
            state.sleepers.append(Sleeper(id: id, due: state.now + duration, continuation: continuation))
            counter.set(state.sleepers.count)
            return nil
        }
        switch isCancelled {
        case nil: break
        case true?: continuation.resume(throwing: CancellationError())
        case false?: continuation.resume()
        }
    }

    private func cancel(_ id: Int) {
        let sleeper = state.withLock { state -> Sleeper? in
            guard let index = state.sleepers.firstIndex(where: { $0.id == id }) else {
                state.cancelled.insert(id)
                return nil
            }
            defer { counter.set(state.sleepers.count) }
            return state.sleepers.remove(at: index)
        }
        sleeper?.continuation.resume(throwing: CancellationError())
    }
}
