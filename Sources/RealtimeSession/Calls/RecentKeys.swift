/// A set of ids that forgets the oldest when it is full: what was done once and must not be done again.
struct RecentKeys: Sendable {
    let limit: Int
    private var members: Set<IDKey> = []
    /// A ring in order of arrival.
    private var ring: [IDKey] = []
    private var oldest = 0

    init(limit: Int) {
        self.limit = limit
    }

    var isEmpty: Bool { members.isEmpty }

    func contains(_ key: IDKey) -> Bool { members.contains(key) }

    /// Adds an id.
    ///
    /// - Returns: Whether the id is new, and the id that was forgotten for it.
    @discardableResult
    mutating func insert(_ key: IDKey) -> (isNew: Bool, forgotten: IDKey?) {
        guard members.insert(key).inserted else { return (false, nil) }
        guard ring.count == limit else {
            ring.append(key)
            return (true, nil)
        }
        let forgotten = ring[oldest]
        members.remove(forgotten)
        ring[oldest] = key
        oldest = (oldest + 1) % limit
        return (true, forgotten)
    }
}
