/// Deliveries for which blocking queues had no room, in their order for each lane.
struct Overflow {
    private var byLane: [DeliveryBacklog]
    private var count = 0

    init(lanes: Int) {
        byLane = Array(repeating: DeliveryBacklog(), count: lanes)
    }

    var isEmpty: Bool { count == 0 }

    /// Whether something waits for room in this lane's queue.
    func holds(_ lane: Int) -> Bool { !byLane[lane].isEmpty }

    mutating func append(_ delivery: EventDelivery, to lane: Int) {
        byLane[lane].append(delivery)
        count += 1
    }

    /// Offers what waits to its lanes, as far as each takes it.
    ///
    /// - Parameter take: gets a delivery and its lane; `false` when there is no room for it.
    mutating func offer(_ take: (EventDelivery, Int) -> Bool) {
        for lane in byLane.indices {
            while let delivery = byLane[lane].first, take(delivery, lane) {
                _ = byLane[lane].takeFirst()
                count -= 1
            }
        }
    }
}
