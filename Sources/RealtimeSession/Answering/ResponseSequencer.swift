internal import RealtimeEvents

/// Decides what goes to the server, and when: the only source of `response.create`.
///
/// The calls of one response are a *round*. Its outputs go out, and when the last owed one is out and the response is known to be
/// complete, one `response.create` makes the model go on.
///
/// A source that answers gets outputs at once as they come. A create waits until no response is active; rounds that are due
/// at that moment share it, because the model then sees the outputs of all of them. A source that does not answer gets
/// outputs and creates in the order of the recording, however the outcomes come, and each create counts as served.
struct ResponseSequencer: Sendable {
    /// What is known of the answer to a call.
    enum Answer: Sendable, Equatable {
        /// Its outcome is not there.
        case owed
        /// There is none from us: no handler took it, or another executor answered.
        case none
        /// The text for the model.
        case output(String)
        /// The text is on its way.
        case sent
    }

    struct Call: Sendable {
        /// The number under which it was made ready.
        let number: Int
        let callID: String
        let idPrefix: String
        var answer = Answer.owed
    }

    private struct Round: Sendable {
        let response: IDKey?
        let responseID: String?
        var calls: [Call] = []
        /// How many calls from the first on are dealt with; only where order counts.
        var dealtWith = 0
        var isAnswered = false
        /// Whether the response completed; nil while it may.
        var isComplete: Bool?
    }

    /// A `response.create` that was sent: its id, and the event to send again if it is refused.
    private struct Create: Sendable {
        let id: String
        let event: ClientEvent
        /// Whether a response has ended since it was sent: its own, or the one for which it will be refused.
        var isFollowed = false
    }

    let isInteractive: Bool
    private var rounds: [Int: Round] = [:]
    private var oldestRound = 0
    private var nextRound = 0
    private var roundOfResponse: [IDKey: Int] = [:]
    private var roundOfCall: [Int: Int] = [:]

    private var queue: OutboundQueue
    /// Rounds that are due for a create, by the id that the create gets.
    private var due: [String] = []
    private var isResponseWished = false
    private var waitingCreates: [Create] = []
    /// In the order in which they began.
    private var active: [IDKey] = []
    /// The create that the server has not reacted to.
    private var inFlight: String?
    /// The create that was sent last, as long as it may be refused.
    private var lastCreate: Create?
    private var awaitsDone = false
    private var isAtEnd = false

    init(isInteractive: Bool, queue: OutboundQueue = OutboundQueue()) {
        self.isInteractive = isInteractive
        self.queue = queue
    }
}

// MARK: - What the recording or the server says

extension ResponseSequencer {
    /// A call of a response is ready, and may be answered.
    ///
    /// - Parameter isComplete: Whether the response completed; nil while it may.
    mutating func add(_ call: Call, response: (key: IDKey, id: String)?, isComplete: Bool?) {
        let number: Int
        if let response, let known = roundOfResponse[response.key] {
            number = known
        } else {
            number = nextRound
            nextRound += 1
            rounds[number] = Round(response: response?.key, responseID: response?.id)
            if let response { roundOfResponse[response.key] = number }
        }
        rounds[number]?.calls.append(call)
        if let isComplete { rounds[number]?.isComplete = isComplete }
        roundOfCall[call.number] = number
    }

    /// A response began.
    mutating func responseCreated(_ key: IDKey, isOutOfBand: Bool) {
        guard !isOutOfBand else { return }
        // One is active at a time. So many are those of a server that never says when one is done.
        if active.count > 64 { active.removeAll() }
        if !active.contains(key) { active.append(key) }
        inFlight = nil
    }

    /// A response ended.
    mutating func responseDone(_ key: IDKey, isComplete: Bool, isOutOfBand: Bool) {
        if let number = roundOfResponse[key] {
            rounds[number]?.isComplete = isComplete
            settle(number)
        }
        let place = active.firstIndex(of: key)
        guard place != nil || !isOutOfBand else { return }
        // Only one writes at a time, so those that began before it are over too, whether or not the server said so.
        if let place { active.removeSubrange(...place) }
        awaitsDone = false
        inFlight = nil
        lastCreate?.isFollowed = true
    }

    /// The server refused something because a response is active.
    ///
    /// - Parameter eventID: What it refused; old servers do not say.
    mutating func refusedForActiveResponse(_ eventID: String?) {
        guard let create = lastCreate, eventID == create.id || eventID == nil && !create.isFollowed else { return }
        waitingCreates.insert(Create(id: create.id + "_again", event: create.event), at: 0)
        inFlight = nil
        lastCreate = nil
        // The response for which it was refused may be over already, and then nothing says so again.
        awaitsDone = !create.isFollowed
    }

    /// The server refused an event for another reason.
    mutating func refused(_ eventID: String?) {
        guard let eventID, eventID == inFlight else { return }
        inFlight = nil
        lastCreate = nil
    }

    /// Another session began on the source: its responses are others, whatever their ids.
    ///
    /// What a recording's first session is owed still goes out. A live server's new session knows nothing of the old one's
    /// calls, so there it is dropped.
    mutating func sessionReplaced() {
        if isInteractive {
            self = ResponseSequencer(isInteractive: true, queue: queue)
        } else {
            completeRounds()
            roundOfResponse.removeAll()
            active.removeAll()
        }
    }

    /// Nothing more comes from the source, so nothing waits for it any longer.
    mutating func endOfSource() {
        isAtEnd = true
        completeRounds()
    }

    private mutating func completeRounds() {
        for number in rounds.keys.sorted() where rounds[number]?.isComplete == nil {
            rounds[number]?.isComplete = true
            settle(number)
        }
    }
}

// MARK: - What handlers say

extension ResponseSequencer {
    /// Takes the answer to a call in.
    mutating func answer(_ call: Int, _ answer: Answer) {
        guard let number = roundOfCall[call],
            let place = rounds[number]?.calls.firstIndex(where: { $0.number == call })
        else { return }
        if isInteractive, case .output(let output) = answer, let call = rounds[number]?.calls[place] {
            queue.append(Self.event(output, call))
            rounds[number]?.calls[place].answer = .sent
            rounds[number]?.isAnswered = true
        } else {
            rounds[number]?.calls[place].answer = answer
        }
        settle(number)
    }

    /// Answers a call whose round is over: with a create of its own.
    mutating func answerLate(_ call: Call, _ output: String) {
        queue.append(Self.event(output, call))
        due.append("\(call.idPrefix)_create_\(call.callID)")
    }

    /// Whether a call's round is not over.
    func isOpen(_ call: Int) -> Bool { roundOfCall[call] != nil }

    /// Sends a handler's event; one that asks for a response in the conversation waits for the gate.
    mutating func send(_ event: ClientEvent) {
        guard case .responseCreate(let create) = event else { return queue.append(event) }
        guard let parameters = create.response else { return isResponseWished = true }
        if parameters.conversation == "none" { return queue.append(event) }
        waitingCreates.append(Create(id: create.eventID ?? queue.nextID(), event: event))
    }

    /// Asks for a response.
    mutating func requestResponse() {
        isResponseWished = true
    }

    /// What may go out now.
    mutating func next() -> ClientEvent? {
        if let event = queue.popFirst() { return event }
        guard isGateOpen else { return nil }
        if !waitingCreates.isEmpty {
            let create = waitingCreates.removeFirst()
            return sent(create.id, create.event)
        }
        guard isResponseWished || !due.isEmpty else { return nil }
        let id = due.first ?? queue.nextID()
        due.removeAll()
        isResponseWished = false
        return sent(id, .requestResponse())
    }
}

// MARK: - Rounds

extension ResponseSequencer {
    private var isGateOpen: Bool {
        isAtEnd || active.isEmpty && inFlight == nil && !awaitsDone
    }

    private mutating func sent(_ id: String, _ event: ClientEvent) -> ClientEvent {
        let event = event.withEventID(id)
        if isInteractive {
            inFlight = id
            lastCreate = Create(id: id, event: event)
        }
        return event
    }

    private mutating func settle(_ number: Int) {
        if isInteractive {
            guard let round = rounds[number], let isComplete = round.isComplete,
                !round.calls.contains(where: { $0.answer == .owed })
            else { return }
            if isComplete, round.isAnswered { due.append(Self.createID(round)) }
            remove(number)
        } else {
            while oldestRound < nextRound, dealWith(oldestRound) { oldestRound += 1 }
        }
    }

    /// Queues what is known of a round, in order.
    ///
    /// - Returns: whether the round is over, so that the next one may go out.
    private mutating func dealWith(_ number: Int) -> Bool {
        guard var round = rounds[number] else { return true }
        while round.dealtWith < round.calls.count {
            let call = round.calls[round.dealtWith]
            if case .owed = call.answer { break }
            if case .output(let output) = call.answer {
                queue.append(Self.event(output, call))
                round.isAnswered = true
            }
            round.dealtWith += 1
        }
        rounds[number] = round
        guard round.dealtWith == round.calls.count, let isComplete = round.isComplete else { return false }
        if isComplete, round.isAnswered {
            queue.append(ClientEvent.requestResponse(eventID: Self.createID(round)))
        }
        remove(number)
        return true
    }

    private mutating func remove(_ number: Int) {
        guard let round = rounds.removeValue(forKey: number) else { return }
        for call in round.calls where roundOfCall[call.number] == number { roundOfCall[call.number] = nil }
        if let response = round.response, roundOfResponse[response] == number { roundOfResponse[response] = nil }
    }

    private static func event(_ output: String, _ call: Call) -> ClientEvent {
        .functionCallOutput(output, callID: call.callID, eventID: "\(call.idPrefix)_output_\(call.callID)")
    }

    private static func createID(_ round: Round) -> String {
        guard let call = round.calls.first else { return "rr_create" }
        return "\(call.idPrefix)_create_\(round.responseID ?? call.callID)"
    }
}
