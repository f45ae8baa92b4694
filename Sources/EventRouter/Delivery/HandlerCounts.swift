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

/// How long one handler takes for its deliveries, as a histogram.
package final class HandlingTimes: Sendable {
    /// One range of times.
    package struct Bucket: Sendable, Hashable {
        /// How many deliveries took so long.
        package var count = 0
        /// The sum of their times, in seconds.
        package var seconds = 0.0

        /// An empty one.
        package init() {}
    }

    /// The upper bounds of the ranges, in seconds, ascending; one more bucket follows for what took longer.
    package static let bounds = [0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30]

    private let state = Mutex([Bucket](repeating: Bucket(), count: HandlingTimes.bounds.count + 1))

    init() {}

    /// The buckets, one more than there are ``bounds``.
    package var buckets: [Bucket] { state.withLock { $0 } }

    func note(_ seconds: Double) {
        let index = Self.bounds.firstIndex { seconds <= $0 } ?? Self.bounds.count
        state.withLock { buckets in
            buckets[index].count += 1
            buckets[index].seconds += seconds
        }
    }
}

/// The events of one session that one handler has settled: delivered, dropped by policy, or dead letters.
///
/// Events are named by their number in the session, ``EventDelivery/sequence``. What no route sends to the handler counts as settled. The
/// report may lag behind: what it does not name may be settled, too.
public struct SettledEvents: Sendable, Hashable {
    /// The handler's name.
    public var handler: String
    /// The number up to which all events are settled; 0 if the first one is not.
    public var mark: Int
    /// The settled events after the mark, ascending; there are gaps between the ranges.
    public var beyond: [ClosedRange<Int>]

    /// - Parameters:
    ///   - handler: The handler's name.
    ///   - routed: The last event of which all deliveries were made.
    ///   - open: The events that are not settled, ascending.
    init(handler: String, routed: Int, open: [Int]) {
        self.handler = handler
        mark = min((open.first ?? .max) - 1, routed)
        beyond = []
        var last = mark + 1
        for number in open.dropFirst() + [routed + 1] where number <= routed + 1 {
            if number > last + 1 { beyond.append(last + 1...number - 1) }
            last = number
        }
    }
}
