/// A handler that takes several events at a time, for work that costs about the same for one event or many, or that
/// should not happen too often.
///
/// ## Contract
/// As for ``EventHandler``, with these differences:
/// * **Batches**: a batch holds the deliveries of all sessions that arrived since the last batch: at least one, and at
///   most ``BatchPolicy/limit``. If more are waiting, each run gets a share of the batch. The first event after a quiet
///   period is delivered immediately. Events that arrive within ``BatchPolicy/interval`` of the start of a batch wait
///   for the next batch.
/// * **Order**: the handler gets one batch at a time, for all runs of the router together. Deliveries of a source keep
///   the source's order, across its sessions. ``ConcurrentHandling`` has no effect.
/// * **Cancellation**: when the deadline of one run passes, the router cancels a batch that contains its deliveries. If
///   `handle(_:)` then throws `CancellationError`, that run's deliveries become dead letters, and deliveries of other
///   runs are retried regardless of their policies.
/// * **Throwing** means that the whole batch failed. The router retries all of it, up to the highest number of attempts
///   among the retry policies of its routes and the handler. Then each delivery becomes a dead letter.
public protocol BatchEventHandler: EventHandler {
    /// The limits of batches. The router reads it once, when it starts.
    var batching: BatchPolicy { get }

    /// Handles a batch of at least one event.
    ///
    /// - Throws: Any error if the whole batch failed.
    func handle(_ batch: [EventDelivery]) async throws
}

extension BatchEventHandler {
    /// Handles one event as a batch.
    public func handle(_ delivery: EventDelivery) async throws { try await handle([delivery]) }
}

/// The largest size of a ``BatchEventHandler``'s batches, and the time between them.
public struct BatchPolicy: Sendable, Hashable {
    /// The largest number of deliveries in a batch; at least 1.
    public var limit: Int
    /// The time from the start of one batch to the start of the next, for all sessions of a router together. Events
    /// that arrive in between wait and are delivered together. The next batch starts earlier if it is full, if a queue
    /// is full (``QueuePolicy/capacity``), or if all sources have ended. Retries of a failed batch follow only the
    /// ``RetryPolicy``.
    public var interval: Duration

    /// Creates a policy.
    public init(limit: Int = 100, interval: Duration = .zero) {
        precondition(limit > 0, "a batch needs room for one delivery")
        self.limit = limit
        self.interval = interval
    }
}
