internal import RealtimeEvents

/// Decides what the router sends to the server, and when: the router's only source of `response.create`.
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
        /// There is none from the router: no handler took it, or the client answered.
        case none
        /// The text for the model, and whether it is to go on with it.
        case output(String, wantsResponse: Bool)
        /// The text is on its way.
        case sent
    }

    struct Call: Sendable {
        /// The number under which it was made ready.
        let number: Int
        let reference: CallReference
        let idPrefix: String
        var answer = Answer.owed
        /// What its answer is sent for.
        var origin = EventOrigin(.handler)

        /// The `event_id` of an event about the call.
        func eventID(_ verb: String) -> String { "\(idPrefix)_\(verb)_\(reference.label)" }
    }

    struct Round: Sendable {
        let response: IDKey?
        let responseID: String?
        var calls: [Call] = []
        /// How many calls from the first on are dealt with; only where order counts.
        var dealtWith = 0
        /// Whether an answer is out with which the model is to go on.
        var wantsResponse = false
        /// What the last of the answers was sent for.
        var origin = EventOrigin(.handler)
        /// Whether the client answers some of its calls, and so asks for the continuation.
        var isShared = false
        /// Whether the response began with which the model goes on for the client.
        var isServed = false
        /// Whether an output went out while a create of the client's was in flight: the model does not see it if that is served.
        var isUnseen = false
        /// Whether words were asked for while its calls run.
        var isFilled = false
        /// Whether the response completed; nil while it may.
        var isComplete: Bool?
    }

    /// A `response.create` that was sent: its id, and the event to send again if it is refused.
    struct Create: Sendable {
        let id: String
        let event: ClientEvent
        let origin: EventOrigin
        /// Whether it makes the model go on with the outputs of a round, or speak while a call runs.
        var isOfRound = false
        /// Whether a response has ended since it was sent: its own, or the one for which it will be refused.
        var isFollowed = false
        /// The call that it is to be said for while that runs; nil for any other create.
        var call: Int?
    }

    let isInteractive: Bool
    var rounds: [Int: Round] = [:]
    var oldestRound = 0
    var nextRound = 0
    var roundOfResponse: [IDKey: Int] = [:]
    var roundOfCall: [Int: Int] = [:]

    var queue: OutboundQueue
    /// Rounds that are due for a create, by the id that the create gets.
    var due: [(id: String, origin: EventOrigin)] = []
    /// What a wished response was wished for; nil if none is.
    var wish: EventOrigin?
    var waitingCreates: [Create] = []
    /// Words for calls that run.
    var fillers: [Create] = []
    /// In the order in which they began.
    var active: [IDKey] = []
    /// The create that the server has not reacted to.
    var inFlight: String?
    /// The create that was sent last, as long as it may be refused.
    var lastCreate: Create?
    var awaitsDone = false
    var isAtEnd = false
    var client = ClientRequests()
    /// The responses of a recording of whose calls the client answered some.
    var sharedResponses = RecentKeys(limit: 1024)

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
            if let response {
                roundOfResponse[response.key] = number
                rounds[number]?.isShared = sharedResponses.contains(response.key)
            }
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
        serveClient()
    }

    /// A response that began is out of band.
    mutating func setAside(_ key: IDKey) { active.removeAll { $0 == key } }

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
        client.responseDone()
    }

    /// The server refused something because a response is active.
    ///
    /// - Parameter eventID: What it refused; old servers do not say.
    mutating func refusedForActiveResponse(_ eventID: String?) {
        guard let create = lastCreate, eventID == create.id || eventID == nil && !create.isFollowed else { return }
        var again = Create(
            id: create.id + "_again", event: create.event, origin: create.origin, isOfRound: create.isOfRound)
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
            client = ClientRequests()
            sharedResponses = RecentKeys(limit: 1024)
        }
    }

    /// There is a new connection: on it no response is active, and nothing answers what was sent before. A live server's new session
    /// knows no call of the old one, so there is nothing to go on with.
    mutating func connectionRenewed() {
        if isInteractive {
            rounds.removeAll()
            roundOfResponse.removeAll()
            roundOfCall.removeAll()
            due.removeAll()
            fillers.removeAll()
            waitingCreates.removeAll(where: \.isOfRound)
        } else {
            completeRounds()
        }
        active.removeAll()
        inFlight = nil
        lastCreate = nil
        awaitsDone = false
        client = ClientRequests()
    }

    /// Nothing more comes from the source, so nothing waits for it any longer.
    mutating func endOfSource() {
        isAtEnd = true
        completeRounds()
    }

    mutating func completeRounds() {
        for number in rounds.keys.sorted() where rounds[number]?.isComplete == nil {
            rounds[number]?.isComplete = true
            settle(number)
        }
    }
}
