/// The bounds of a handler's queues, and what happens when they are full.
///
/// A handler has one queue for each session with waiting deliveries. ``capacity`` and ``bytes`` bound each queue;
/// ``sharedCapacity`` and ``sharedBytes`` bound all of them together. An event that is larger than a bound in bytes may
/// wait alone.
///
/// When a shared bound is reached, the session with the largest backlog loses a delivery, if its policy drops. With
/// `block`, only sessions that hold their share of the bound wait. A session with less still has room, so that others
/// do not delay it.
public struct QueuePolicy: Sendable, Hashable {
    /// What happens to a delivery that does not fit.
    public enum OnFull: String, Sendable, Hashable, CaseIterable {
        /// Routing of the session waits until there is room. Nothing is lost, and answers to the model continue.
        case block
        /// Drops the delivery that has waited longest.
        case dropOldest = "drop_oldest"
        /// Drops the delivery that has just arrived.
        case dropNewest = "drop_newest"
    }

    /// The largest number of waiting deliveries of one session; at least 1.
    public var capacity: Int
    /// The largest size of waiting events of one session, in bytes.
    public var bytes: Int
    /// The largest number of waiting deliveries of all sessions together; never less than ``capacity``.
    public var sharedCapacity: Int
    /// The largest size of waiting events of all sessions together, in bytes; never less than ``bytes``.
    public var sharedBytes: Int
    /// What happens when a queue is full. If nil, `block` in a recording and `drop_oldest` in a live session, which
    /// cannot wait. In a live session, a handler of function calls answers a call that does not fit as busy.
    public var onFull: OnFull?

    /// Creates a policy.
    ///
    /// - Parameters:
    ///   - capacity: The largest number of waiting deliveries of one session.
    ///   - bytes: The largest size of waiting events of one session.
    ///   - sharedCapacity: The largest number of waiting deliveries of all sessions together.
    ///   - sharedBytes: The largest size of waiting events of all sessions together.
    ///   - onFull: What happens when a queue is full; nil for the default of the session.
    public init(
        capacity: Int = 1024, bytes: Int = 64 << 20, sharedCapacity: Int = 65_536, sharedBytes: Int = 256 << 20,
        onFull: OnFull? = nil
    ) {
        precondition(capacity > 0, "a queue needs room for one delivery")
        self.capacity = capacity
        self.bytes = bytes
        self.sharedCapacity = max(sharedCapacity, capacity)
        self.sharedBytes = max(sharedBytes, bytes)
        self.onFull = onFull
    }

    /// Returns what happens when a session's queue is full.
    func onFull(inLiveSession isLive: Bool, takesFunctionCalls: Bool) -> OnFull {
        onFull ?? (isLive ? (takesFunctionCalls ? .dropNewest : .dropOldest) : .block)
    }
}

/// The number of attempts at a delivery, and the delay between them.
public struct RetryPolicy: Sendable, Hashable {
    /// The number of attempts, including the first; 1 means no retry.
    public var attempts: Int
    /// The delay before the second attempt. It doubles with each further attempt, up to 30 s.
    public var backoff: Duration

    /// Creates a policy.
    public init(attempts: Int = 1, backoff: Duration = .milliseconds(200)) {
        precondition(attempts > 0, "a delivery needs at least one attempt")
        self.attempts = attempts
        self.backoff = backoff
    }

    /// One attempt.
    public static let once = RetryPolicy()

    /// The delay after an attempt, counted from 1.
    public func delay(afterAttempt attempt: Int) -> Duration {
        min(backoff * (1 << min(attempt - 1, 16)), .seconds(30))
    }
}
