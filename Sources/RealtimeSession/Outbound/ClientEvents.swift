package import EventJSON
internal import RealtimeEvents

// The client's messages: it may answer calls and create responses itself.
extension SessionState {
    /// Applies a message that the client sent to the server. Reads its type from its slots.
    ///
    /// The client's `response.create` delays ``nextOutbound()`` until the server has reacted, and its
    /// `function_call_output` answers a call. In a recording, a `function_call_output` that precedes its call is
    /// ready counts as one of ``SessionConfiguration/recordedOutputs``. If ``SessionConfiguration/rerunCalls`` is true,
    /// a recording's client messages are ignored.
    ///
    /// - Parameters:
    ///   - fields: The slot numbers of the session's fields in the plan that filled `slots`.
    ///   - slots: The scanned values of the message.
    ///   - text: The message's JSON text: the same bytes that were scanned.
    ///   - line: The message's line in the source, from 1.
    ///   - at: Seconds since the recording began; nil if the source has no times.
    ///   - arrival: When a live message arrived, on the same time scale.
    ///   - isOwn: Whether a router sent the message, now or when the session was recorded. Such a message does not
    ///     advance the time. In a live session it is ignored; in a recording only its call outputs count.
    ///   - origin: Why a router sent the message, when a recording says it.
    ///   - derived: Receives the derived events, in order.
    package mutating func applyClient(
        _ fields: SessionFields, _ slots: inout FieldSlots, _ text: RawSpan, line: Int, at: Double?,
        arrival: Double? = nil, isOwn: Bool = false, origin: EventOrigin? = nil, into derived: inout DerivedEvents
    ) {
        emitter.swapEvents(with: &derived)
        defer { emitter.swapEvents(with: &derived) }
        if !isOwn { emitter.clock.advance(to: line, at: at, arrival: arrival) }
        guard configuration.isInteractive ? !isOwn : !configuration.rerunCalls else { return }
        EventReader.read(fields, &slots, text) { event in
            if let origin, !configuration.isInteractive, let id = event.key(event.fields.eventID) {
                outbound.note(id, origin, type: event.string(event.fields.type))
            }
            if isOwn { noteRecordedOutput(event) } else { applyClient(event) }
        }
    }

    /// Whether the router itself sent the message in this live session. The program that sends such messages may also
    /// pass them back as the client's.
    package func isOwn(_ fields: SessionFields, _ slots: inout FieldSlots, _ text: RawSpan) -> Bool {
        guard outbound.hasOwnEvents else { return false }
        var isOwn = false
        EventReader.read(fields, &slots, text) { event in
            isOwn = event.key(event.fields.eventID).map { outbound.isOwn($0) } ?? false
        }
        return isOwn
    }

    private mutating func applyClient(_ event: borrowing EventReader) {
        let eventID = event.key(event.fields.eventID)
        outbound.sequencer.noteClientMessage()
        if event.equals(event.fields.type, "response.create") {
            guard !event.equals(event.fields.conversation, "none") else {
                return responses.requestOutOfBand(event.object(event.fields.metadata))
            }
            outbound.sequencer.clientCreates(eventID, at: emitter.clock.now)
        } else if !configuration.isInteractive {
            noteRecordedOutput(event)
        } else if let id = Self.answeredCall(event) {
            handleOutput(of: id)
            // The server shows the output again as a conversation item.
            outbound.sentOutputs.note(id)
        }
    }

    /// The `call_id` that a client message answers; nil if it answers no call.
    private static func answeredCall(_ event: borrowing EventReader) -> IDKey? {
        guard event.equals(event.fields.type, "conversation.item.create"),
            event.equals(event.fields.item.type, "function_call_output")
        else { return nil }
        return event.key(event.fields.item.callID)
    }

    /// Applies a call output that a recording's client sent: it is the outcome of the call. Ignores other messages.
    private mutating func noteRecordedOutput(_ event: borrowing EventReader) {
        guard let id = Self.answeredCall(event) else { return }
        let callID = event.string(event.fields.item.callID) ?? ""
        let occurrence = calls.takeOccurrence(answeredBy: id)
        let output = event.string(event.fields.item.outputText) ?? ""
        let reference = CallReference(session: emitter.identity.key, callID: callID, occurrence: occurrence)
        if let call = outbound.readyCalls.completeDeclined(reference) {
            // A pipe cannot be read ahead, so the call was offered and no handler took it.
            outbound.sequencer.clientAnswered(call.number)
            return emitReplayed(call, output)
        }
        outbound.recordedOutputs[session: sessionCount, callID: callID, occurrence: occurrence] = output
        if let (call, output) = outbound.replayedCalls.answer(CallKey(id: id, occurrence: occurrence)) {
            emitReplayed(call, output)
        }
    }

    /// Applies a conversation item of a live server that holds the output of a call.
    mutating func noteOutputItem(_ id: IDKey, item: IDKey?) {
        guard !outbound.sentOutputs.isKnown(id, item: item) else { return }
        handleOutput(of: id)
    }

    /// Applies an output that the router did not send to a call of a live session. If a handler has the call, two
    /// executors serve one session, and the router drops its own output.
    private mutating func handleOutput(of id: IDKey) {
        guard let call = outbound.readyCalls.answerElsewhere(id) else { return noteEarlyOutput(id) }
        outbound.sequencer.clientAnswered(call.number)
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

    /// Applies an output that arrived before its call was ready, so that the call never becomes ready. If no response
    /// made the call, the client restored both from another session.
    private mutating func noteEarlyOutput(_ id: IDKey) {
        let key = calls.latest(id) ?? calls.key(of: CallOccurrences.Frame(id: id, response: nil, item: nil))
        guard let call = calls.settleAnswered(key) else { return }
        raiseNotRun(
            call, code: "answered_elsewhere",
            "The call was answered by another executor before it was complete, so it was not run.")
    }
}
