/// Values by hash, of which only recent ones are kept, so that memory stays bounded however long a session or a process lasts.
struct RecentValues<Value: Sendable>: Sendable {
    /// The most values that are kept.
    static var capacity: Int { 65_536 }

    private var current: [Int: Value] = [:]
    private var previous: [Int: Value] = [:]

    /// The value of a hash; nil if there never was one, or if many others came since.
    func value(of hash: Int) -> Value? { current[hash] ?? previous[hash] }

    /// Sets the value of a hash. Two generations stand in for an order: a full one becomes the old one, and the old one is removed.
    mutating func set(_ value: Value, for hash: Int) {
        if current.count >= Self.capacity / 2 {
            previous = current
            current = [:]
        }
        current[hash] = value
    }
}
