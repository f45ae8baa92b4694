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
