internal import EventJSON
internal import RealtimeEvents

// Failures of MCP tools. Their event names an item only, and that has the server's label and the reason.
extension SessionState {
    /// How many failures wait for their reason; beyond it the oldest is raised without one.
    private static var waitingLimit: Int { 64 }

    /// Takes in that a call or a list failed: raised now if the item has said why, or when it does.
    mutating func takeMCPFailure(_ code: EventType.Code, _ event: borrowing EventReader) {
        let key = event.key(event.fields.itemID)
        let slot = key.flatMap { conversation.find($0) }
        let failure = MCPFailure(
            item: key ?? IDKey(""), itemID: event.string(event.fields.itemID),
            code: code == .mcpListToolsFailed ? "mcp_list_tools_failed" : "mcp_call_failed",
            turn: slot.map { conversation.items[$0].turn } ?? turn, cause: emitter.clock.cause,
            deadline: emitter.clock.now.map { $0 + configuration.utteranceHold } ?? .infinity)
        guard key != nil, !hasReason(failure) else { return raise(failure) }
        mcpFailures.append(failure)
        if mcpFailures.count > Self.waitingLimit { raise(mcpFailures.removeFirst()) }
    }

    /// Raises the failures that wait and are to wait no longer.
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

    /// Raises the failures whose reason has not come in time.
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
