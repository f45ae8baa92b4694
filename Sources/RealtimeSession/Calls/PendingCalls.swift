internal import EventJSON
internal import RealtimeEvents

/// The function calls of a session until they are ready. Each call is assembled from its frames: the events that carry
/// parts of the call.
struct PendingCalls: Sendable {
    /// A call whose frames are arriving.
    struct Call: Sendable {
        let callID: String
        let occurrence: Int
        var name: String?
        var itemID: String?
        var response: IDKey?
        var responseID: String?
        var turn: Int
        var arguments: String?
        /// Whether an event of a response gave the complete arguments. A restored history item does not count.
        var isComplete = false

        /// The occurrence as in derived events: nil for the first.
        var laterOccurrence: Int? { occurrence > 1 ? occurrence : nil }

        /// The call's label in event ids.
        var label: String { CallReference.label(callID, occurrence: occurrence) }
    }

    /// A frame that repeats a complete call after it was settled. A later frame may prove that it belongs to the next
    /// occurrence instead.
    struct Repetition: Sendable {
        let key: CallKey
        let callID: String
        let item: IDKey?
        let itemID: String?
        let responseID: String?
        let hasOtherArguments: Bool
    }

    /// How many calls may be pending at the same time; beyond it the oldest is dropped.
    static let limit = 4096
    /// How many repetitions may wait to be reported; no real response has more.
    private static let repetitionLimit = 256

    private var pending: [CallKey: Call] = [:]
    private var keys: [CallKey] = []
    private var occurrences = CallOccurrences()
    private var clientAnswers = ClientAnswers()
    /// Repetitions that may have to be reported.
    private(set) var repetitions: [Repetition] = []
    /// The calls without an id that were reported.
    var reportedWithoutID = RecentKeys(limit: 4096)

    /// The key of a frame's call.
    mutating func key(of frame: CallOccurrences.Frame) -> CallKey { occurrences.resolve(frame) }

    /// The latest call with a `call_id`; nil if there is none.
    func latest(_ id: IDKey) -> CallKey? { occurrences.latest(id) }

    /// The occurrence of a `call_id` that the client's output answers.
    mutating func takeOccurrence(answeredBy id: IDKey) -> Int {
        clientAnswers.answer(id) ?? latest(id)?.occurrence ?? 1
    }

    /// Whether a call is neither ready nor dropped.
    func isOpen(_ key: CallKey) -> Bool {
        if case .open? = occurrences[key]?.state { true } else { false }
    }

    /// Changes a call, unless it is settled. Adds the call when it is new.
    ///
    /// - Returns: The call that was dropped to make room; nil if there was room.
    mutating func update(
        _ key: CallKey, turn: Int, id: () -> String, _ change: (inout Call) -> Void
    ) -> Call? {
        guard isOpen(key) else { return nil }
        var displaced: Call?
        if pending[key] == nil {
            keys.append(key)
            if keys.count > Self.limit { displaced = settle(keys[0], .notRun) }
        }
        change(&pending[key, default: Call(callID: id(), occurrence: key.occurrence, turn: turn)])
        return displaced
    }

    /// Removes and returns a call that is ready or never will be; nil the second time.
    mutating func settle(_ key: CallKey, _ state: CallOccurrences.State) -> Call? {
        guard isOpen(key) else { return nil }
        occurrences[key]?.state = state
        guard let call = pending.removeValue(forKey: key) else { return nil }
        keys.removeAll { $0 == key }
        return call
    }

    /// Removes and returns a call that is ready; nil if it has no `call_id` or is not pending.
    mutating func settleReady(_ key: CallKey) -> Call? {
        guard let call = pending[key], !call.callID.isEmpty else { return nil }
        clientAnswers.call(key)
        return settle(key, .ready(ArgumentsKey(call.arguments ?? ""), response: call.response))
    }

    /// Removes and returns a call that another executor answered.
    mutating func settleAnswered(_ key: CallKey) -> Call? {
        settle(key, pending[key]?.response == nil ? .history : .notRun)
    }

    /// The pending calls of a response, or all of them, in the order in which they were first seen.
    func open(of response: IDKey? = nil) -> [(key: CallKey, call: Call)] {
        keys.compactMap { key in
            guard let call = pending[key], response == nil || call.response == response else { return nil }
            return (key, call)
        }
    }

    /// The pending call of an item; nil if there is none.
    func key(ofItem id: String) -> CallKey? {
        keys.first { pending[$0]?.itemID == id }
    }
}

// MARK: - Repetitions

extension PendingCalls {
    /// Records a frame that carries a complete call after that call was settled.
    ///
    /// - Parameter response: The response that the frame belongs to, whether it names the response or not.
    mutating func noteRepetition(
        _ key: CallKey, _ frame: CallOccurrences.Frame, response: IDKey?, arguments: String?,
        _ describe: (Bool) -> Repetition
    ) {
        guard let occurrence = occurrences[key], !occurrence.isRepetitionReported,
            case .ready(let known, let ownResponse) = occurrence.state
        else { return }
        let hasOtherArguments = arguments.map { !known.isSame(as: $0) } ?? false
        let isElsewhere =
            if let response, let ownResponse { response != ownResponse } else {
                frame.item.map { !occurrence.items.isEmpty && !occurrence.items.contains($0) } ?? false
            }
        guard hasOtherArguments || isElsewhere else { return }
        note(describe(hasOtherArguments))
    }

    /// Whether a frame may carry another call, though no id proves it: the known call is complete and waits for the end
    /// of its response, and the frame has another item and other arguments.
    func isOther(_ key: CallKey, itemID: String?, arguments: String?) -> Bool {
        guard let call = pending[key], call.isComplete, let itemID, let known = call.itemID, itemID != known,
            let arguments
        else { return false }
        return !ArgumentsKey(call.arguments ?? "").isSame(as: arguments)
    }

    /// Records a repetition, up to the limit.
    mutating func note(_ repetition: Repetition) {
        if repetitions.count < Self.repetitionLimit { repetitions.append(repetition) }
    }

    /// Removes the recorded repetitions, and returns one for each call unless a later frame explains it.
    mutating func takeRepetitions() -> [Repetition] {
        defer { repetitions = [] }
        return repetitions.filter { repetition in
            let latest = occurrences.latest(repetition.key.id)
            let isExplained = latest.flatMap { occurrences[$0] }.map { later in
                latest != repetition.key && repetition.item.map(later.items.contains) != false
            }
            guard isExplained != true, occurrences[repetition.key]?.isRepetitionReported == false else { return false }
            occurrences[repetition.key]?.isRepetitionReported = true
            return true
        }
    }
}
