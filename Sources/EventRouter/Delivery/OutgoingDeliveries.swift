/// The deliveries of one session that are not in the handlers' queues yet. Some are collected, so that a queue is
/// locked and a worker started once for many deliveries; others wait because a blocking queue is full.
struct OutgoingDeliveries {
    private struct HandlerDeliveries {
        let runtime: HandlerRuntime
        var waiting = DeliveryBacklog()
        var isBlocked = false
    }

    /// The largest size of a handler's collected deliveries, in bytes. They do not count towards the bounds of its
    /// queue.
    private static let byteLimit = 1 << 20

    private var handlers: [HandlerDeliveries]
    private var blocked = 0
    private var isEmpty = true

    init(_ runtimes: [HandlerRuntime]) {
        handlers = runtimes.map { HandlerDeliveries(runtime: $0) }
    }

    /// Whether a delivery waits for room. Later deliveries to its handler must wait, too.
    var isBlocked: Bool { blocked > 0 }

    /// Adds a delivery. Submits the handler's collected deliveries if this one is urgent, if many are collected, or if
    /// they fill the queue.
    mutating func append(_ delivery: consuming QueuedDelivery, to handler: Int, isUrgent: Bool) {
        let limit = delivery.run.collectLimit
        handlers[handler].waiting.append(delivery)
        isEmpty = false
        guard isUrgent || handlers[handler].waiting.count >= limit || handlers[handler].waiting.bytes >= Self.byteLimit
        else { return }
        if !handlers[handler].isBlocked { submit(handler) }
    }

    /// Submits all deliveries to the queues, as far as they fit.
    ///
    /// - Parameter retries: Whether to include queues that were full.
    /// - Returns: Whether no deliveries are left.
    mutating func submit(retries: Bool = false) -> Bool {
        guard !isEmpty else { return true }
        isEmpty = true
        for handler in handlers.indices where !handlers[handler].waiting.isEmpty {
            if retries || !handlers[handler].isBlocked { submit(handler) }
            if !handlers[handler].waiting.isEmpty { isEmpty = false }
        }
        return isEmpty
    }

    /// Submits all deliveries to the queues, even if they do not fit.
    mutating func submitAll() {
        for handler in handlers.indices { submit(handler, isForced: true) }
        isEmpty = true
    }

    private mutating func submit(_ handler: Int, isForced: Bool = false) {
        guard let run = handlers[handler].waiting.first?.run else { return }
        handlers[handler].runtime.submit(&handlers[handler].waiting, of: run, isForced: isForced)
        if handlers[handler].isBlocked { blocked -= 1 }
        handlers[handler].isBlocked = !handlers[handler].waiting.isEmpty
        if handlers[handler].isBlocked { blocked += 1 }
    }
}
