internal import EventJSON
internal import RealtimeEvents

// Whatever goes wrong, from every channel, as one kind of event.
extension SessionState {
    /// An `error` event: to be told, and what the sequencer asked for may have been refused.
    mutating func raiseServerError(_ event: borrowing EventReader) {
        let code = event.string(event.fields.errorCode)
        let message = event.string(event.fields.errorMessage)
        let clientEventID = event.string(event.fields.errorEventID)
        let known = ServerErrorCode(code: code, message: message)
        if known != .benign, answering.sequencer.refusedForClient(clientEventID) {
            // Nothing of the router's was refused.
        } else if known == .activeResponse {
            answering.sequencer.refusedForActiveResponse(clientEventID)
        } else {
            answering.sequencer.refused(clientEventID)
        }
        if code == "session_expired" { isExpired = true }
        let sent = answering.sent(clientEventID)
        if let sent, let clientEventID {
            refused.append(
                RefusedRequest(
                    eventID: clientEventID, type: sent.type, origin: sent.origin, errorClass: known.errorClass,
                    code: code, message: message, parameter: event.string(event.fields.errorParameter)))
        }
        emitter.raise(known.errorClass, .server, turn: turn) { body in
            body.code = code
            body.message = message
            body.errorType = event.string(event.fields.errorType)
            body.parameter = event.string(event.fields.errorParameter)
            body.clientEventID = clientEventID
            body.sentBy = sent?.origin.sender
            body.handler = sent?.origin.handler
            body.route = sent?.origin.route
        }
    }

    mutating func raiseTranscriptionError(_ event: borrowing EventReader) {
        let slot = event.key(event.fields.itemID).flatMap { conversation.find($0) }
        let turn = slot.map { conversation.items[$0].turn } ?? turn
        emitter.raise(.turn, .transcription, turn: turn) { body in
            body.code = event.string(event.fields.errorCode)
            body.message = event.string(event.fields.errorMessage)
            body.errorType = event.string(event.fields.errorType)
            body.parameter = event.string(event.fields.errorParameter)
            body.itemID = event.string(event.fields.itemID)
        }
    }

    mutating func raiseResponseError(_ response: ResponseRecord, _ event: borrowing EventReader) {
        guard response.status == "failed" || response.status == "incomplete" else { return }
        let errorCode = event.string(event.fields.responseErrorCode)
        let isFatal = ServerErrorCode(code: errorCode, message: nil).errorClass == .fatal
        emitter.raise(isFatal ? .fatal : .turn, .response, turn: response.turn) { body in
            body.code = errorCode ?? event.string(event.fields.responseReason) ?? response.status
            body.message = event.string(event.fields.responseErrorMessage)
            body.errorType = event.string(event.fields.responseErrorType)
            body.responseID = response.id
        }
    }
}
