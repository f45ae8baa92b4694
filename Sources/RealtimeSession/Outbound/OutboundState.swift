internal import RealtimeEvents

/// The ready calls and the events for the server. It outlives the sessions of a source, because a call may be answered
/// after its session was replaced.
struct OutboundState: Sendable {
    var readyCalls = ReadyCalls()
    var sequencer: ResponseSequencer
    /// The outputs in a recording's client lines.
    var recordedOutputs = RecordedOutputs()
    var replayedCalls = ReplayedCalls()
    var sentOutputs = SentOutputs()
    /// The events that were sent to a live server, and those that a recording shows as sent by a router. The program
    /// that sends them may also pass them back as the client's messages.
    private var sentEvents = SentEvents()
    private let isInteractive: Bool

    init(isInteractive: Bool) {
        self.isInteractive = isInteractive
        sequencer = ResponseSequencer(isInteractive: isInteractive)
    }

    /// Starts the source's next session.
    mutating func replaceSession() {
        sequencer.sessionReplaced()
        if isInteractive { readyCalls.abandonAll(.sessionReplaced) }
        sentOutputs = SentOutputs()
    }

    /// Starts a new connection, on which a live server knows none of the old calls.
    mutating func renewConnection() {
        sequencer.connectionRenewed()
        if isInteractive { readyCalls.abandonAll(.connectionRenewed) }
    }

    /// Records that no handler took a ready call. In a live session the client answers it.
    mutating func decline(_ call: CallReference, at time: Double?) {
        guard let call = readyCalls.decline(call) else { return }
        if isInteractive {
            sequencer.assignToClient(call.number, at: time)
        } else {
            sequencer.answer(call.number, .none)
        }
    }

    /// Queues the output of a call that is no longer ready.
    ///
    /// - Parameter origin: Why the output is sent.
    mutating func answer(_ call: ReadyCalls.Call, _ outcome: FunctionCallOutcome, _ origin: EventOrigin) {
        guard let output = outcome.output, call.unsent == nil else {
            return sequencer.answer(call.number, .none)
        }
        sentOutputs.note(IDKey(call.callID))
        if sequencer.isOpen(call.number) {
            sequencer.answer(call.number, .output(output, wantsResponse: outcome.wantsResponse), origin)
        } else {
            sequencer.answerLate(call.answer, output, wantsResponse: outcome.wantsResponse, origin)
        }
    }

    /// Why an event that answers a call must not be sent; nil if it may be sent.
    func unsentReason(of event: ClientEvent) -> UnsentReason? {
        guard case .conversationItemCreate(let create) = event, create.item?.type == .functionCallOutput,
            let callID = create.item?.callID
        else { return nil }
        return readyCalls.abandonment(of: IDKey(callID))
    }

    /// Queues a handler's event for the server.
    mutating func send(_ event: ClientEvent, _ origin: EventOrigin) {
        if case .conversationItemCreate(let create) = event, create.item?.type == .functionCallOutput,
            let callID = create.item?.callID
        {
            sentOutputs.note(IDKey(callID))
            if let call = readyCalls.answerElsewhere(IDKey(callID)) { sequencer.answer(call.number, .none) }
        }
        sequencer.send(event, origin)
    }

    /// The next event that may be sent to the server at a time; nil if there is none.
    mutating func next(at time: Double?) -> OutgoingEvent? {
        if let time { sequencer.client.expire(at: time) }
        guard let next = sequencer.next() else { return nil }
        if isInteractive { note(next) }
        return next
    }

    /// Records an event that is sent to the server.
    mutating func note(_ outgoing: OutgoingEvent) {
        guard let id = outgoing.event.eventID else { return }
        sentEvents.note(IDKey(id), SentEvents.Entry(origin: outgoing.origin, type: outgoing.event.type))
    }

    /// Records an event that a recording shows as sent to the server.
    mutating func note(_ eventID: IDKey, _ origin: EventOrigin, type: String?) {
        sentEvents.note(eventID, SentEvents.Entry(origin: origin, type: type))
    }

    /// The router's event with an `event_id`; nil if the event is not the router's or no longer remembered.
    func sent(_ eventID: String?) -> SentEvents.Entry? { eventID.flatMap { sentEvents[IDKey($0)] } }

    /// Whether the router sent any event to a live server.
    var hasOwnEvents: Bool { isInteractive && !sentEvents.isEmpty }

    /// Whether an `event_id` belongs to an event that the router sent to a live server.
    func isOwn(_ eventID: IDKey) -> Bool { isInteractive && sentEvents[eventID] != nil }
}

/// The origins of the router's most recent client events, by their `event_id`.
struct SentEvents: Sendable {
    struct Entry: Sendable {
        let origin: EventOrigin
        let type: String?
    }

    private var keys = RecentKeys(limit: 1024)
    private var entries: [IDKey: Entry] = [:]

    var isEmpty: Bool { entries.isEmpty }

    /// The origin and type of an event; nil if it is unknown.
    subscript(id: IDKey) -> Entry? { entries[id] }

    mutating func note(_ id: IDKey, _ entry: Entry) {
        if let forgotten = keys.insert(id).forgotten { entries[forgotten] = nil }
        entries[id] = entry
    }
}

/// The outputs that the router sent to a live server. The server shows them again as conversation items, which must not
/// count as answers of another executor.
struct SentOutputs: Sendable {
    /// How many outputs are kept that the server has not shown yet.
    private static let limit = 4096

    private var sent: [IDKey: Int] = [:]
    /// The output items that the server has shown. Several events name each item.
    private var items = RecentKeys(limit: 8192)

    /// Records an output that the router sent.
    mutating func note(_ id: IDKey) {
        if sent.count >= Self.limit { sent.removeAll() }
        sent[id, default: 0] += 1
    }

    /// Whether the router sent an output item, or the item was shown before.
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
