/// A queue of waiting elements, oldest first. Taking from the front does not move the others.
struct Backlog<Element> {
    /// Never nil from ``front`` on; optional so that an element is moved out, not copied, which would count references.
    private var elements: [Element?] = []
    /// The index of the oldest element. Elements before it were taken.
    private var front = 0

    var count: Int { elements.count - front }
    var isEmpty: Bool { count == 0 }
    /// The elements, oldest first.
    var all: [Element] { map(\.self) }
    /// The oldest element; nil if the queue is empty.
    var first: Element? { isEmpty ? nil : elements[front] }

    mutating func append(_ element: consuming Element) { elements.append(element) }

    /// Appends all elements of another backlog, which is empty afterwards.
    mutating func append(contentsOf others: inout Backlog) {
        if isEmpty { return swap(&self, &others) }
        elements.reserveCapacity(elements.count + others.count)
        for index in others.front..<others.elements.count { elements.append(others.elements[index].take()) }
        others = Backlog()
    }

    /// Removes and returns all elements, oldest first.
    mutating func takeAll() -> [Element] {
        var taken: [Element] = []
        taken.reserveCapacity(count)
        while let element = takeFirst() { taken.append(element) }
        return taken
    }

    /// Returns the results of a closure for each element, oldest first.
    func map<Result>(_ transform: (Element) -> Result) -> [Result] {
        var results: [Result] = []
        results.reserveCapacity(count)
        for index in front..<elements.count { results.append(transform(elements[index]!)) }
        return results
    }

    /// Removes and returns the oldest element; nil if the queue is empty.
    mutating func takeFirst() -> Element? {
        guard !isEmpty else { return nil }
        defer { forget(front + 1) }
        return elements[front].take()
    }

    /// Removes and returns the newest element; nil if the queue is empty.
    mutating func takeLast() -> Element? {
        guard !isEmpty else { return nil }
        defer { if isEmpty { forget(front) } }
        return elements.removeLast()
    }

    /// Inserts elements before all others.
    mutating func putBack(_ taken: some Collection<Element>) {
        elements.replaceSubrange(..<front, with: taken.map(Optional.some))
        front = 0
    }

    /// Removes taken elements once they are half of the array, so that an element is moved at most once, on average.
    private mutating func forget(_ end: Int) {
        front = end
        guard front * 2 >= elements.count else { return }
        if front == elements.count { elements = [] } else { elements.removeFirst(front) }
        front = 0
    }
}

extension Backlog: Sendable where Element: Sendable {}

/// A queue of waiting deliveries, oldest first, with their total size.
struct DeliveryBacklog: Sendable {
    private var deliveries = Backlog<QueuedDelivery>()
    /// The total size of the events, in bytes.
    private(set) var bytes = 0

    var count: Int { deliveries.count }
    var isEmpty: Bool { deliveries.isEmpty }
    /// The deliveries, oldest first.
    var all: [QueuedDelivery] { deliveries.all }
    /// The oldest delivery; nil if the queue is empty.
    var first: QueuedDelivery? { deliveries.first }

    mutating func append(_ delivery: consuming QueuedDelivery) {
        bytes += delivery.size
        deliveries.append(delivery)
    }

    /// Appends all deliveries of another backlog, which is empty afterwards.
    mutating func append(contentsOf others: inout DeliveryBacklog) {
        bytes += others.bytes
        others.bytes = 0
        deliveries.append(contentsOf: &others.deliveries)
    }

    /// The sessions and numbers of the events, oldest first.
    var events: [(session: ObjectIdentifier, number: Int)] {
        deliveries.map { (ObjectIdentifier($0.delivery.session), $0.delivery.sequence) }
    }

    /// Whether all deliveries belong to the same session.
    var areOfOneSession: Bool { Set(events.map(\.session)).count <= 1 }

    /// Removes and returns the oldest deliveries, at most `limit`.
    mutating func take(_ limit: Int) -> DeliveryBacklog {
        var taken = DeliveryBacklog()
        if limit >= count {
            swap(&taken, &self)
        } else {
            while taken.count < limit, let delivery = takeFirst() { taken.append(delivery) }
        }
        return taken
    }

    /// Removes and returns all deliveries, oldest first.
    mutating func takeAll() -> [QueuedDelivery] {
        bytes = 0
        return deliveries.takeAll()
    }

    /// Removes and returns the oldest delivery; nil if the queue is empty.
    mutating func takeFirst() -> QueuedDelivery? { noting(deliveries.takeFirst()) }

    /// Removes and returns the newest delivery; nil if the queue is empty.
    mutating func takeLast() -> QueuedDelivery? { noting(deliveries.takeLast()) }

    /// Inserts deliveries before all others.
    mutating func putBack(_ taken: ArraySlice<QueuedDelivery>) {
        for index in taken.indices { bytes += taken[index].size }
        deliveries.putBack(taken)
    }

    private mutating func noting(_ taken: QueuedDelivery?) -> QueuedDelivery? {
        bytes -= taken?.size ?? 0
        return taken
    }
}
