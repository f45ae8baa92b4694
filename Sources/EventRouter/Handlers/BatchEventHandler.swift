/// A handler that takes several events at a time: for what costs as much for many as for one, or should not happen too often.
///
/// ## Contract
/// As for ``EventHandler``, but for this:
/// * **Batches**: a batch holds what came in all sessions since the last one was taken, at least one delivery and at most
///   ``BatchPolicy/limit``; if more wait, each run that has some gets its share of the batch. The first
///   event after a quiet time goes at once, alone or with those that were read with it; what comes within ``BatchPolicy/interval`` of the
///   start of a batch waits for the next.
/// * **Order**: one batch at a time, for all runs of the router together. The deliveries of a source are in the order of the source, of
///   whatever sessions they are. ``ConcurrentHandling`` does not count.
/// * **Cancellation**: when the deadline of one run passes, a batch in hand is cancelled. If it throws for that, the deliveries of that run
///   become dead letters, and those of others are tried again, whatever the policies say.
/// * **Throwing** means that none of the batch was delivered. All of it is tried again, as often as the most patient of the policies
///   of its routes and the handler says, then each delivery becomes a dead letter.
public protocol BatchEventHandler: EventHandler {
    /// How much it takes at a time, and how often; asked for once when the router starts.
    var batching: BatchPolicy { get }

    /// Takes the events of a batch, at least one.
    ///
    /// - Throws: any error to say that all of these deliveries failed.
    func handle(_ batch: [EventDelivery]) async throws
}

extension BatchEventHandler {
    /// Takes one event as a batch of one.
    public func handle(_ delivery: EventDelivery) async throws { try await handle([delivery]) }
}

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
