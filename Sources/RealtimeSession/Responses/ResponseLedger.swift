/// The responses of a session: those that run, and the last ones that are done.
struct ResponseLedger: Sendable {
    /// How many responses that are done are remembered, for items that are truncated while they play.
    static let doneLimit = 128
    /// How many responses are remembered at all.
    static let limit = 1024

    private var records: [IDKey: ResponseRecord] = [:]
    /// In the order in which they were seen.
    private var keys: [IDKey] = []
    private var doneCount = 0
    /// The response that was created last and is not done: what events without a response id belong to.
    private(set) var current: IDKey?

    subscript(key: IDKey) -> ResponseRecord? {
        get { records[key] }
        _modify { yield &records[key] }
    }

    /// Makes a response known, unless it is.
    mutating func open(_ key: IDKey, turn: Int, at: Double?, id: () -> String) {
        guard records[key] == nil else { return }
        records[key] = ResponseRecord(id: id(), key: key, turn: turn, at: at)
        keys.append(key)
        current = key
        if keys.count > Self.limit { forget(keys.firstIndex { records[$0]?.isDone ?? true } ?? 0) }
    }

    /// Takes in that a response is done.
    mutating func close(_ key: IDKey) {
        if current == key { current = nil }
        doneCount += 1
        guard doneCount > Self.doneLimit, let oldest = keys.firstIndex(where: { records[$0]?.isDone ?? true }) else {
            return
        }
        forget(oldest)
    }

    /// The responses in the order in which they were seen.
    var all: [IDKey] { keys }

    private mutating func forget(_ place: Int) {
        let key = keys.remove(at: place)
        if records.removeValue(forKey: key)?.isDone == true { doneCount -= 1 }
        if current == key { current = nil }
    }
}
