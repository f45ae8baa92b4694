internal import EventJSON
internal import RealtimeEvents

// Failures of MCP tools. Their event names an item only, and that has the server's label and the reason.
extension SessionState {
    /// How many failures wait for their reason; beyond it the oldest is raised without one.
    private static var waitingLimit: Int { 64 }

    /// Takes in that a call or a list failed: raised now if the item has said why, or when it does.
    mutating func takeMCPFailure(
        _ code: EventType.Code, _ fields: SessionFields, _ slots: inout FieldSlots, _ text: RawSpan,
        into derived: inout DerivedEvents
    ) {
        let key = slots.key(fields.itemID, in: text)
        let slot = key.flatMap { utterances.find($0) }
        let failure = MCPFailure(
            item: key ?? IDKey(""), itemID: slots.string(slot: fields.itemID, in: text),
            code: code == .mcpListToolsFailed ? "mcp_list_tools_failed" : "mcp_call_failed",
            turn: slot.map { utterances.items[$0].turn } ?? turn, cause: clock.cause,
            deadline: clock.now.map { $0 + configuration.utteranceHold } ?? .infinity)
        guard key != nil, !hasReason(failure) else { return raise(failure, into: &derived) }
        mcpFailures.append(failure)
        if mcpFailures.count > Self.waitingLimit { raise(mcpFailures.removeFirst(), into: &derived) }
    }

    /// Raises the failures that wait and are to wait no longer.
    mutating func raiseMCPFailures(into derived: inout DerivedEvents, where isOver: (MCPFailure, ItemRecord?) -> Bool) {
        guard !mcpFailures.isEmpty else { return }
        let waiting = mcpFailures
        mcpFailures.removeAll()
        for failure in waiting {
            let item = utterances.find(failure.item).map { utterances.items[$0] }
            if isOver(failure, item) {
                raise(failure, into: &derived)
            } else {
                mcpFailures.append(failure)
            }
        }
    }

    /// Raises the failures whose reason has not come in time.
    mutating func raiseOverdueMCPFailures(at: Double, into derived: inout DerivedEvents) {
        guard let first = mcpFailures.first, at >= first.deadline else { return }
        raiseMCPFailures(into: &derived) { failure, _ in at >= failure.deadline }
    }

    private mutating func hasReason(_ failure: MCPFailure) -> Bool {
        utterances.find(failure.item).flatMap { utterances.items[$0].mcp?.reason } != nil
    }

    private mutating func raise(_ failure: MCPFailure, into derived: inout DerivedEvents) {
        let item = utterances.find(failure.item).map { utterances.items[$0] }
        raise(.turn, .mcp, turn: failure.turn, cause: failure.cause, into: &derived) { body in
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
