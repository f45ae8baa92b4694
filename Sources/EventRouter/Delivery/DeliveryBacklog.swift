/// Deliveries that wait, oldest first. What is taken from the front does not move the rest.
struct DeliveryBacklog {
    private var deliveries: [EventDelivery] = []
    /// Where the oldest one stands; those before it were taken.
    private var front = 0

    var count: Int { deliveries.count - front }
    var isEmpty: Bool { count == 0 }
    var first: EventDelivery? { isEmpty ? nil : deliveries[front] }

    mutating func append(_ delivery: EventDelivery) {
        deliveries.append(delivery)
    }

    /// Takes as many as there are, at most `limit`.
    mutating func take(_ limit: Int) -> [EventDelivery] {
        let end = min(front + limit, deliveries.count)
        defer { forget(end) }
        return Array(deliveries[front..<end])
    }

    /// Takes the oldest one; there has to be one.
    mutating func takeFirst() -> EventDelivery {
        defer { forget(front + 1) }
        return deliveries[front]
    }

    /// Takes the oldest one that fulfils the condition.
    mutating func takeFirst(where isWanted: (EventDelivery) -> Bool) -> EventDelivery? {
        guard let index = deliveries[front...].firstIndex(where: isWanted) else { return nil }
        return index == front ? takeFirst() : deliveries.remove(at: index)
    }

    /// What was taken goes once it is half of the array: so a delivery is moved once at the most, on average.
    private mutating func forget(_ end: Int) {
        front = end
        guard front * 2 >= deliveries.count else { return }
        deliveries.removeFirst(front)
        front = 0
    }
}
