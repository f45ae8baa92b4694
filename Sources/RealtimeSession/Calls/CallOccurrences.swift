internal import EventJSON
internal import RealtimeEvents

/// A call of the session: what stands for its `call_id`, and how often that was used, this call included.
struct CallKey: Hashable, Sendable {
    let id: IDKey
    let occurrence: Int
}

/// Tells the calls apart that share a `call_id`.
///
/// A call comes in up to six frames. Servers use different item ids for one call, and leave ids out of some frames. So only a
/// frame that names both another response and another item than all frames before it begins another occurrence; any other
/// frame is about an occurrence that was seen.
struct CallOccurrences: Sendable {
    /// What a frame says about the call that it is about.
    struct Frame {
        let id: IDKey
        /// The response that the frame names; nil if it names none.
        let response: IDKey?
        /// The item that the frame names; nil if it names none.
        let item: IDKey?
        /// The response that is active where the frame names none. It can show that two frames are about the same call, and
        /// never that they are not.
        var active: IDKey?
    }

    /// What has become of an occurrence.
    enum State: Sendable {
        /// Its frames arrive.
        case open
        /// It was ready, with these arguments, in this response, named or not.
        case ready(ArgumentsKey, response: IDKey?)
        /// It will never be ready.
        case notRun
        /// The conversation had its output before any response made it: a client restored it from another session.
        case history
    }

    struct Occurrence: Sendable {
        var responses: [IDKey] = []
        var items: [IDKey] = []
        /// The responses that were active when its frames named none.
        var activeResponses: [IDKey] = []
        var state = State.open
        /// Whether a repetition of it was reported.
        var isRepetitionReported = false
    }

    /// How many `call_id`s are remembered; beyond it the oldest is forgotten.
    static let idLimit = 131_072
    /// How many occurrences of one `call_id` are remembered.
    static let occurrenceLimit = 1024

    private struct Calls: Sendable {
        var occurrences: [Occurrence] = []
        /// The number of the first occurrence that is remembered.
        var first = 1
    }

    private var calls: [IDKey: Calls] = [:]
    private var order = RecentKeys(limit: idLimit)

    /// The latest occurrence of a `call_id`; nil if none was seen.
    func latest(_ id: IDKey) -> CallKey? {
        calls[id].map { CallKey(id: id, occurrence: $0.first + $0.occurrences.count - 1) }
    }

    /// An occurrence; nil if it was forgotten.
    subscript(key: CallKey) -> Occurrence? {
        get {
            guard let calls = calls[key.id], key.occurrence >= calls.first,
                key.occurrence - calls.first < calls.occurrences.count
            else { return nil }
            return calls.occurrences[key.occurrence - calls.first]
        }
        set {
            guard let newValue, self[key] != nil, let first = calls[key.id]?.first else { return }
            calls[key.id]?.occurrences[key.occurrence - first] = newValue
        }
    }

    /// The occurrence that a frame is about; a new one if the frame proves that it is another call.
    mutating func take(_ frame: Frame) -> CallKey {
        if let forgotten = order.insert(frame.id).forgotten { calls[forgotten] = nil }
        var known = calls.removeValue(forKey: frame.id) ?? Calls(occurrences: [Occurrence()])
        let place = Self.place(of: frame, in: known.occurrences)
        if let place {
            Self.learn(frame, &known.occurrences[place.index], isProven: place.isProven)
        } else {
            known.occurrences.append(Occurrence())
            Self.learn(frame, &known.occurrences[known.occurrences.count - 1], isProven: true)
            if known.occurrences.count > Self.occurrenceLimit {
                known.occurrences.removeFirst()
                known.first += 1
            }
        }
        calls[frame.id] = known
        return CallKey(id: frame.id, occurrence: known.first + (place?.index ?? known.occurrences.count - 1))
    }

    /// Where a frame's occurrence stands, and whether an equal id proves it; nil for a new occurrence.
    private static func place(of frame: Frame, in known: [Occurrence]) -> (index: Int, isProven: Bool)? {
        let last = known.count - 1
        for index in stride(from: last, through: 0, by: -1) {
            if known[index].hasIDs(of: frame) { return (index, true) }
        }
        if case .history = known[last].state, frame.response != nil { return nil }
        let isAnother =
            frame.response != nil && frame.item != nil && !known[last].responses.isEmpty && !known[last].items.isEmpty
        return isAnother ? nil : (last, false)
    }

    /// Keeps the ids of a frame. An id of a kind that was seen already is kept only if the other kind proves that the frame is
    /// about this occurrence: else it may be the next one's.
    private static func learn(_ frame: Frame, _ occurrence: inout Occurrence, isProven: Bool) {
        learn(frame.response, &occurrence.responses, isProven)
        learn(frame.item, &occurrence.items, isProven)
        learn(frame.active, &occurrence.activeResponses, isProven)
    }

    /// More ids of a kind than a call ever has, so that an odd server cannot fill the memory with one call.
    private static let idsOfAKind = 8

    private static func learn(_ id: IDKey?, _ known: inout [IDKey], _ isProven: Bool) {
        guard let id, isProven || known.isEmpty, known.count < idsOfAKind, !known.contains(id) else { return }
        known.append(id)
    }
}

extension CallOccurrences.Occurrence {
    /// Whether an id of a frame was seen for this occurrence.
    fileprivate func hasIDs(of frame: CallOccurrences.Frame) -> Bool {
        if let item = frame.item, items.contains(item) { return true }
        guard let response = frame.response ?? frame.active else { return false }
        return responses.contains(response) || activeResponses.contains(response)
    }
}

/// What stands for a call's arguments, to see whether they come again.
struct ArgumentsKey: Hashable, Sendable {
    private let text: IDKey
    private let value: Int

    init(_ text: String) {
        self.text = IDKey(text)
        value = Self.hash(text)
    }

    /// Whether a text says the same arguments, in whatever notation.
    func isSame(as text: String) -> Bool { self.text == IDKey(text) || value == Self.hash(text) }

    private static func hash(_ text: String) -> Int { FunctionCall.arguments(text).hashValue }
}

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
