/// Which `once_per` routes have fired for what, in one session.
struct OnceLedger {
    /// Values remembered for one route; beyond that the oldest are forgotten, so that an endless session stays small.
    static let capacity = 65_536

    private struct Seen {
        var current: Set<Int> = []
        var previous: Set<Int> = []

        /// Two generations in place of an order: when one is full it becomes the old one, and the one before goes.
        mutating func insert(_ value: Int) -> Bool {
            if current.contains(value) || previous.contains(value) { return false }
            if current.count >= OnceLedger.capacity / 2 {
                previous = current
                current = []
            }
            current.insert(value)
            return true
        }
    }

    private var seen: [Int: Seen] = [:]

    /// Whether the route may fire for this value; if so, it is noted.
    mutating func mayFire(_ route: Int, for value: Int) -> Bool {
        seen[route, default: Seen()].insert(value)
    }

    /// A new session begins.
    mutating func reset() { seen.removeAll() }
}
