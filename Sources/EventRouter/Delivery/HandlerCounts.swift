import Synchronization

/// The counters of one handler in one session. The session's loop and the handler's workers change them.
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

/// The number of one handler's deliveries, by outcome.
///
/// After a run, `matched` equals `delivered` + `dropped` + `deadLetters`.
public struct HandlerCounts: Sendable, Hashable {
    /// Deliveries that routes (or `unmatched`) made to the handler.
    public var matched = 0
    /// Deliveries that the handler handled without throwing.
    public var delivered = 0
    /// Attempts that threw.
    public var failed = 0
    /// Attempts after the first one.
    public var retried = 0
    /// Deliveries that were dropped because a queue was full.
    public var dropped = 0
    /// Deliveries that became dead letters.
    public var deadLetters = 0

    /// Creates a record of the given counts.
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

/// A histogram of the time that one handler takes for a delivery.
package final class HandlingTimes: Sendable {
    /// One bucket of the histogram.
    package struct Bucket: Sendable, Hashable {
        /// The number of deliveries in this range of times.
        package var count = 0
        /// The sum of their times, in seconds.
        package var seconds = 0.0

        /// Creates an empty bucket.
        package init() {}
    }

    /// The upper bounds of the buckets, in seconds, ascending. One more bucket follows for longer times.
    package static let bounds = [0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30]

    private let state = Mutex([Bucket](repeating: Bucket(), count: HandlingTimes.bounds.count + 1))

    init() {}

    /// The buckets: one for each of the ``bounds``, and one for longer times.
    package var buckets: [Bucket] { state.withLock { $0 } }

    func note(_ seconds: Double) {
        let index = Self.bounds.firstIndex { seconds <= $0 } ?? Self.bounds.count
        state.withLock { buckets in
            buckets[index].count += 1
            buckets[index].seconds += seconds
        }
    }
}

/// The events of one session that one handler has settled: delivered, dropped, or turned into dead letters.
///
/// Events are identified by their number in the session, ``EventDelivery/sequence``. Events that no route sends to the
/// handler count as settled. The report may be out of date: events that it does not list may be settled already.
public struct SettledEvents: Sendable, Hashable {
    /// The handler's name.
    public var handler: String
    /// The number up to which all events are settled; 0 if the first event is not settled.
    public var mark: Int
    /// Ranges of settled events after ``mark``, ascending and not adjacent.
    public var beyond: [ClosedRange<Int>]

    /// - Parameters:
    ///   - handler: The handler's name.
    ///   - routed: The number of the last event that was passed to all its handlers.
    ///   - open: The numbers of the events that are not settled, ascending.
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
