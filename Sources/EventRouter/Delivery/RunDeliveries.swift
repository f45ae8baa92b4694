import RealtimeEvents
import Synchronization

/// The deliveries of one run of a session's loop to one handler: their counts, and their state at a shutdown.
final class RunDeliveries: Sendable {
    let target: any DeliveryTarget
    let counters = HandlerCounters()
    let onFull: QueuePolicy.OnFull
    /// The largest number of deliveries that a loop collects for a handler. They do not count towards the bounds of its
    /// queue.
    static let maxCollected = 512

    /// The number of deliveries that the loop collects before it submits them to the queue.
    let collectLimit: Int
    private let signal: SessionSignal
    /// The number of deliveries that the runtime has accepted and not settled.
    private let open = Atomic<Int>(0)
    /// Whether the session's loop must be woken when there is room, or when all deliveries are settled.
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

    /// Whether a shutdown's deadline has passed. The run's deliveries are then handled in cancelled tasks.
    var isExpired: Bool { expired.load(ordering: .acquiring) }

    /// Whether all accepted deliveries are settled. If not, the loop is woken when the last of them is settled.
    var isSettled: Bool {
        wantsWakeUp.store(true, ordering: .sequentiallyConsistent)
        return open.load(ordering: .sequentiallyConsistent) == 0
    }

    /// Whether any accepted delivery is not settled.
    var hasOpen: Bool { open.load(ordering: .sequentiallyConsistent) != 0 }

    /// Cancels the current and all future work of the handler for this run.
    func expire() {
        expired.store(true, ordering: .releasing)
        target.cancel(self)
    }

    /// Records that the run has no more events, so that the handler's last batch need not wait.
    func endOfSource() { target.detach() }

    func noteAccepted(_ count: Int) { open.add(count, ordering: .sequentiallyConsistent) }

    /// Records that deliveries are settled, or were not accepted.
    func noteSettled(_ count: Int) { open.subtract(count, ordering: .sequentiallyConsistent) }

    /// Whether the run is in the runtime's list of runs that wait for room. Accessed by the runtime under its lock.
    var isListed: Bool {
        get { listed.load(ordering: .relaxed) }
        set { listed.store(newValue, ordering: .relaxed) }
    }

    /// Records that the loop waits for room. Called under the runtime's lock.
    ///
    /// - Returns: Whether the runtime must add the run to its list of runs that wait.
    func waitForRoom() -> Bool {
        wantsWakeUp.store(true, ordering: .sequentiallyConsistent)
        return !listed.exchange(true, ordering: .relaxed)
    }

    /// Wakes the loop if it waits for this handler.
    ///
    /// - Returns: Whether it was waiting.
    func wakeIfWanted() -> Bool {
        let wantsWakeUp = consumeWakeRequest()
        if wantsWakeUp { wake() }
        return wantsWakeUp
    }

    /// Returns whether the loop waits for this handler, once for each wait.
    func consumeWakeRequest() -> Bool { wantsWakeUp.exchange(false, ordering: .sequentiallyConsistent) }

    /// Wakes the loop.
    func wake() { signal.raise() }
}

/// A delivery in a handler's queue.
struct QueuedDelivery: Sendable {
    var delivery: EventDelivery
    let run: RunDeliveries
    /// The retry policy of the delivery's routes; nil if they have none.
    let retry: RetryPolicy?

    /// The size that counts towards the bounds of queues, in bytes.
    var size: Int { delivery.event.bytes.count }
}

/// The receiver of deliveries of many runs: a handler's runtime.
protocol DeliveryTarget: AnyObject, Sendable {
    var name: String { get }
    var roles: HandlerRoles { get }
    var policy: QueuePolicy { get }

    /// Cancels the work for a run.
    func cancel(_ run: RunDeliveries)
    /// Records that the source of a run has ended.
    func detach()
}
