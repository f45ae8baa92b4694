internal import EventJSON
internal import RealtimeEvents

// Barge-ins: emitted once for each response, and late enough to include how much was heard.
extension SessionState {
    /// Records that a response was cancelled. Emits the interruption later if the client may still truncate the audio,
    /// because only that shows how much was heard.
    mutating func noteCancellation(_ key: IDKey, _ event: borrowing EventReader) {
        guard let response = responses[key], !response.isInterruptionEmitted else { return }
        let reason = event.string(event.fields.responseReason) ?? response.interruption?.reason
        let spoken = spokenItem(of: response)
        let item = spoken ?? lastItem(of: response)
        responses[key]?.interruption = ResponseRecord.PendingInterruption(
            reason: reason ?? "cancelled", cause: emitter.clock.cause, itemID: item)
        if spoken == nil { emitInterruption(key) }
    }

    /// Records that the server's output buffer was cleared while a response played.
    mutating func clearOutput(_ event: borrowing EventReader) {
        notePlayback(false)
        guard let key = event.key(event.fields.responseID), let response = responses[key],
            !response.isInterruptionEmitted, response.interruption == nil
        else { return }
        let item = lastItem(of: response)
        responses[key]?.interruption = ResponseRecord.PendingInterruption(
            reason: "output_cleared", cause: emitter.clock.cause, itemID: item)
    }

    mutating func truncate(_ event: borrowing EventReader) {
        noteTruncation()
        guard let key = event.key(event.fields.itemID) else { return }
        let heardMs = event.int(event.fields.audioEndMs)
        let contentIndex = event.int(event.fields.contentIndex) ?? 0
        let id = event.string(event.fields.itemID)
        guard let slot = conversation.find(key) else {
            return emitInterruption(responseID: nil, itemID: id, turn: turn, heardMs: heardMs)
        }
        let item = conversation.items[slot]
        let wasTruncated = item.parts.contains(where: \.isTruncated)
        conversation.truncate(slot, contentIndex: contentIndex, heardMs: heardMs)
        emitUtterances()
        let response = item.responseID.map { IDKey($0) }
        if let response, responses[response] != nil {
            if responses[response]?.interruption == nil {
                responses[response]?.interruption = ResponseRecord.PendingInterruption(
                    reason: "truncated", cause: emitter.clock.cause, itemID: id)
            }
            responses[response]?.interruption?.itemID = id
            emitInterruption(response, heardMs: heardMs)
        } else if !wasTruncated {
            emitInterruption(responseID: item.responseID, itemID: id, turn: item.turn, heardMs: heardMs)
        }
    }

    /// Emits a response's pending interruption.
    mutating func emitInterruption(_ key: IDKey, heardMs: Int? = nil) {
        guard let response = responses[key], let interruption = response.interruption else { return }
        responses[key]?.interruption = nil
        guard !response.isInterruptionEmitted else { return }
        responses[key]?.isInterruptionEmitted = true
        emitInterruption(
            responseID: response.id, itemID: interruption.itemID, turn: response.turn, heardMs: heardMs,
            reason: interruption.reason, cause: interruption.cause)
    }

    private mutating func emitInterruption(
        responseID: String?, itemID: String?, turn: Int, heardMs: Int?, reason: String = "truncated",
        cause: EventCause? = nil
    ) {
        emitter.totals.interruptions += 1
        let about = responseID ?? itemID ?? ""
        emitter.emit(.routerResponseInterrupted, "response.interrupted/\(about)", turn: turn, cause: cause) {
            (body: inout ResponseInterrupted) in
            body.responseID = responseID
            body.itemID = itemID
            body.heardMs = heardMs
            body.reason = reason
        }
    }

    /// The id of the response's last item with audio, which can be truncated.
    private mutating func spokenItem(of response: ResponseRecord) -> String? {
        for key in response.items.reversed() {
            guard let slot = conversation.find(key) else { continue }
            if conversation.items[slot].parts.contains(where: { $0.isSpoken && $0.hasContent }) {
                return conversation.items[slot].id
            }
        }
        return nil
    }

    private mutating func lastItem(of response: ResponseRecord) -> String? {
        for key in response.items.reversed() {
            if let slot = conversation.find(key) { return conversation.items[slot].id }
        }
        return nil
    }
}
