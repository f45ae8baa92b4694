/// Deliveries that wait, oldest first, and their size.
struct DeliveryBacklog: Sendable {
    private var deliveries = Backlog<QueuedDelivery>()
    /// The size of the events, in bytes.
    private(set) var bytes = 0

    var count: Int { deliveries.count }
    var isEmpty: Bool { deliveries.isEmpty }
    /// The deliveries, oldest first.
    var all: [QueuedDelivery] { deliveries.all }
    /// The oldest delivery, if there is one.
    var first: QueuedDelivery? { deliveries.first }

    mutating func append(_ delivery: consuming QueuedDelivery) {
        bytes += delivery.size
        deliveries.append(delivery)
    }

    /// Moves all deliveries of another backlog behind those of this one.
    mutating func append(contentsOf others: inout DeliveryBacklog) {
        bytes += others.bytes
        others.bytes = 0
        deliveries.append(contentsOf: &others.deliveries)
    }

    /// The sessions and numbers of the events, oldest first.
    var events: [(session: ObjectIdentifier, number: Int)] {
        deliveries.map { (ObjectIdentifier($0.delivery.session), $0.delivery.sequence) }
    }

    /// Whether all deliveries are of the same session.
    var areOfOneSession: Bool { Set(events.map(\.session)).count <= 1 }

    /// Takes the oldest deliveries, at most `limit`.
    mutating func take(_ limit: Int) -> DeliveryBacklog {
        var taken = DeliveryBacklog()
        if limit >= count {
            swap(&taken, &self)
        } else {
            while taken.count < limit, let delivery = takeFirst() { taken.append(delivery) }
        }
        return taken
    }

    /// Takes all deliveries, oldest first.
    mutating func takeAll() -> [QueuedDelivery] {
        bytes = 0
        return deliveries.takeAll()
    }

    /// Takes the oldest delivery, if there is one.
    mutating func takeFirst() -> QueuedDelivery? { noting(deliveries.takeFirst()) }

    /// Takes the newest delivery, if there is one.
    mutating func takeLast() -> QueuedDelivery? { noting(deliveries.takeLast()) }

    /// Puts deliveries before all others.
    mutating func putBack(_ taken: ArraySlice<QueuedDelivery>) {
        for index in taken.indices { bytes += taken[index].size }
        deliveries.putBack(taken)
    }

    private mutating func noting(_ taken: QueuedDelivery?) -> QueuedDelivery? {
        bytes -= taken?.size ?? 0
        return taken
    }
}
