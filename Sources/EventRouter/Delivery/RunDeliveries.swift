import RealtimeEvents
import Synchronization

/// What one run delivers to one handler: its counts, and what becomes of it when the run is to end.
final class RunDeliveries: Sendable {
    let runtime: HandlerRuntime
    let counters = HandlerCounters()
    let onFull: QueuePolicy.OnFull
    /// How many deliveries the loop collects before it puts them into the queue.
    let collected: Int
    private let signal: SessionSignal
    /// Deliveries that the runtime has taken over and not settled.
    private let open = Atomic<Int>(0)
    /// Whether the run's loop wants to be woken when there is room, or when everything is settled.
    private let isWanted = Atomic<Bool>(false)
    private let expired = Atomic<Bool>(false)
    private let listed = Atomic<Bool>(false)

    init(_ runtime: HandlerRuntime, isLive: Bool, wakes signal: SessionSignal) {
        self.runtime = runtime
        self.signal = signal
        collected = min(OutgoingDeliveries.limit, runtime.policy.capacity)
        onFull = runtime.policy.onFull(
            inLiveSession: isLive, takesFunctionCalls: runtime.roles.takesFunctionCalls)
    }

    /// Whether the deadline of a shutdown has passed: the run's deliveries are handled in cancelled tasks.
    var isExpired: Bool { expired.load(ordering: .acquiring) }

    /// Whether all that the runtime took over is settled; if not, the loop is woken when it may be.
    var isSettled: Bool {
        isWanted.store(true, ordering: .sequentiallyConsistent)
        return open.load(ordering: .sequentiallyConsistent) == 0
    }

    /// Cancels what a handler does for this run, now and from now on.
    func expire() {
        expired.store(true, ordering: .releasing)
        runtime.cancel(self)
    }

    /// The run has no more events, so that a batch of the last run does not wait for more.
    func endOfSource() { runtime.detach() }

    func taken(_ count: Int) { open.add(count, ordering: .sequentiallyConsistent) }

    /// Notes that deliveries are settled, or were not taken over after all.
    func settled(_ count: Int) { open.subtract(count, ordering: .sequentiallyConsistent) }

    /// Whether the run is in the runtime's list of runs that wait for room; for the runtime, under its lock.
    var isListed: Bool {
        get { listed.load(ordering: .relaxed) }
        set { listed.store(newValue, ordering: .relaxed) }
    }

    /// Notes that the loop waits for room; under the runtime's lock.
    ///
    /// - Returns: Whether it was not in the runtime's list of those that wait, in which it is from now on.
    func waitForRoom() -> Bool {
        isWanted.store(true, ordering: .sequentiallyConsistent)
        return !listed.exchange(true, ordering: .relaxed)
    }

    /// Wakes the loop if it waits for something of this handler.
    ///
    /// - Returns: Whether it does.
    func wakeIfWanted() -> Bool {
        let isWanted = takeWish()
        if isWanted { wake() }
        return isWanted
    }

    /// Whether the loop waits for something of this handler, and is to be woken; once.
    func takeWish() -> Bool { isWanted.exchange(false, ordering: .sequentiallyConsistent) }

    /// Wakes the loop.
    func wake() { signal.raise() }
}

/// A delivery on its way to a handler.
struct QueuedDelivery: Sendable {
    var delivery: EventDelivery
    let run: RunDeliveries
    /// The attempts for which the delivery's routes ask, if they do.
    let retry: RetryPolicy?

    /// The size by which queues are bounded, in bytes.
    var size: Int { delivery.event.bytes.count }
}
