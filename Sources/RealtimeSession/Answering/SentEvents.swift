internal import RealtimeEvents

/// What the last client events of the router were sent for, by their `event_id`.
struct SentEvents: Sendable {
    struct Entry: Sendable {
        let origin: EventOrigin
        let type: String?
    }

    private var keys = RecentKeys(limit: 1024)
    private var entries: [IDKey: Entry] = [:]

    var isEmpty: Bool { entries.isEmpty }

    /// What an event was sent for; nil for one that is not known.
    subscript(id: IDKey) -> Entry? { entries[id] }

    mutating func note(_ id: IDKey, _ entry: Entry) {
        if let forgotten = keys.insert(id).forgotten { entries[forgotten] = nil }
        entries[id] = entry
    }
}
