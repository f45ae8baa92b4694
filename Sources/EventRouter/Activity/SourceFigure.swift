import Synchronization

/// A number of a source's own that only grows. See ``SourceFigures``.
public final class SourceCounter: Sendable {
    private let count = Atomic<Int>(0)

    init() {}

    /// Adds to the number.
    ///
    /// - Parameter amount: how much; not negative.
    public func add(_ amount: Int = 1) { count.wrappingAdd(max(0, amount), ordering: .relaxed) }

    /// The number so far.
    public var value: Int { count.load(ordering: .relaxed) }
}

/// A number of a source's own that goes up and down. See ``SourceFigures``.
public final class SourceGauge: Sendable {
    private let number = Atomic<Int>(0)

    init() {}

    /// Sets the number.
    public func set(_ value: Int) { number.store(value, ordering: .relaxed) }

    /// Changes the number.
    ///
    /// - Parameter amount: how much it grows; negative if it shrinks.
    public func add(_ amount: Int) { number.wrappingAdd(amount, ordering: .relaxed) }

    /// The number now.
    public var value: Int { number.load(ordering: .relaxed) }
}

/// A distribution of times of a source's own. See ``SourceFigures``.
public final class SourceHistogram: Sendable {
    /// The upper bounds of the buckets, in seconds, ascending; one more bucket follows for what took longer.
    public static let bounds = HandlingTimes.bounds

    private let times = HandlingTimes()

    init() {}

    /// Adds one observation.
    ///
    /// - Parameter seconds: the time, in seconds; a negative one counts as 0.
    public func observe(_ seconds: Double) { times.note(max(0, seconds)) }

    /// The buckets, one more than there are ``bounds``.
    package var buckets: [HandlingTimes.Bucket] { times.buckets }
}
