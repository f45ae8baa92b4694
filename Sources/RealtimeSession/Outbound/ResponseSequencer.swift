internal import RealtimeEvents

/// Decides what the router sends to the server and when. It is the router's only source of `response.create`.
///
/// The calls of one response form a *round*. The outputs of a round are sent as they arrive. When the last expected
/// output is sent and the response is complete, one `response.create` (a *create*) makes the model continue.
///
/// For a live source, outputs are sent immediately. A create waits until no response is active. Rounds that are ready
/// at that moment share one create, because the model then sees the outputs of all of them. For a source that does not
/// answer (a recording), outputs and creates follow the order of the recording, in whatever order the outcomes arrive,
/// and each create counts as served.
struct ResponseSequencer: Sendable {
    /// The state of a call's answer.
    enum Answer: Sendable, Equatable {
        /// The outcome has not arrived yet.
        case pending
        /// The router sends no answer: no handler took the call, or the client answered it.
        case none
        /// The text for the model, and whether the model must continue after it.
        case output(String, wantsResponse: Bool)
        /// The text was queued.
        case sent
    }

    struct Call: Sendable {
        /// The number of the ready call.
        let number: Int
        let reference: CallReference
        let idPrefix: String
        var answer = Answer.pending
        /// The origin of the call's answer.
        var origin = EventOrigin(.handler)

        /// The `event_id` of an event about the call.
        func eventID(_ verb: String) -> String { "\(idPrefix)_\(verb)_\(reference.label)" }
    }

    struct Round: Sendable {
        let response: IDKey?
        let responseID: String?
        var calls: [Call] = []
        /// How many leading calls are flushed. Used only where the order of the recording counts.
        var flushedCount = 0
        /// Whether an output was sent after which the model must continue.
        var wantsResponse = false
        /// The origin of the last output.
        var origin = EventOrigin(.handler)
        /// Whether the client answers some of the round's calls and so creates the next response itself.
        var isShared = false
        /// Whether the response that the client created to continue has begun.
        var isServed = false
        /// Whether an output was sent while a create of the client was in flight. If the server serves that create, the
        /// model has not seen the output.
        var isUnseen = false
        /// Whether a filler response was requested while the round's calls run.
        var isFilled = false
        /// Whether the response completed; nil while it is active.
        var isComplete: Bool?
    }

    /// A `response.create`: its id, and the event to send again if the server refuses it.
    struct Create: Sendable {
        let id: String
        let event: ClientEvent
        let origin: EventOrigin
        /// Whether the create continues a round or fills the time while a call runs.
        var isOfRound = false
        /// Whether a response has ended since the create was sent: the create's own response, or the active response
        /// for which the server will refuse the create.
        var isFollowed = false
        /// The running call that a filler response is for; nil for other creates.
        var call: Int?
    }

    let isInteractive: Bool
    var rounds: [Int: Round] = [:]
    /// The number of the oldest unfinished round. Used only where the order of the recording counts.
    var oldestRound = 0
    var nextRound = 0
    var roundOfResponse: [IDKey: Int] = [:]
    /// The round of each call, by the number of the ready call.
    var roundOfCall: [Int: Int] = [:]

    var queue: OutboundQueue
    /// The creates of finished rounds, by the id that each create gets.
    var dueCreates: [(id: String, origin: EventOrigin)] = []
    /// The origin of a handler's request for a response; nil if there is none.
    var requestedResponse: EventOrigin?
    var waitingCreates: [Create] = []
    /// Filler responses to request while calls run.
    var fillers: [Create] = []
    /// The active responses, in the order in which they began.
    var active: [IDKey] = []
    /// The id of the create that the server has not reacted to.
    var inFlight: String?
    /// The last create, as long as the server may refuse it.
    var lastCreate: Create?
    /// Whether creates wait for the next `response.done`, because the server refused a create while a response was
    /// active.
    var awaitsResponseDone = false
    /// Whether the source has ended.
    var isAtEnd = false
    var client = ClientRequests()
    /// A recording's responses in which the client answered some of the calls.
    var sharedResponses = RecentKeys(limit: 1024)

    init(isInteractive: Bool, queue: OutboundQueue = OutboundQueue()) {
        self.isInteractive = isInteractive
        self.queue = queue
    }
}

// MARK: - What the recording or the server says

extension ResponseSequencer {
    /// Adds a ready call of a response.
    ///
    /// - Parameter isComplete: Whether the response completed; nil while it is active.
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

    /// Records that a response began.
    mutating func responseCreated(_ key: IDKey, isOutOfBand: Bool) {
        guard !isOutOfBand else { return }
        // Only one response is active at a time. More than 64 means that the server never reports the end of a
        // response.
        if active.count > 64 { active.removeAll() }
        if !active.contains(key) { active.append(key) }
        inFlight = nil
        noteClientServed()
    }

    /// Records that an active response is out of band.
    mutating func markOutOfBand(_ key: IDKey) { active.removeAll { $0 == key } }

    /// Records that a response ended.
    mutating func responseDone(_ key: IDKey, isComplete: Bool, isOutOfBand: Bool) {
        if let number = roundOfResponse[key] {
            rounds[number]?.isComplete = isComplete
            settle(number)
        }
        let index = active.firstIndex(of: key)
        guard index != nil || !isOutOfBand else { return }
        // Only one response writes to the conversation at a time, so responses that began earlier have ended, too, even
        // if the server did not report it.
        if let index { active.removeSubrange(...index) }
        awaitsResponseDone = false
        inFlight = nil
        lastCreate?.isFollowed = true
        client.responseDone()
    }

    /// Records that the server refused an event because a response is active.
    ///
    /// - Parameter eventID: The refused event; nil from old servers.
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
        // The server refused the create because a response was active. If that response has ended already, no further
        // `response.done` arrives.
        awaitsResponseDone = !create.isFollowed
    }

    /// Records that the server refused an event for another reason.
    mutating func refused(_ eventID: String?) {
        guard let eventID, eventID == inFlight else { return }
        inFlight = nil
        lastCreate = nil
    }

    /// Starts the source's next session. Its responses are new, even if their ids equal those of earlier responses.
    ///
    /// In a recording, the first session's outstanding outputs are still sent. A live server's new session does not
    /// know the old calls, so their outputs are dropped.
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

    /// Starts a new connection. No response is active on it, and the server does not react to what was sent before. A
    /// live server's new session does not know the old calls, so there are no rounds to continue.
    mutating func connectionRenewed() {
        if isInteractive {
            rounds.removeAll()
            roundOfResponse.removeAll()
            roundOfCall.removeAll()
            dueCreates.removeAll()
            fillers.removeAll()
            waitingCreates.removeAll(where: \.isOfRound)
        } else {
            completeRounds()
        }
        active.removeAll()
        inFlight = nil
        lastCreate = nil
        awaitsResponseDone = false
        client.removeAll()
    }

    /// Ends the source: nothing waits for the server any longer.
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
