/// Deliveries of one session that its loop has not yet put into the handlers' queues: some, so that a queue is locked and a worker
/// started once for many of them, and those for which a blocking queue has no room.
struct OutgoingDeliveries {
    private struct HandlerDeliveries {
        let runtime: HandlerRuntime
        var waiting = DeliveryBacklog()
        var isBlocked = false
    }

    /// The most bytes of a handler's deliveries that are collectLimit here. They do not count for the bounds of its queue.
    private static let byteLimit = 1 << 20

    private var handlers: [HandlerDeliveries]
    private var blocked = 0
    private var isEmpty = true

    init(_ runtimes: [HandlerRuntime]) {
        handlers = runtimes.map { HandlerDeliveries(runtime: $0) }
    }

    /// Whether a delivery waits for room, which the following ones of its handler have to do as well.
    var isBlocked: Bool { blocked > 0 }

    /// Adds a delivery, and puts what is here into the queue of its handler if it `isUrgent`, or if many wait here or as many as the queue
    /// holds.
    mutating func append(_ delivery: consuming QueuedDelivery, to handler: Int, isUrgent: Bool) {
        let limit = delivery.run.collectLimit
        handlers[handler].waiting.append(delivery)
        isEmpty = false
        guard isUrgent || handlers[handler].waiting.count >= limit || handlers[handler].waiting.bytes >= Self.byteLimit
        else { return }
        if !handlers[handler].isBlocked { submit(handler) }
    }

    /// Puts all that is here into the queues, as far as they have room.
    ///
    /// - Parameter retries: whether to ask the queues that had no room, too.
    /// - Returns: Whether nothing is left here.
    mutating func submit(retries: Bool = false) -> Bool {
        guard !isEmpty else { return true }
        isEmpty = true
        for handler in handlers.indices where !handlers[handler].waiting.isEmpty {
            if retries || !handlers[handler].isBlocked { submit(handler) }
            if !handlers[handler].waiting.isEmpty { isEmpty = false }
        }
        return isEmpty
    }

    /// Puts all that is here into the queues, whether or not they have room.
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
