internal import EventJSON
internal import RealtimeEvents

/// The function calls of a session until they are ready: the frames of each, put together.
struct CallLedger: Sendable {
    /// A call whose frames arrive.
    struct Gathering: Sendable {
        let callID: String
        let occurrence: Int
        var name: String?
        var itemID: String?
        var response: IDKey?
        var responseID: String?
        var turn: Int
        var arguments: String?
        /// An event of a response gave the arguments whole; an item of the history does not count.
        var isComplete = false

        /// The occurrence as events say it: absent for the first.
        var laterOccurrence: Int? { occurrence > 1 ? occurrence : nil }

        /// The call's name in event ids.
        var label: String { CallReference.label(callID, occurrence: occurrence) }
    }

    /// A frame that says a call whole which is settled already. It is no repetition if a later frame proves that it began
    /// another occurrence.
    struct Repetition: Sendable {
        let key: CallKey
        let callID: String
        let item: IDKey?
        let itemID: String?
        let responseID: String?
        let hasOtherArguments: Bool
    }

    /// How many calls may gather together; beyond it the oldest is given up.
    static let gatheringLimit = 4096
    /// How many frames may wait to be reported; a response that says more than that is no response.
    private static let repetitionLimit = 256

    private var gathering: [CallKey: Gathering] = [:]
    private var keys: [CallKey] = []
    private var occurrences = CallOccurrences()
    private var clientAnswers = ClientAnswers()
    /// Frames of settled calls that may have to be reported.
    private(set) var repetitions: [Repetition] = []
    /// What was raised of calls without an id.
    var raisedNameless = RecentKeys(limit: 4096)

    /// The call that a frame is about.
    mutating func key(of frame: CallOccurrences.Frame) -> CallKey { occurrences.take(frame) }

    /// The latest call with a `call_id`; nil if none was seen.
    func latest(_ id: IDKey) -> CallKey? { occurrences.latest(id) }

    /// The occurrence of a call that an output of the client's answers.
    mutating func takeOccurrence(answeredBy id: IDKey) -> Int {
        clientAnswers.answer(id) ?? latest(id)?.occurrence ?? 1
    }

    /// Whether a call is neither ready nor given up.
    func isOpen(_ key: CallKey) -> Bool {
        if case .open? = occurrences[key]?.state { true } else { false }
    }

    /// Takes a piece of a call in, unless it is settled.
    ///
    /// - Returns: The call that was given up to make room.
    mutating func gather(
        _ key: CallKey, turn: Int, id: () -> String, _ change: (inout Gathering) -> Void
    ) -> Gathering? {
        guard isOpen(key) else { return nil }
        var displaced: Gathering?
        if gathering[key] == nil {
            keys.append(key)
            if keys.count > Self.gatheringLimit { displaced = settle(keys[0], .notRun) }
        }
        change(&gathering[key, default: Gathering(callID: id(), occurrence: key.occurrence, turn: turn)])
        return displaced
    }

    /// Takes a call out that is ready, or never will be: the second time there is none.
    mutating func settle(_ key: CallKey, _ state: CallOccurrences.State) -> Gathering? {
        guard isOpen(key) else { return nil }
        occurrences[key]?.state = state
        guard let call = gathering.removeValue(forKey: key) else { return nil }
        keys.removeAll { $0 == key }
        return call
    }

    /// Takes a call out that is ready.
    mutating func settleReady(_ key: CallKey) -> Gathering? {
        guard let call = gathering[key], !call.callID.isEmpty else { return nil }
        clientAnswers.call(key)
        return settle(key, .ready(ArgumentsKey(call.arguments ?? ""), response: call.response))
    }

    /// Takes a call out that another executor has answered.
    mutating func settleAnswered(_ key: CallKey) -> Gathering? {
        settle(key, gathering[key]?.response == nil ? .history : .notRun)
    }

    /// The calls of a response, or all, in the order in which they were seen.
    func open(of response: IDKey? = nil) -> [(key: CallKey, call: Gathering)] {
        keys.compactMap { key in
            guard let call = gathering[key], response == nil || call.response == response else { return nil }
            return (key, call)
        }
    }

    /// The call of an item, when it is gathering.
    func key(ofItem id: String) -> CallKey? {
        keys.first { gathering[$0]?.itemID == id }
    }
}

// MARK: - Repetitions

extension CallLedger {
    /// Notes that a frame says a call whole which is settled.
    ///
    /// - Parameter response: The response to which the frame belongs, named or not.
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

    /// Whether a frame says a call whole that is whole already and waits for the end of its response, with another item and other
    /// arguments: it may be another call, though no id proves it.
    func isOther(_ key: CallKey, itemID: String?, arguments: String?) -> Bool {
        guard let call = gathering[key], call.isComplete, let itemID, let known = call.itemID, itemID != known,
            let arguments
        else { return false }
        return !ArgumentsKey(call.arguments ?? "").isSame(as: arguments)
    }

    /// Notes a frame that may have to be reported, of each call the first ones.
    mutating func note(_ repetition: Repetition) {
        if repetitions.count < Self.repetitionLimit { repetitions.append(repetition) }
    }

    /// Takes out the repetitions that no later frame explains, one for each call.
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
