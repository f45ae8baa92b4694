import EventJSON
import EventRouter

/// What the journal says became of calls. The answers stay in the file: a call takes some 150 bytes here.
struct JournalIndex: Sendable {
    private struct Dated: Sendable {
        var ending: JournalEnding
        var time: String
    }

    private let rules: [String: OnceRule]
    private var calls = JournaledCalls()
    /// How the last call ended of those that mean the same.
    private var latest: [CallKey: Dated] = [:]
    /// How many lines could not be read: those that a crash or a full disk broke off.
    private(set) var tornLines = 0

    private static let names = [
        "session", "session_id", "call_id", "occurrence", "response_id", "item_id", "state", "name",
    ]
    private static let plan = FieldPlan(names.map { [$0] })
    private static let fields = names.map { plan.slot([$0]) ?? 0 }

    /// - Parameter rules: by a function's name, which of its calls mean the same.
    init(rules: [String: OnceRule]) {
        self.rules = rules
    }

    /// How a call ended; nil when it was never started.
    func ending(of call: CallIdentity) -> JournalEnding? {
        calls.find(call).flatMap { $0.ending == .reserved ? nil : $0.ending }
    }

    /// The call's occurrence as the journal counts it. An earlier run may have used the `call_id` for other calls of the session,
    /// which the session of this run does not know.
    mutating func reserveOccurrence(of call: CallIdentity) -> Int { calls.reserveOccurrence(of: call) }

    /// How the last of the calls ended that have a key in common; nil when that was before a time, or it failed.
    ///
    /// - Parameter first: the time as the journal writes it, in which the order of times is that of the texts.
    func ending(of key: CallKey, since first: String) -> JournalEnding? {
        latest[key].flatMap { $0.time < first ? nil : $0.ending }
    }

    /// Takes a line in.
    mutating func note(_ line: [UInt8], at place: JournalPlace) {
        let text = line.span.bytes
        var slots = FieldSlots(Self.plan)
        let isRead = (try? Self.plan.scan(text, into: &slots)) != nil
        let values = isRead ? Self.fields.map { slots.string(slot: $0, in: text) } : []
        guard isRead, let session = values[0], let callID = values[2], let state = values[6] else {
            if !line.starts(with: RecordLines.forgotten) { tornLines += 1 }
            return
        }
        note(
            state,
            CallIdentity(
                session: session, sessionID: values[1], callID: callID,
                occurrence: slots.int(slot: Self.fields[3], in: text) ?? 1, responseID: values[4], itemID: values[5]),
            at: place)
        guard let name = values[7], let rule = rules[name],
            let value = try? JSONValue(parsing: text), let arguments = value["arguments"]?.object,
            // Of what must not be written nobody can say whether it was the same.
            !rule.isRedacted(in: arguments), let key = rule.key(name, arguments)
        else { return }
        note(state, like: key, at: place, time: value["time"]?.string ?? "")
    }

    /// What is finished stays so. What was cancelled after its start may be done or not, so it stays open; what was refused,
    /// or cancelled before, has not begun.
    private mutating func note(_ state: String, _ call: CallIdentity, at place: JournalPlace) {
        switch state {
        case "started": calls.note(call, .open)
        case "completed", "failed", "timed_out": calls.note(call, .finished(place))
        default: break
        }
    }

    /// A failure stands for no other call.
    private mutating func note(_ state: String, like key: CallKey, at place: JournalPlace, time: String) {
        switch state {
        case "started": latest[key] = Dated(ending: .open, time: time)
        case "completed": latest[key] = Dated(ending: .finished(place), time: time)
        case "failed", "timed_out": latest[key] = nil
        default: break
        }
    }
}

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

/// Where a line of the journal begins.
struct JournalPlace: Sendable, Hashable {
    var file: Int32
    var offset: Int
}

/// How a call ended, as far as the journal says.
enum JournalEnding: Sendable, Hashable {
    /// It was taken in this run and has not begun.
    case reserved
    /// It was started, and nothing says how it ended.
    case open
    /// The line that says how.
    case finished(JournalPlace)
}
