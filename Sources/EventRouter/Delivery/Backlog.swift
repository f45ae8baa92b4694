/// Elements that wait, oldest first. Taking from the front does not move the others.
struct Backlog<Element> {
    private var elements: [Element] = []
    /// The index of the oldest element; those before it were taken.
    private var front = 0

    var count: Int { elements.count - front }
    var isEmpty: Bool { count == 0 }
    /// The elements, oldest first.
    var all: ArraySlice<Element> { elements[front...] }

    mutating func append(_ element: Element) { elements.append(element) }

    /// Takes the oldest elements, at most `limit`.
    mutating func take(_ limit: Int) -> [Element] {
        let end = front + min(limit, count)
        defer { forget(end) }
        return Array(elements[front..<end])
    }

    /// Takes the oldest element, if there is one.
    mutating func takeFirst() -> Element? {
        guard !isEmpty else { return nil }
        defer { forget(front + 1) }
        return elements[front]
    }

    /// Takes the newest element, if there is one.
    mutating func takeLast() -> Element? { isEmpty ? nil : elements.removeLast() }

    /// Puts elements before all others.
    mutating func putBack(_ taken: some Collection<Element>) {
        elements.replaceSubrange(..<front, with: taken)
        front = 0
    }

    /// Removes what was taken once that is half of the array, so that an element is moved at most once, on average.
    private mutating func forget(_ end: Int) {
        front = end
        guard front * 2 >= elements.count else { return }
        if front == elements.count { elements = [] } else { elements.removeFirst(front) }
        front = 0
    }
}
