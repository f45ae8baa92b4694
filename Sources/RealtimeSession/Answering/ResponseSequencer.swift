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
        /// The text for the model, and whether it is to go on with it.
        case output(String, wantsResponse: Bool)
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
        /// Whether an answer is out with which the model is to go on.
        var wantsResponse = false
        /// Whether words were asked for while its calls run.
        var isFilled = false
        /// Whether the response completed; nil while it may.
        var isComplete: Bool?
    }

    /// A `response.create` that was sent: its id, and the event to send again if it is refused.
    private struct Create: Sendable {
        let id: String
        let event: ClientEvent
        /// Whether a response has ended since it was sent: its own, or the one for which it will be refused.
        var isFollowed = false
        /// The call that it is to be said for while that runs; nil for any other create.
        var call: Int?
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
    /// Words for calls that run.
    private var fillers: [Create] = []
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
        var again = Create(id: create.id + "_again", event: create.event)
        if let call = create.call {
            again.call = call
            fillers.insert(again, at: 0)
            if let number = roundOfCall[call] { rounds[number]?.isFilled = false }
        } else {
            waitingCreates.insert(again, at: 0)
        }
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
        if isInteractive, case .output(let output, let wantsResponse) = answer, let call = rounds[number]?.calls[place]
        {
            queue.append(Self.event(output, call))
            rounds[number]?.calls[place].answer = .sent
            if wantsResponse { rounds[number]?.wantsResponse = true }
        } else {
            rounds[number]?.calls[place].answer = answer
        }
        settle(number)
    }

    /// Answers a call whose round is over: with a create of its own.
    mutating func answerLate(_ call: Call, _ output: String, wantsResponse: Bool) {
        queue.append(Self.event(output, call))
        if wantsResponse { due.append("\(call.idPrefix)_create_\(call.callID)") }
    }

    /// Lets the model say something while a call runs: when no response is active, unless the call is answered by then or
    /// something was said for another one of its round.
    ///
    /// A source that does not answer says nothing: its time is not that of the call.
    mutating func fill(_ call: Call, _ parameters: ResponseParameters) {
        guard isInteractive else { return }
        fillers.append(
            Create(
                id: "\(call.idPrefix)_wait_\(call.callID)", event: .requestResponse(parameters), call: call.number))
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
            return sent(waitingCreates.removeFirst())
        }
        guard isResponseWished || !due.isEmpty else { return nextFiller().map { sent($0) } }
        let id = due.first ?? queue.nextID()
        due.removeAll()
        isResponseWished = false
        return sent(Create(id: id, event: .requestResponse()))
    }

    private mutating func nextFiller() -> Create? {
        while !fillers.isEmpty {
            let filler = fillers.removeFirst()
            guard let number = filler.call.flatMap({ roundOfCall[$0] }), rounds[number]?.isFilled == false,
                rounds[number]?.calls.contains(where: { $0.number == filler.call && $0.answer == .owed }) == true
            else { continue }
            rounds[number]?.isFilled = true
            return filler
        }
        return nil
    }
}

// MARK: - Rounds

extension ResponseSequencer {
    private var isGateOpen: Bool {
        isAtEnd || active.isEmpty && inFlight == nil && !awaitsDone
    }

    private mutating func sent(_ create: Create) -> ClientEvent {
        if isInteractive {
            inFlight = create.id
            lastCreate = create
        }
        return create.event.withEventID(create.id)
    }

    private mutating func settle(_ number: Int) {
        if isInteractive {
            guard let round = rounds[number], let isComplete = round.isComplete,
                !round.calls.contains(where: { $0.answer == .owed })
            else { return }
            if isComplete, round.wantsResponse { due.append(Self.createID(round)) }
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
            if case .output(let output, let wantsResponse) = call.answer {
                queue.append(Self.event(output, call))
                if wantsResponse { round.wantsResponse = true }
            }
            round.dealtWith += 1
        }
        rounds[number] = round
        guard round.dealtWith == round.calls.count, let isComplete = round.isComplete else { return false }
        if isComplete, round.wantsResponse {
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
