internal import RealtimeEvents

/// The calls that were ready, and what goes to the server. It outlives the sessions of a source, because a call may be answered
/// after its session has been replaced.
struct Answering: Sendable {
    var readyCalls = ReadyCalls()
    var sequencer: ResponseSequencer
    /// The outputs that a recording's client lines hold.
    var recordedOutputs = RecordedOutputs()
    var replayedCalls = ReplayedCalls()
    var ownOutputs = OwnOutputs()
    /// The events that went to a live server, and those that a recording says went there. Whoever sends them may give them back as the
    /// client's.
    private var sentEvents = SentEvents()
    private let isInteractive: Bool

    init(isInteractive: Bool) {
        self.isInteractive = isInteractive
        sequencer = ResponseSequencer(isInteractive: isInteractive)
    }

    /// Another session began on the source.
    mutating func replaceSession() {
        sequencer.sessionReplaced()
        if isInteractive { readyCalls.abandonAll(.sessionReplaced) }
        ownOutputs = OwnOutputs()
    }

    /// There is a new connection, on which a live server knows no call of the old one.
    mutating func renewConnection() {
        sequencer.connectionRenewed()
        if isInteractive { readyCalls.abandonAll(.connectionRenewed) }
    }

    /// No handler took a ready call. In a live session it is the client's.
    mutating func decline(_ call: CallReference, at time: Double?) {
        guard let call = readyCalls.decline(call) else { return }
        if isInteractive {
            sequencer.leaveToClient(call.number, at: time)
        } else {
            sequencer.answer(call.number, .none)
        }
    }

    /// Takes in the output of a call that is ready no longer.
    ///
    /// - Parameter origin: What the output is sent for.
    mutating func answer(_ call: ReadyCalls.Call, _ outcome: FunctionCallOutcome, _ origin: EventOrigin) {
        guard let output = outcome.output, call.unsent == nil else {
            return sequencer.answer(call.number, .none)
        }
        ownOutputs.note(IDKey(call.callID))
        if sequencer.isOpen(call.number) {
            sequencer.answer(call.number, .output(output, wantsResponse: outcome.wantsResponse), origin)
        } else {
            sequencer.answerLate(call.answer, output, wantsResponse: outcome.wantsResponse, origin)
        }
    }

    /// Why an event that answers a call may not be sent; nil where it may.
    func unsentReason(of event: ClientEvent) -> UnsentReason? {
        guard case .conversationItemCreate(let create) = event, create.item?.type == .functionCallOutput,
            let callID = create.item?.callID
        else { return nil }
        return readyCalls.abandonment(of: IDKey(callID))
    }

    /// Takes a handler's event for the server.
    mutating func send(_ event: ClientEvent, _ origin: EventOrigin) {
        if case .conversationItemCreate(let create) = event, create.item?.type == .functionCallOutput,
            let callID = create.item?.callID
        {
            ownOutputs.note(IDKey(callID))
            if let call = readyCalls.answerElsewhere(IDKey(callID)) { sequencer.answer(call.number, .none) }
        }
        sequencer.send(event, origin)
    }

    /// The next event that may go to the server at a time; nil when there is none.
    mutating func next(at time: Double?) -> OutgoingEvent? {
        if let time { sequencer.client.giveUp(at: time) }
        guard let next = sequencer.next() else { return nil }
        if isInteractive { note(next) }
        return next
    }

    /// Notes an event that goes to the server.
    mutating func note(_ outgoing: OutgoingEvent) {
        guard let id = outgoing.event.eventID else { return }
        sentEvents.note(IDKey(id), SentEvents.Entry(origin: outgoing.origin, type: outgoing.event.type))
    }

    /// Notes an event that a recording says went to the server.
    mutating func note(_ eventID: IDKey, _ origin: EventOrigin, type: String?) {
        sentEvents.note(eventID, SentEvents.Entry(origin: origin, type: type))
    }

    /// The event of the router that has an `event_id`; nil if it is not one of the router's, or one of long ago.
    func sent(_ eventID: String?) -> SentEvents.Entry? { eventID.flatMap { sentEvents[IDKey($0)] } }

    /// Whether any event went to a live server.
    var hasOwnEvents: Bool { isInteractive && !sentEvents.isEmpty }

    /// Whether an `event_id` is one of an event of the router's.
    func isOwn(_ eventID: IDKey) -> Bool { isInteractive && sentEvents[eventID] != nil }
}

/// What the last client events of the router were sent for, by their `event_id`.
struct SentEvents: Sendable {
    struct Entry: Sendable {
        let origin: EventOrigin
        let type: String?
    }

    private var keys = RecentKeys(limit: 1024)
    private var entries: [IDKey: Entry] = [:]

    var isEmpty: Bool { entries.isEmpty }

    /// What an event was sent for; nil for one that is not known.
    subscript(id: IDKey) -> Entry? { entries[id] }

    mutating func note(_ id: IDKey, _ entry: Entry) {
        if let forgotten = keys.insert(id).forgotten { entries[forgotten] = nil }
        entries[id] = entry
    }
}

/// The outputs that we sent to a live server, which it shows again as items of the conversation: those are no answers of
/// another executor.
struct OwnOutputs: Sendable {
    /// How many calls are remembered whose outputs the server has not shown.
    private static let limit = 4096

    private var sent: [IDKey: Int] = [:]
    /// The output items that the server has shown; each comes in several events.
    private var items = RecentKeys(limit: 8192)

    /// We sent an output for a `call_id`.
    mutating func note(_ id: IDKey) {
        if sent.count >= Self.limit { sent.removeAll() }
        sent[id, default: 0] += 1
    }

    /// Whether an output item of the server's shows nothing new: it is ours, or was shown before.
    mutating func isKnown(_ id: IDKey, item: IDKey?) -> Bool {
        if let item {
            if items.contains(item) { return true }
            items.insert(item)
        }
        guard let count = sent[id] else { return false }
        sent[id] = count > 1 ? count - 1 : nil
        return true
    }
}
