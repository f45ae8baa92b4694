import Synchronization

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
