package import EventJSON
internal import RealtimeEvents

// What the client sends: it may answer calls and create responses itself.
extension SessionState {
    /// Takes a message in that the client sent to the server. Its type is read from its slots.
    ///
    /// The client's `response.create` holds ``nextOutbound()`` back until the server has reacted, and its `function_call_output`
    /// answers a call. In a recording, a `function_call_output` that comes before its call is ready counts as one of
    /// ``SessionConfiguration/recordedOutputs``. Where ``SessionConfiguration/rerunCalls`` holds, a recording's client says nothing.
    ///
    /// - Parameters:
    ///   - fields: The slots of the plan that `slots` was filled with.
    ///   - slots: Where the message's values lie.
    ///   - text: The message's JSON text, the very bytes that were scanned.
    ///   - line: Its line in the source, from 1.
    ///   - at: Seconds since the recording began, where it is known.
    ///   - arrival: When the message came, on the same scale, where the source is live.
    ///   - isOwn: Whether the router itself sent the message, now or when the session was recorded. Such a message passes no time. It says
    ///     nothing new in a live session, and only the outputs of calls in a recording.
    ///   - origin: What a router sent it for, where a recording says it.
    ///   - derived: Gets the events that follow from it, in order.
    package mutating func applyClient(
        _ fields: SessionFields, _ slots: inout FieldSlots, _ text: RawSpan, line: Int, at: Double?,
        arrival: Double? = nil, isOwn: Bool = false, origin: EventOrigin? = nil, into derived: inout DerivedEvents
    ) {
        emitter.exchangeEvents(with: &derived)
        defer { emitter.exchangeEvents(with: &derived) }
        if !isOwn { emitter.clock.advance(to: line, at: at, arrival: arrival) }
        guard configuration.isInteractive ? !isOwn : !configuration.rerunCalls else { return }
        EventReader.read(fields, &slots, text) { event in
            if let origin, !configuration.isInteractive, let id = event.key(event.fields.eventID) {
                answering.note(id, origin, type: event.string(event.fields.type))
            }
            if isOwn { noteRecordedOutput(event) } else { applyClient(event) }
        }
    }

    /// Whether a message is one that the router has sent in this live session, which whoever sends it may give back.
    package func isOwn(_ fields: SessionFields, _ slots: inout FieldSlots, _ text: RawSpan) -> Bool {
        guard answering.hasOwnEvents else { return false }
        var isOwn = false
        EventReader.read(fields, &slots, text) { event in
            isOwn = event.key(event.fields.eventID).map { answering.isOwn($0) } ?? false
        }
        return isOwn
    }

    private mutating func applyClient(_ event: borrowing EventReader) {
        let eventID = event.key(event.fields.eventID)
        answering.sequencer.seeClient()
        if event.equals(event.fields.type, "response.create") {
            guard !event.equals(event.fields.conversation, "none") else {
                return responses.requestOutOfBand(event.object(event.fields.metadata))
            }
            answering.sequencer.clientCreates(eventID, at: emitter.clock.now)
        } else if !configuration.isInteractive {
            noteRecordedOutput(event)
        } else if let id = Self.answeredCall(event) {
            takeOutput(of: id)
            // The server shows it again as an item of the conversation.
            answering.ownOutputs.note(id)
        }
    }

    /// The `call_id` that a message of the client's answers; nil if it answers no call.
    private static func answeredCall(_ event: borrowing EventReader) -> IDKey? {
        guard event.equals(event.fields.type, "conversation.item.create"),
            event.equals(event.fields.item.type, "function_call_output")
        else { return nil }
        return event.key(event.fields.item.callID)
    }

    /// Takes in the output that a recording's client sent, if the message is one: it is the outcome of its call.
    private mutating func noteRecordedOutput(_ event: borrowing EventReader) {
        guard let id = Self.answeredCall(event) else { return }
        let callID = event.string(event.fields.item.callID) ?? ""
        let occurrence = calls.takeOccurrence(answeredBy: id)
        let output = event.string(event.fields.item.outputText) ?? ""
        let reference = CallReference(session: emitter.identity.key, callID: callID, occurrence: occurrence)
        if let call = answering.readyCalls.completeDeclined(reference) {
            // A pipe cannot be read ahead: the call was offered, and no handler took it.
            answering.sequencer.clientAnswered(call.number)
            return emitReplayed(call, output)
        }
        answering.recordedOutputs[session: sessionCount, callID: callID, occurrence: occurrence] = output
        if let (call, output) = answering.replayedCalls.answer(CallKey(id: id, occurrence: occurrence)) {
            emitReplayed(call, output)
        }
    }

    /// A live server's conversation has an item with the output of a call.
    mutating func noteOutputItem(_ id: IDKey, item: IDKey?) {
        guard !answering.ownOutputs.isKnown(id, item: item) else { return }
        takeOutput(of: id)
    }

    /// A call of a live session has an output that the router did not send. If the call is the router's, two executors serve one
    /// session: the router's output is dropped.
    private mutating func takeOutput(of id: IDKey) {
        guard let call = answering.readyCalls.answerElsewhere(id) else { return noteEarlyOutput(id) }
        answering.sequencer.clientAnswered(call.number)
        guard call.state != .declined else { return }
        emitter.raise(.benign, .functionCall, turn: call.doneHead.turn ?? turn) { body in
            body.code = "answered_elsewhere"
            body.message = "The call was answered by another executor, so its output from here is dropped."
            body.callID = call.callID
            body.occurrence = call.reference.laterOccurrence
            body.itemID = call.itemID
            body.responseID = call.responseID
        }
    }

    /// A call was answered before it was ready for us, so it never will be. If no response made it, the client restored both
    /// from another session.
    private mutating func noteEarlyOutput(_ id: IDKey) {
        let key = calls.latest(id) ?? calls.key(of: CallOccurrences.Frame(id: id, response: nil, item: nil))
        guard let call = calls.settleAnswered(key) else { return }
        raiseNotRun(
            call, code: "answered_elsewhere",
            "The call was answered by another executor before it was complete, so it was not run.")
    }
}
