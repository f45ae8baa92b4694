/// How many deliveries a ``BatchEventHandler`` gets at a time, and how far apart.
public struct BatchPolicy: Sendable, Hashable {
    /// The largest number of deliveries in a batch; at least 1.
    public var limit: Int
    /// The time from the start of a batch to that of the next, for all sessions of a router together. What comes meanwhile waits and goes
    /// together. A full batch does not wait, nor does a full queue (``QueuePolicy/capacity``), and nothing does once no source is left
    /// that has not ended: the end of one session waits while others run. Further attempts at a batch that failed follow the
    /// ``RetryPolicy`` alone.
    public var interval: Duration

    /// Makes a policy.
    public init(limit: Int = 100, interval: Duration = .zero) {
        precondition(limit > 0, "a batch needs room for one delivery")
        self.limit = limit
        self.interval = interval
    }
}
