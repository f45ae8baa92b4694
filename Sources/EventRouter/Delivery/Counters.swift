import Synchronization

/// The counts of one handler in one run; changed by the session's loop and the handler's own task.
final class HandlerCounters: Sendable {
    let matched = Atomic<Int>(0)
    let delivered = Atomic<Int>(0)
    let failed = Atomic<Int>(0)
    let retried = Atomic<Int>(0)
    let dropped = Atomic<Int>(0)
    let deadLetters = Atomic<Int>(0)

    var counts: HandlerCounts {
        HandlerCounts(
            matched: matched.load(ordering: .relaxed),
            delivered: delivered.load(ordering: .relaxed),
            failed: failed.load(ordering: .relaxed),
            retried: retried.load(ordering: .relaxed),
            dropped: dropped.load(ordering: .relaxed),
            deadLetters: deadLetters.load(ordering: .relaxed))
    }
}

/// What became of the deliveries of one handler.
///
/// After a run, `matched` equals `delivered` + `dropped` + `deadLetters`.
public struct HandlerCounts: Sendable, Hashable {
    /// Deliveries that routes (or `unmatched`) made for the handler.
    public var matched = 0
    /// Deliveries that the handler took.
    public var delivered = 0
    /// Attempts that threw.
    public var failed = 0
    /// Attempts after the first one.
    public var retried = 0
    /// Deliveries that did not fit into the queue.
    public var dropped = 0
    /// Deliveries that became dead letters.
    public var deadLetters = 0

    /// Makes counts.
    public init(
        matched: Int = 0, delivered: Int = 0, failed: Int = 0, retried: Int = 0, dropped: Int = 0, deadLetters: Int = 0
    ) {
        self.matched = matched
        self.delivered = delivered
        self.failed = failed
        self.retried = retried
        self.dropped = dropped
        self.deadLetters = deadLetters
    }

    static func += (counts: inout HandlerCounts, other: HandlerCounts) {
        counts.matched += other.matched
        counts.delivered += other.delivered
        counts.failed += other.failed
        counts.retried += other.retried
        counts.dropped += other.dropped
        counts.deadLetters += other.deadLetters
    }
}
