import EventJSON
import EventRouter

/// The states of the calls in a journal. Answers stay in the file; a call takes about 150 bytes of memory.
struct JournalIndex: Sendable {
    private struct TimedState: Sendable {
        var state: JournaledState
        var time: String
    }

    private let rules: [String: OnceRule]
    private var calls = JournaledCalls()
    /// The state of the last call with each key of equivalent calls.
    private var latest: [CallKey: TimedState] = [:]
    /// The number of unreadable lines, truncated by a crash or a full disk.
    private(set) var tornLines = 0

    private static let names = [
        "session", "session_id", "call_id", "occurrence", "response_id", "item_id", "state", "name",
    ]
    private static let plan = FieldPlan(names.map { [$0] })
    private static let fields = names.map { plan.slot([$0]) ?? 0 }

    /// - Parameter rules: the rules that define equivalent calls, by the function's name.
    init(rules: [String: OnceRule]) {
        self.rules = rules
    }

    /// The state of a call; nil if it never started.
    func state(of call: CallIdentity) -> JournaledState? {
        calls.find(call).flatMap { $0.state == .reserved ? nil : $0.state }
    }

    /// The call's occurrence as the journal counts it. An earlier run may have used the `call_id` for other calls of
    /// the session, which this run's session does not know.
    mutating func reserveOccurrence(of call: CallIdentity) -> Int { calls.reserveOccurrence(of: call) }

    /// The state of the last of the equivalent calls with a key; nil if it is older than a time, or failed.
    ///
    /// - Parameter first: the time in the journal's format, in which texts sort like times.
    func state(of key: CallKey, since first: String) -> JournaledState? {
        latest[key].flatMap { $0.time < first ? nil : $0.state }
    }

    /// Adds a line of the journal.
    mutating func record(_ line: [UInt8], at position: JournalPosition) {
        let text = line.span.bytes
        var slots = FieldSlots(Self.plan)
        let isRead = (try? Self.plan.scan(text, into: &slots)) != nil
        let values = isRead ? Self.fields.map { slots.string(slot: $0, in: text) } : []
        guard isRead, let session = values[0], let callID = values[2], let state = values[6] else {
            if !line.starts(with: RecordLines.forgotten) { tornLines += 1 }
            return
        }
        record(
            state,
            CallIdentity(
                session: session, sessionID: values[1], callID: callID,
                occurrence: slots.int(slot: Self.fields[3], in: text) ?? 1, responseID: values[4], itemID: values[5]),
            at: position)
        guard let name = values[7], let rule = rules[name],
            let value = try? JSONValue(parsing: text), let arguments = value["arguments"]?.object,
            // Redacted arguments cannot be compared.
            !rule.isRedacted(in: arguments), let key = rule.key(name, arguments)
        else { return }
        record(state, like: key, at: position, time: value["time"]?.string ?? "")
    }

    /// Records a state. A finished call stays finished. A call cancelled after its start may or may not be done, so it
    /// stays open; a call that was refused, or cancelled before its start, has not started.
    private mutating func record(_ state: String, _ call: CallIdentity, at position: JournalPosition) {
        switch state {
        case "started": calls.record(call, .open)
        case "completed", "failed", "timed_out": calls.record(call, .finished(position))
        default: break
        }
    }

    /// Records the state for equivalent calls. They do not share a failure.
    private mutating func record(_ state: String, like key: CallKey, at position: JournalPosition, time: String) {
        switch state {
        case "started": latest[key] = TimedState(state: .open, time: time)
        case "completed": latest[key] = TimedState(state: .finished(position), time: time)
        case "failed", "timed_out": latest[key] = nil
        default: break
        }
    }
}

/// The calls of a journal, indexed by identity.
///
/// Two sessions are the same if their ids are equal or, if an id is missing, their keys. Two calls of a session with
/// the same `call_id` are the same if their responses or their items are equal, and different if both differ. If ids
/// are missing, as in the lines of older journals, the occurrence decides.
struct JournaledCalls: Sendable {
    struct Entry: Sendable {
        let occurrence: Int
        let responseID: Int?
        let itemID: Int?
        var state: JournaledState
        /// The previous entry with the same session and `call_id`, and the previous entry with the same session key; -1
        /// if there is none.
        let previous: Int32
        let previousOfKey: Int32
    }

    private var entries: [Entry] = []
    private var newest: [CallKey: Int32] = [:]

    /// The entry of a call; nil if there is none.
    func find(_ call: CallIdentity) -> Entry? { index(of: call).map { entries[$0] } }

    /// The occurrence of a call: that of its entry, or the next free occurrence, which is then reserved.
    mutating func reserveOccurrence(of call: CallIdentity) -> Int {
        if let entry = find(call) { return entry.occurrence }
        let known = indices(call).map { entries[$0].occurrence }
        var call = call
        if known.contains(call.occurrence) { call.occurrence = (known.max() ?? 0) + 1 }
        record(call, .reserved)
        return call.occurrence
    }

    /// Records the state of a call. A finished state is final.
    mutating func record(_ call: CallIdentity, _ state: JournaledState) {
        if let index = index(of: call) {
            if case .finished = entries[index].state, case .open = state { return }
            entries[index].state = state
            return
        }
        let own = Self.key(call)
        let named = call.sessionID.map { _ in Self.key("named", call.session, call) }
        let number = Int32(entries.count)
        entries.append(
            Entry(
                occurrence: call.occurrence, responseID: call.responseID?.hashValue, itemID: call.itemID?.hashValue,
                state: state, previous: newest[own] ?? -1, previousOfKey: named.flatMap { newest[$0] } ?? -1))
        newest[own] = number
        if let named { newest[named] = number }
    }

    private func index(of call: CallIdentity) -> Int? {
        var candidate: Int?
        for index in indices(call) {
            let entry = entries[index]
            let response = Self.areEqual(entry.responseID, call.responseID)
            let item = Self.areEqual(entry.itemID, call.itemID)
            if response == true || item == true { return index }
            let isOther = response == false && item == false
            if !isOther, candidate == nil, entry.occurrence == call.occurrence { candidate = index }
        }
        return candidate
    }

    /// The indices of the entries with the call's session and `call_id`, the newest first.
    private func indices(_ call: CallIdentity) -> [Int] {
        if call.sessionID == nil {
            return chain(Self.key(call), \.previous) + chain(Self.key("named", call.session, call), \.previousOfKey)
        }
        return chain(Self.key(call), \.previous) + chain(Self.key("key", call.session, call), \.previous)
    }

    private func chain(_ key: CallKey, _ previous: KeyPath<Entry, Int32>) -> [Int] {
        var indices: [Int] = []
        var next = newest[key] ?? -1
        while next >= 0 {
            indices.append(Int(next))
            next = entries[Int(next)][keyPath: previous]
        }
        return indices
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

/// The position of a line in the journal's files.
struct JournalPosition: Sendable, Hashable {
    var file: Int32
    var offset: Int
}

/// The state of a call according to the journal.
enum JournaledState: Sendable, Hashable {
    /// Its occurrence is reserved in this run, and it has not started.
    case reserved
    /// It was started, and its end is not recorded.
    case open
    /// It has ended, as the line at this position says.
    case finished(JournalPosition)
}
