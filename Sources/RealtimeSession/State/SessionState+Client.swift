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
    ///   - derived: Gets the events that follow from it, in order.
    package mutating func applyClient(
        _ fields: SessionFields, _ slots: inout FieldSlots, _ text: RawSpan, line: Int, at: Double?,
        arrival: Double? = nil, into derived: inout DerivedEvents
    ) {
        emitter.exchangeEvents(with: &derived)
        defer { emitter.exchangeEvents(with: &derived) }
        emitter.clock.advance(to: line, at: at, arrival: arrival)
        guard configuration.isInteractive || !configuration.rerunCalls else { return }
        EventReader.read(fields, &slots, text) { applyClient($0) }
    }

    private mutating func applyClient(_ event: borrowing EventReader) {
        let eventID = event.key(event.fields.eventID)
        if let eventID, answering.isOwn(eventID) { return }
        answering.sequencer.seeClient()
        if event.equals(event.fields.type, "response.create") {
            guard !event.equals(event.fields.conversation, "none") else {
                return responses.requestOutOfBand(event.object(event.fields.metadata))
            }
            answering.sequencer.clientCreates(eventID, at: emitter.clock.now)
        } else if event.equals(event.fields.type, "conversation.item.create"),
            event.equals(event.fields.item.type, "function_call_output"),
            let id = event.key(event.fields.item.callID)
        {
            if configuration.isInteractive {
                takeOutput(of: id)
                // The server shows it again as an item of the conversation.
                answering.ownOutputs.note(id)
            } else {
                noteRecordedOutput(of: id, event)
            }
        }
    }

    private mutating func noteRecordedOutput(of id: IDKey, _ event: borrowing EventReader) {
        let callID = event.string(event.fields.item.callID) ?? ""
        let occurrence = calls.takeOccurrence(answeredBy: id)
        answering.recordedOutputs[session: sessionCount, callID: callID, occurrence: occurrence] =
            event.string(event.fields.item.outputText) ?? ""
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
