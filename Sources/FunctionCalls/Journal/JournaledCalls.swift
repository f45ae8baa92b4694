/// The calls of a journal, found by what they are known by.
///
/// Two sessions are the same if their ids are equal, or, where an id is missing, if their keys are. Two calls of a session with one
/// `call_id` are the same if they have a response or an item in common, and different if they have neither. Where ids are missing,
/// as in the lines of older journals, the occurrence decides.
struct JournaledCalls: Sendable {
    struct Entry: Sendable {
        let occurrence: Int
        let responseID: Int?
        let itemID: Int?
        var ending: JournalEnding
        /// The entry before this one with the same session and `call_id`, and the one with the same key of the session; -1 for none.
        let previous: Int32
        let previousOfKey: Int32
    }

    private var entries: [Entry] = []
    private var newest: [CallKey: Int32] = [:]

    /// The entry of a call; nil if there is none.
    func find(_ call: CallIdentity) -> Entry? { place(of: call).map { entries[$0] } }

    /// The occurrence of a call: that of its entry, or the next one that is free, which no other call gets then.
    mutating func reserveOccurrence(of call: CallIdentity) -> Int {
        if let entry = find(call) { return entry.occurrence }
        let known = places(call).map { entries[$0].occurrence }
        var call = call
        if known.contains(call.occurrence) { call.occurrence = (known.max() ?? 0) + 1 }
        note(call, .reserved)
        return call.occurrence
    }

    /// Notes that a call was started, or how it ended. An end is final.
    mutating func note(_ call: CallIdentity, _ ending: JournalEnding) {
        if let place = place(of: call) {
            if case .finished = entries[place].ending, case .open = ending { return }
            entries[place].ending = ending
            return
        }
        let own = Self.key(call)
        let named = call.sessionID.map { _ in Self.key("named", call.session, call) }
        let number = Int32(entries.count)
        entries.append(
            Entry(
                occurrence: call.occurrence, responseID: call.responseID?.hashValue, itemID: call.itemID?.hashValue,
                ending: ending, previous: newest[own] ?? -1, previousOfKey: named.flatMap { newest[$0] } ?? -1))
        newest[own] = number
        if let named { newest[named] = number }
    }

    private func place(of call: CallIdentity) -> Int? {
        var likely: Int?
        for place in places(call) {
            let entry = entries[place]
            let response = Self.areEqual(entry.responseID, call.responseID)
            let item = Self.areEqual(entry.itemID, call.itemID)
            if response == true || item == true { return place }
            let isOther = response == false && item == false
            if !isOther, likely == nil, entry.occurrence == call.occurrence { likely = place }
        }
        return likely
    }

    /// Where the entries stand of the call's session and `call_id`, the newest first.
    private func places(_ call: CallIdentity) -> [Int] {
        if call.sessionID == nil {
            return chain(Self.key(call), \.previous) + chain(Self.key("named", call.session, call), \.previousOfKey)
        }
        return chain(Self.key(call), \.previous) + chain(Self.key("key", call.session, call), \.previous)
    }

    private func chain(_ key: CallKey, _ previous: KeyPath<Entry, Int32>) -> [Int] {
        var places: [Int] = []
        var next = newest[key] ?? -1
        while next >= 0 {
            places.append(Int(next))
            next = entries[Int(next)][keyPath: previous]
        }
        return places
    }

    private static func key(_ call: CallIdentity) -> CallKey {
        call.sessionID.map { key("id", $0, call) } ?? key("key", call.session, call)
    }

    private static func key(_ kind: String, _ session: String, _ call: CallIdentity) -> CallKey {
        CallKey([kind, session, call.callID])
    }

    /// Whether two ids are equal; nil if one is missing.
    private static func areEqual(_ known: Int?, _ id: String?) -> Bool? {
        guard let known, let id else { return nil }
        return known == id.hashValue
    }
}
