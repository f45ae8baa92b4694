internal import EventJSON
internal import RealtimeEvents

// Turns errors from every source into `router.error.raised`.
extension SessionState {
    /// Emits the error of an `error` event, and notifies the sequencer if the server refused one of its events.
    mutating func raiseServerError(_ event: borrowing EventReader) {
        let code = event.string(event.fields.errorCode)
        let message = event.string(event.fields.errorMessage)
        let clientEventID = event.string(event.fields.errorEventID)
        let known = ServerErrorCode(code: code, message: message)
        if known != .benign, outbound.sequencer.refusedForClient(clientEventID) {
            // The server refused a client event, not the router's.
        } else if known == .activeResponse {
            outbound.sequencer.refusedForActiveResponse(clientEventID)
        } else {
            outbound.sequencer.refused(clientEventID)
        }
        if code == "session_expired" { isExpired = true }
        let sent = outbound.sent(clientEventID)
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

// Failures of MCP tools. The failure event names only an item; the item holds the MCP server's label and the reason.
extension SessionState {
    /// How many failures may wait for their reason. When there are more, the oldest is raised without a reason.
    private static var waitingLimit: Int { 64 }

    /// Records that an MCP call or tool listing failed. The error is raised now if the item already holds the reason,
    /// otherwise when the reason arrives.
    mutating func handleMCPFailure(_ code: EventType.Code, _ event: borrowing EventReader) {
        let key = event.key(event.fields.itemID)
        let slot = key.flatMap { conversation.find($0) }
        let failure = MCPFailure(
            item: key ?? IDKey(""), itemID: event.string(event.fields.itemID),
            code: code == .mcpListToolsFailed ? "mcp_list_tools_failed" : "mcp_call_failed",
            turn: slot.map { conversation.items[$0].turn } ?? turn, cause: emitter.clock.cause,
            deadline: emitter.clock.now.map { $0 + configuration.transcriptTimeout } ?? .infinity)
        guard key != nil, !hasReason(failure) else { return raise(failure) }
        mcpFailures.append(failure)
        if mcpFailures.count > Self.waitingLimit { raise(mcpFailures.removeFirst()) }
    }

    /// Raises the waiting failures for which `isOver` returns true.
    mutating func raiseMCPFailures(where isOver: (MCPFailure, ItemRecord?) -> Bool) {
        guard !mcpFailures.isEmpty else { return }
        let waiting = mcpFailures
        mcpFailures.removeAll()
        for failure in waiting {
            let item = conversation.find(failure.item).map { conversation.items[$0] }
            if isOver(failure, item) {
                raise(failure)
            } else {
                mcpFailures.append(failure)
            }
        }
    }

    /// Raises the failures whose reason has not arrived by their deadline.
    mutating func raiseOverdueMCPFailures(at: Double) {
        guard let first = mcpFailures.first, at >= first.deadline else { return }
        raiseMCPFailures { failure, _ in at >= failure.deadline }
    }

    private mutating func hasReason(_ failure: MCPFailure) -> Bool {
        conversation.find(failure.item).flatMap { conversation.items[$0].mcp?.reason } != nil
    }

    private mutating func raise(_ failure: MCPFailure) {
        let item = conversation.find(failure.item).map { conversation.items[$0] }
        emitter.raise(.turn, .mcp, turn: failure.turn, cause: failure.cause) { body in
            body.code = failure.code
            body.message = item?.mcp?.reason?.message
            body.errorType = item?.mcp?.reason?.type
            body.itemID = failure.itemID
            body.responseID = item?.responseID
            body.serverLabel = item?.mcp?.serverLabel
            body.tool = item?.mcp?.tool
            body.reasonCode = item?.mcp?.reason?.code
        }
    }
}

/// What an error's code means for the session.
enum ServerErrorCode: Equatable {
    /// A `response.create` arrived while a response was active.
    case activeResponse
    /// A harmless race or query that every client meets.
    case benign
    /// Any other error; the session continues.
    case other
    /// The session is over or could not start.
    case fatal

    init(code: String?, message: String?) {
        switch code {
        case "conversation_already_has_active_response":
            self = .activeResponse
        case "response_cancel_not_active", "input_audio_buffer_commit_empty", "item_retrieve_invalid_item_id":
            self = .benign
        case "insufficient_quota", "invalid_api_key", "account_deactivated", "billing_hard_limit_reached",
            "session_expired", "beta_api_shape_disabled":
            self = .fatal
        case nil where message?.contains("already has an active response") == true:
            // Old servers send this error without a code.
            self = .activeResponse
        default:
            self = .other
        }
    }

    var errorClass: ErrorClass {
        switch self {
        case .activeResponse, .benign: .benign
        case .other: .session
        case .fatal: .fatal
        }
    }
}
