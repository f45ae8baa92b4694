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
    /// The ids of the events that went to a live server. Whoever sends them may give them back as the client's.
    private var ownEvents = RecentKeys(limit: 1024)
    private let isInteractive: Bool

    init(isInteractive: Bool) {
        self.isInteractive = isInteractive
        sequencer = ResponseSequencer(isInteractive: isInteractive)
    }

    /// Another session began on the source.
    mutating func replaceSession() {
        sequencer.sessionReplaced()
        if isInteractive { readyCalls.abandonAll() }
        ownOutputs = OwnOutputs()
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
    mutating func answer(_ call: ReadyCalls.Call, _ outcome: FunctionCallOutcome) {
        guard let output = outcome.output, !call.isAnsweredElsewhere else {
            return sequencer.answer(call.number, .none)
        }
        ownOutputs.note(IDKey(call.callID))
        if sequencer.isOpen(call.number) {
            sequencer.answer(call.number, .output(output, wantsResponse: outcome.wantsResponse))
        } else {
            sequencer.answerLate(call.answer, output, wantsResponse: outcome.wantsResponse)
        }
    }

    /// Takes a handler's event for the server.
    mutating func send(_ event: ClientEvent) {
        if case .conversationItemCreate(let create) = event, create.item?.type == .functionCallOutput,
            let callID = create.item?.callID
        {
            ownOutputs.note(IDKey(callID))
            if let call = readyCalls.answerElsewhere(IDKey(callID)) { sequencer.answer(call.number, .none) }
        }
        sequencer.send(event)
    }

    /// The next event that may go to the server at a time; nil when there is none.
    mutating func next(at time: Double?) -> ClientEvent? {
        if let time { sequencer.client.giveUp(at: time) }
        guard let event = sequencer.next() else { return nil }
        if isInteractive, let id = event.eventID { ownEvents.insert(IDKey(id)) }
        return event
    }

    /// Whether any event went to a live server.
    var hasOwnEvents: Bool { !ownEvents.isEmpty }

    /// Whether an `event_id` is one of an event of the router's.
    func isOwn(_ eventID: IDKey) -> Bool { ownEvents.contains(eventID) }
}
