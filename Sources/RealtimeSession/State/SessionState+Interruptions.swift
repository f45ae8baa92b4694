internal import EventJSON
internal import RealtimeEvents

// Barge-ins: told once for a response, and late enough to say how much was heard.
extension SessionState {
    /// A response was cancelled. While the client may still truncate its audio, how much was heard is not known yet.
    mutating func noteCancellation(
        _ key: IDKey, _ fields: SessionFields, _ slots: inout FieldSlots, _ text: RawSpan,
        into derived: inout DerivedEvents
    ) {
        guard let response = responses[key], !response.isInterruptionTold else { return }
        let reason = slots.string(slot: fields.responseReason, in: text) ?? response.interruption?.reason
        let spoken = spokenItem(of: response)
        let item = spoken ?? lastItem(of: response)
        responses[key]?.interruption = ResponseRecord.PendingInterruption(
            reason: reason ?? "cancelled", cause: clock.cause, itemID: item)
        if spoken == nil { tellInterruption(key, into: &derived) }
    }

    /// The server's output buffer was cleared while a response played.
    mutating func clearOutput(_ fields: SessionFields, _ slots: inout FieldSlots, _ text: RawSpan) {
        guard let key = slots.key(fields.responseID, in: text), let response = responses[key],
            !response.isInterruptionTold, response.interruption == nil
        else { return }
        let item = lastItem(of: response)
        responses[key]?.interruption = ResponseRecord.PendingInterruption(
            reason: "output_cleared", cause: clock.cause, itemID: item)
    }

    mutating func truncate(
        _ fields: SessionFields, _ slots: inout FieldSlots, _ text: RawSpan, into derived: inout DerivedEvents
    ) {
        guard let key = slots.key(fields.itemID, in: text) else { return }
        let heardMs = slots.int(slot: fields.audioEndMs, in: text)
        let contentIndex = slots.int(slot: fields.contentIndex, in: text) ?? 0
        let id = slots.string(slot: fields.itemID, in: text)
        guard let slot = utterances.find(key) else {
            return tellInterruption(responseID: nil, itemID: id, turn: turn, heardMs: heardMs, into: &derived)
        }
        let item = utterances.items[slot]
        let wasTruncated = item.parts.contains(where: \.isTruncated)
        utterances.truncate(slot, contentIndex: contentIndex, heardMs: heardMs)
        tellNews(into: &derived)
        let response = item.responseID.map { IDKey($0) }
        if let response, responses[response] != nil {
            if responses[response]?.interruption == nil {
                responses[response]?.interruption = ResponseRecord.PendingInterruption(
                    reason: "truncated", cause: clock.cause, itemID: id)
            }
            responses[response]?.interruption?.itemID = id
            tellInterruption(response, heardMs: heardMs, into: &derived)
        } else if !wasTruncated {
            tellInterruption(
                responseID: item.responseID, itemID: id, turn: item.turn, heardMs: heardMs, into: &derived)
        }
    }

    /// Tells of a response's interruption that waits to be told.
    mutating func tellInterruption(_ key: IDKey, heardMs: Int? = nil, into derived: inout DerivedEvents) {
        guard let response = responses[key], let interruption = response.interruption else { return }
        responses[key]?.interruption = nil
        guard !response.isInterruptionTold else { return }
        responses[key]?.isInterruptionTold = true
        tellInterruption(
            responseID: response.id, itemID: interruption.itemID, turn: response.turn, heardMs: heardMs,
            reason: interruption.reason, cause: interruption.cause, into: &derived)
    }

    private mutating func tellInterruption(
        responseID: String?, itemID: String?, turn: Int, heardMs: Int?, reason: String = "truncated",
        cause: EventCause? = nil, into derived: inout DerivedEvents
    ) {
        totals.interruptions += 1
        let about = responseID ?? itemID ?? ""
        tell(.routerResponseInterrupted, "response.interrupted/\(about)", turn: turn, cause: cause, into: &derived) {
            (body: inout Interruption) in
            body.responseID = responseID
            body.itemID = itemID
            body.heardMs = heardMs
            body.reason = reason
        }
    }

    /// The last item of a response that has sound, so that it can be truncated.
    private mutating func spokenItem(of response: ResponseRecord) -> String? {
        for key in response.items.reversed() {
            guard let slot = utterances.find(key) else { continue }
            if utterances.items[slot].parts.contains(where: { $0.isSpoken && $0.hasContent }) {
                return utterances.items[slot].id
            }
        }
        return nil
    }

    private mutating func lastItem(of response: ResponseRecord) -> String? {
        for key in response.items.reversed() {
            if let slot = utterances.find(key) { return utterances.items[slot].id }
        }
        return nil
    }
}
