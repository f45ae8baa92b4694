internal import EventJSON
internal import RealtimeEvents

/// The function calls of a session: those whose pieces arrive, and those that are ready and have no outcome.
///
/// A call is known by its `call_id` alone. Servers use different item ids for one call, and carry it in up to six frames.
struct CallLedger: Sendable {
    /// A call whose pieces arrive.
    struct Gathering: Sendable {
        let callID: String
        var name: String?
        var itemID: String?
        var response: IDKey?
        var responseID: String?
        var turn: Int
        var arguments: String?
        /// An event of a response gave the arguments whole; an item of the history does not count.
        var isComplete = false
    }

    /// How many calls may gather at once; beyond it the oldest is given up.
    static let gatheringLimit = 4096

    private var gathering: [IDKey: Gathering] = [:]
    private var keys: [IDKey] = []
    private var settled = RecentKeys(limit: 131_072)

    /// Whether a call was ready once, or never will be.
    func isSettled(_ key: IDKey) -> Bool { settled.contains(key) }

    /// Takes a piece of a call in, unless it is settled.
    mutating func gather(_ key: IDKey, turn: Int, id: () -> String, _ change: (inout Gathering) -> Void) {
        guard !settled.contains(key) else { return }
        if gathering[key] == nil {
            keys.append(key)
            if keys.count > Self.gatheringLimit { gathering[keys.removeFirst()] = nil }
        }
        change(&gathering[key, default: Gathering(callID: id(), turn: turn)])
    }

    /// Takes a call out that is ready: the second time there is none.
    mutating func settle(_ key: IDKey) -> Gathering? {
        settled.insert(key)
        guard let call = gathering.removeValue(forKey: key) else { return nil }
        keys.removeAll { $0 == key }
        return call
    }

    /// The calls of a response, or all, in the order in which they were seen.
    func open(of response: IDKey? = nil) -> [(key: IDKey, call: Gathering)] {
        keys.compactMap { key in
            guard let call = gathering[key], response == nil || call.response == response else { return nil }
            return (key, call)
        }
    }

    /// The call of an item, when it is gathering.
    func key(ofItem id: String) -> IDKey? {
        keys.first { gathering[$0]?.itemID == id }
    }
}
