internal import EventJSON
internal import RealtimeEvents

/// A call of the session: the key of its `call_id`, and how often the session has used that id, this call included.
struct CallKey: Hashable, Sendable {
    let id: IDKey
    let occurrence: Int
}

/// Distinguishes calls that share a `call_id`.
///
/// A call arrives in up to six events, its frames. Servers use different item ids for one call and leave ids out of
/// some frames. So a frame begins a new occurrence only if it names both a response and an item that no earlier frame
/// of the `call_id` named. Any other frame belongs to a known occurrence.
struct CallOccurrences: Sendable {
    /// The ids in one frame of a call.
    struct Frame {
        let id: IDKey
        /// The response that the frame names; nil if it names no response.
        let response: IDKey?
        /// The item that the frame names; nil if it names no item.
        let item: IDKey?
        /// The active response, if the frame names no response. It can show that two frames belong to the same call,
        /// but never that they do not.
        var active: IDKey?
    }

    /// The state of an occurrence.
    enum State: Sendable {
        /// Its frames are arriving.
        case open
        /// It became ready with these arguments, in this response.
        case ready(ArgumentsKey, response: IDKey?)
        /// It will never be ready.
        case notRun
        /// The conversation had its output before any response made it, because a client restored both from another
        /// session.
        case history
    }

    struct Occurrence: Sendable {
        var responses: [IDKey] = []
        var items: [IDKey] = []
        /// The responses that were active when frames of this call named no response.
        var activeResponses: [IDKey] = []
        var state = State.open
        /// Whether a repetition of the call was reported.
        var isRepetitionReported = false
    }

    /// How many `call_id`s are kept; beyond it the oldest is dropped.
    static let idLimit = 131_072
    /// How many occurrences of one `call_id` are kept.
    static let occurrenceLimit = 1024

    private struct Calls: Sendable {
        var occurrences: [Occurrence] = []
        /// The number of the first occurrence that is kept.
        var first = 1
    }

    private var calls: [IDKey: Calls] = [:]
    private var order = RecentKeys(limit: idLimit)

    /// The latest occurrence of a `call_id`; nil if there is none.
    func latest(_ id: IDKey) -> CallKey? {
        calls[id].map { CallKey(id: id, occurrence: $0.first + $0.occurrences.count - 1) }
    }

    /// An occurrence; nil if it was dropped.
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

    /// The occurrence that a frame belongs to; a new one if the frame's ids prove another call.
    mutating func resolve(_ frame: Frame) -> CallKey {
        if let forgotten = order.insert(frame.id).forgotten { calls[forgotten] = nil }
        var known = calls.removeValue(forKey: frame.id) ?? Calls(occurrences: [Occurrence()])
        let match = Self.match(of: frame, in: known.occurrences)
        if let match {
            Self.learn(frame, &known.occurrences[match.index], isProven: match.isProven)
        } else {
            known.occurrences.append(Occurrence())
            Self.learn(frame, &known.occurrences[known.occurrences.count - 1], isProven: true)
            if known.occurrences.count > Self.occurrenceLimit {
                known.occurrences.removeFirst()
                known.first += 1
            }
        }
        calls[frame.id] = known
        return CallKey(id: frame.id, occurrence: known.first + (match?.index ?? known.occurrences.count - 1))
    }

    /// The index of the frame's occurrence, and whether a matching id proves it; nil for a new occurrence.
    private static func match(of frame: Frame, in known: [Occurrence]) -> (index: Int, isProven: Bool)? {
        let last = known.count - 1
        for index in stride(from: last, through: 0, by: -1) {
            if known[index].hasIDs(of: frame) { return (index, true) }
        }
        if case .history = known[last].state, frame.response != nil { return nil }
        let isAnother =
            frame.response != nil && frame.item != nil && !known[last].responses.isEmpty && !known[last].items.isEmpty
        return isAnother ? nil : (last, false)
    }

    /// Adds a frame's ids to an occurrence. A second id of a kind is added only if the other kind proves that the frame
    /// belongs to this occurrence; otherwise the id may be the next occurrence's.
    private static func learn(_ frame: Frame, _ occurrence: inout Occurrence, isProven: Bool) {
        learn(frame.response, &occurrence.responses, isProven)
        learn(frame.item, &occurrence.items, isProven)
        learn(frame.active, &occurrence.activeResponses, isProven)
    }

    /// More ids of a kind than a call ever has. Bounds the memory that one call can take.
    private static let idsOfAKind = 8

    private static func learn(_ id: IDKey?, _ known: inout [IDKey], _ isProven: Bool) {
        guard let id, isProven || known.isEmpty, known.count < idsOfAKind, !known.contains(id) else { return }
        known.append(id)
    }
}

extension CallOccurrences.Occurrence {
    /// Whether the occurrence has one of the frame's ids.
    fileprivate func hasIDs(of frame: CallOccurrences.Frame) -> Bool {
        if let item = frame.item, items.contains(item) { return true }
        guard let response = frame.response ?? frame.active else { return false }
        return responses.contains(response) || activeResponses.contains(response)
    }
}

/// A compact key of a call's arguments, to detect that another event repeats them.
struct ArgumentsKey: Hashable, Sendable {
    private let text: IDKey
    private let value: Int

    init(_ text: String) {
        self.text = IDKey(text)
        value = Self.hash(text)
    }

    /// Whether a text has the same arguments, even if the JSON is written differently.
    func isSame(as text: String) -> Bool { self.text == IDKey(text) || value == Self.hash(text) }

    private static func hash(_ text: String) -> Int { FunctionCall.arguments(text).hashValue }
}

/// The calls that the client has not answered. Matches an output with the oldest unanswered call of its `call_id`.
struct ClientAnswers: Sendable {
    /// How many calls are kept. A recording without client lines answers none.
    private static let limit = 8192

    private var unanswered: [IDKey: [Int]] = [:]

    /// Adds a call that may be answered from now on.
    mutating func call(_ key: CallKey) {
        if unanswered.count >= Self.limit { unanswered.removeAll() }
        unanswered[key.id, default: []].append(key.occurrence)
    }

    /// Removes and returns the occurrence that an output answers; nil if no call of the `call_id` waits for one.
    mutating func answer(_ id: IDKey) -> Int? {
        guard let occurrence = unanswered[id]?.first else { return nil }
        unanswered[id]?.removeFirst()
        if unanswered[id]?.isEmpty == true { unanswered[id] = nil }
        return occurrence
    }

    /// Removes a call that will not be answered.
    mutating func forget(_ key: CallKey) {
        unanswered[key.id]?.removeAll { $0 == key.occurrence }
        if unanswered[key.id]?.isEmpty == true { unanswered[key.id] = nil }
    }
}
