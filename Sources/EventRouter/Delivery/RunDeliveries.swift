import RealtimeEvents
import Synchronization

/// What one run delivers to one handler: its counts, and what becomes of it when the run is to end.
final class RunDeliveries: Sendable {
    let target: any DeliveryTarget
    let counters = HandlerCounters()
    let onFull: QueuePolicy.OnFull
    /// The most deliveries that a loop collects for a handler. They do not count for the bounds of its queue.
    static let maxCollected = 512

    /// How many deliveries the loop collects before it puts them into the queue.
    let collectLimit: Int
    private let signal: SessionSignal
    /// Deliveries that the runtime has taken over and not settled.
    private let open = Atomic<Int>(0)
    /// Whether the run's loop wants to be woken when there is room, or when everything is settled.
    private let wantsWakeUp = Atomic<Bool>(false)
    private let expired = Atomic<Bool>(false)
    private let listed = Atomic<Bool>(false)

    init(_ target: some DeliveryTarget, isLive: Bool, wakes signal: SessionSignal) {
        self.target = target
        self.signal = signal
        collectLimit = min(Self.maxCollected, target.policy.capacity)
        onFull = target.policy.onFull(
            inLiveSession: isLive, takesFunctionCalls: target.roles.takesFunctionCalls)
    }

    /// Whether the deadline of a shutdown has passed: the run's deliveries are handled in cancelled tasks.
    var isExpired: Bool { expired.load(ordering: .acquiring) }

    /// Whether all that the runtime took over is settled; if not, the loop is woken when it may be.
    var isSettled: Bool {
        wantsWakeUp.store(true, ordering: .sequentiallyConsistent)
        return open.load(ordering: .sequentiallyConsistent) == 0
    }

    /// Whether the runtime took over deliveries that are not settled.
    var hasOpen: Bool { open.load(ordering: .sequentiallyConsistent) != 0 }

    /// Cancels what a handler does for this run, now and from now on.
    func expire() {
        expired.store(true, ordering: .releasing)
        target.cancel(self)
    }

    /// The run has no more events, so that a batch of the last run does not wait for more.
    func endOfSource() { target.detach() }

    func noteAccepted(_ count: Int) { open.add(count, ordering: .sequentiallyConsistent) }

    /// Notes that deliveries are settled, or were not taken over after all.
    func noteSettled(_ count: Int) { open.subtract(count, ordering: .sequentiallyConsistent) }

    /// Whether the run is in the runtime's list of runs that wait for room; for the runtime, under its lock.
    var isListed: Bool {
        get { listed.load(ordering: .relaxed) }
        set { listed.store(newValue, ordering: .relaxed) }
    }

    /// Notes that the loop waits for room; under the runtime's lock.
    ///
    /// - Returns: Whether it was not in the runtime's list of those that wait, in which it is from now on.
    func waitForRoom() -> Bool {
        wantsWakeUp.store(true, ordering: .sequentiallyConsistent)
        return !listed.exchange(true, ordering: .relaxed)
    }

    /// Wakes the loop if it waits for something of this handler.
    ///
    /// - Returns: Whether it does.
    func wakeIfWanted() -> Bool {
        let wantsWakeUp = consumeWakeRequest()
        if wantsWakeUp { wake() }
        return wantsWakeUp
    }

    /// Whether the loop waits for something of this handler, and is to be woken; once.
    func consumeWakeRequest() -> Bool { wantsWakeUp.exchange(false, ordering: .sequentiallyConsistent) }

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

/// What takes the deliveries of many runs: a handler's runtime.
protocol DeliveryTarget: AnyObject, Sendable {
    var name: String { get }
    var roles: HandlerRoles { get }
    var policy: QueuePolicy { get }

    /// Cancels what is being done for a run.
    func cancel(_ run: RunDeliveries)
    /// The source of a run has ended.
    func detach()
}
