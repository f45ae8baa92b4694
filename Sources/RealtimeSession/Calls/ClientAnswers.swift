/// Which calls of a session the client has not answered, so that an output is matched with the call that it answers: the
/// oldest one.
struct ClientAnswers: Sendable {
    /// How many calls are remembered. A recording without the client's lines answers none.
    private static let limit = 8192

    private var owed: [IDKey: [Int]] = [:]

    /// A call may be answered from here on.
    mutating func call(_ key: CallKey) {
        if owed.count >= Self.limit { owed.removeAll() }
        owed[key.id, default: []].append(key.occurrence)
    }

    /// The occurrence that an output for a `call_id` answers; nil if no call waits for one.
    mutating func answer(_ id: IDKey) -> Int? {
        guard let occurrence = owed[id]?.first else { return nil }
        owed[id]?.removeFirst()
        if owed[id]?.isEmpty == true { owed[id] = nil }
        return occurrence
    }

    /// A call is not to be answered any more.
    mutating func forget(_ key: CallKey) {
        owed[key.id]?.removeAll { $0 == key.occurrence }
        if owed[key.id]?.isEmpty == true { owed[key.id] = nil }
    }
}
