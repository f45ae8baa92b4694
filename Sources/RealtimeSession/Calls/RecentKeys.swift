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

    func contains(_ key: IDKey) -> Bool { members.contains(key) }

    mutating func insert(_ key: IDKey) {
        guard members.insert(key).inserted else { return }
        if ring.count < limit {
            ring.append(key)
        } else {
            members.remove(ring[oldest])
            ring[oldest] = key
            oldest = (oldest + 1) % limit
        }
    }
}
