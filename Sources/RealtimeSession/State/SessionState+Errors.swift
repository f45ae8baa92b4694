internal import EventJSON
internal import RealtimeEvents

// Whatever goes wrong, from every channel, as one kind of event.
extension SessionState {
    /// Tells of an error on the event that the session is at.
    mutating func raise(
        _ errorClass: ErrorClass, _ source: ErrorSource, turn: Int, cause: EventCause? = nil,
        into derived: inout DerivedEvents, _ fill: (inout RaisedError) -> Void
    ) {
        totals.errors += 1
        let about =
            switch cause ?? clock.cause {
            case .event(let id): id
            case .line(let line): "line-\(line)"
            }
        tell(.routerErrorRaised, "error.raised/\(about)", turn: turn, cause: cause, into: &derived) {
            (body: inout RaisedError) in
            body.errorClass = errorClass
            body.source = source
            fill(&body)
        }
    }

    /// An `error` event: to be told, and what the sequencer asked for may have been refused.
    mutating func raiseServerError(
        _ fields: SessionFields, _ slots: inout FieldSlots, _ text: RawSpan, into derived: inout DerivedEvents
    ) {
        let code = slots.string(slot: fields.errorCode, in: text)
        let message = slots.string(slot: fields.errorMessage, in: text)
        let clientEventID = slots.string(slot: fields.errorEventID, in: text)
        let known = ServerErrorCode(code: code, message: message)
        if known != .benign, sequencer.refusedForClient(clientEventID) {
            // Nothing of the router's was refused.
        } else if known == .activeResponse {
            sequencer.refusedForActiveResponse(clientEventID)
        } else {
            sequencer.refused(clientEventID)
        }
        if code == "session_expired" { isExpired = true }
        raise(known.errorClass, .server, turn: turn, into: &derived) { body in
            body.code = code
            body.message = message
            body.errorType = slots.string(slot: fields.errorType, in: text)
            body.parameter = slots.string(slot: fields.errorParameter, in: text)
            body.clientEventID = clientEventID
        }
    }

    mutating func raiseTranscriptionError(
        _ fields: SessionFields, _ slots: inout FieldSlots, _ text: RawSpan, into derived: inout DerivedEvents
    ) {
        let slot = slots.key(fields.itemID, in: text).flatMap { utterances.find($0) }
        let turn = slot.map { utterances.items[$0].turn } ?? turn
        raise(.turn, .transcription, turn: turn, into: &derived) { body in
            body.code = slots.string(slot: fields.errorCode, in: text)
            body.message = slots.string(slot: fields.errorMessage, in: text)
            body.errorType = slots.string(slot: fields.errorType, in: text)
            body.parameter = slots.string(slot: fields.errorParameter, in: text)
            body.itemID = slots.string(slot: fields.itemID, in: text)
        }
    }

    mutating func raiseResponseError(
        _ response: ResponseRecord, _ fields: SessionFields, _ slots: inout FieldSlots, _ text: RawSpan,
        into derived: inout DerivedEvents
    ) {
        guard response.status == "failed" || response.status == "incomplete" else { return }
        let errorCode = slots.string(slot: fields.responseErrorCode, in: text)
        let isFatal = ServerErrorCode(code: errorCode, message: nil).errorClass == .fatal
        raise(isFatal ? .fatal : .turn, .response, turn: response.turn, into: &derived) { body in
            body.code = errorCode ?? slots.string(slot: fields.responseReason, in: text) ?? response.status
            body.message = slots.string(slot: fields.responseErrorMessage, in: text)
            body.errorType = slots.string(slot: fields.responseErrorType, in: text)
            body.responseID = response.id
        }
    }
}
