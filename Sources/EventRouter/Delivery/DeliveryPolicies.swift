/// How many deliveries may wait for one handler, and what happens to one for which there is no room.
///
/// A handler has one queue for each session that has something to deliver. ``capacity`` and ``bytes`` bound each of them,
/// ``sharedCapacity`` and ``sharedBytes`` all of them together. An event that is larger than a bound in bytes waits alone.
///
/// When a shared bound is full, the session with the largest backlog loses a delivery if its policy drops. With `block` a session
/// waits that already has its share of the bound; one that has less still has room, so that it is not held up by the others.
public struct QueuePolicy: Sendable, Hashable {
    /// What to do with a delivery for which there is no room.
    public enum OnFull: String, Sendable, Hashable, CaseIterable {
        /// The session's events wait until there is room. Nothing is lost; answers to the model go on.
        case block
        /// Drops the delivery that has waited longest.
        case dropOldest = "drop_oldest"
        /// Drops the delivery that has just come.
        case dropNewest = "drop_newest"
    }

    /// The number of deliveries of one session that may wait; at least 1.
    public var capacity: Int
    /// The size of the events of one session that may wait, in bytes.
    public var bytes: Int
    /// The number of deliveries that may wait in all sessions together; never less than ``capacity``.
    public var sharedCapacity: Int
    /// The size of the events that may wait in all sessions together, in bytes; never less than ``bytes``.
    public var sharedBytes: Int
    /// What to do when there is no room. By default `block` in a recording and `drop_oldest` in a live session, which cannot wait; a
    /// handler that takes function calls answers, in a live session, a call for which there is no room: it is busy.
    public var onFull: OnFull?

    /// Makes a policy.
    ///
    /// - Parameters:
    ///   - capacity: how many deliveries of one session may wait.
    ///   - bytes: how many bytes of events of one session may wait.
    ///   - sharedCapacity: how many deliveries of all sessions together may wait.
    ///   - sharedBytes: how many bytes of events of all sessions together may wait.
    ///   - onFull: what to do when there is no room; `nil` for the default of the session.
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

    /// What to do when there is no room in the queue of a session.
    func onFull(inLiveSession isLive: Bool, takesFunctionCalls: Bool) -> OnFull {
        onFull ?? (isLive ? (takesFunctionCalls ? .dropNewest : .dropOldest) : .block)
    }
}

/// How often a failed delivery is tried, and how long it waits in between.
public struct RetryPolicy: Sendable, Hashable {
    /// The number of attempts in all; 1 means no retry.
    public var attempts: Int
    /// The wait before the second attempt; it doubles with each further one, up to 30 s.
    public var backoff: Duration

    /// Makes a policy.
    public init(attempts: Int = 1, backoff: Duration = .milliseconds(200)) {
        precondition(attempts > 0, "a delivery needs at least one attempt")
        self.attempts = attempts
        self.backoff = backoff
    }

    /// One attempt.
    public static let once = RetryPolicy()

    /// The wait after the failure of the given attempt, counted from 1.
    public func delay(afterAttempt attempt: Int) -> Duration {
        min(backoff * (1 << min(attempt - 1, 16)), .seconds(30))
    }
}
