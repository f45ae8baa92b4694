/// How many deliveries a ``BatchEventHandler`` gets at a time, and how far apart.
public struct BatchPolicy: Sendable, Hashable {
    /// The largest number of deliveries in a batch; at least 1.
    public var limit: Int
    /// The least time from the start of a batch to that of the next. What comes meanwhile waits and goes together; a full batch does
    /// not wait, and nothing does once the source has ended.
    public var interval: Duration

    /// Makes a policy.
    public init(limit: Int = 100, interval: Duration = .zero) {
        precondition(limit > 0, "a batch needs room for one delivery")
        self.limit = limit
        self.interval = interval
    }
}
