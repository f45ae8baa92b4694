internal import EventJSON
internal import RealtimeEvents

// Responses, from `response.created` to `response.done`.
extension SessionState {
    mutating func createResponse(_ event: borrowing EventReader) {
        conversation.unnamedSpeech.noteProgress()
        for key in responses.interrupted { emitInterruption(key) }
        guard let key = responses.open(event.fields.ownResponseID, event, turn: turn), responses[key]?.isDone == false
        else { return }
        responses[key]?.createdAt = emitter.clock.at
        if event.isNull(event.fields.conversationID),
            responses.takeOutOfBandRequest(event.object(event.fields.metadata))
        {
            setOutOfBand(key)
        }
        describeResponse(key, event)
        let isOutOfBand = responses[key]?.isOutOfBand ?? false
        outbound.sequencer.responseCreated(key, isOutOfBand: isOutOfBand)
        if !isOutOfBand { noteResponseStarted() }
    }

    private mutating func describeResponse(_ key: IDKey, _ event: borrowing EventReader) {
        if let metadata = event.object(event.fields.metadata) {
            responses[key]?.metadata = metadata
            for item in items(of: key) { conversation.items[item].responseMetadata = metadata }
        }
        let isNull = event.isNull(event.fields.conversationID)
        if isNull { responses[key]?.hasNullConversation = true }
        if event.equals(event.fields.conversation, "none") || isNull && responses.namesConversations {
            setOutOfBand(key)
        }
        if event.value(event.fields.conversationID)?.kind == .string, !responses.namesConversations {
            responses.namesConversations = true
            for key in responses.nullConversationKeys { setOutOfBand(key) }
        }
        let rate =
            AudioRate.read(event.fields.responseFormat, rate: event.fields.responseRate, event)
            ?? AudioRate.read(event.fields.betaResponseFormat, rate: nil, event)
        if let rate { responses[key]?.audioRate = rate }
    }

    /// Marks a response as out of band: it belongs to no turn and blocks no other response.
    ///
    /// A null conversation alone does not show this, because servers that never name a conversation send null for every
    /// response.
    private mutating func setOutOfBand(_ key: IDKey) {
        guard responses[key]?.isOutOfBand == false else { return }
        responses[key]?.isOutOfBand = true
        responses.markOutOfBand(key)
        outbound.sequencer.markOutOfBand(key)
        noteActiveResponses()
        for item in items(of: key) {
            conversation.items[item].isOutOfBand = true
            conversation.release(item)
        }
    }

    /// The slots of those items of a response that the conversation still holds.
    mutating func items(of response: IDKey) -> [Int] {
        (responses[response]?.items ?? []).compactMap { conversation.find($0) }
    }

    mutating func addOutputItem(_ event: borrowing EventReader) {
        var item = ItemReader(event.fields.item, event)
        guard item.nextItem(event), let key = event.key(at: item.id) else { return }
        let isNamed = event.hasText(event.fields.responseID)
        let response = responses.open(event.fields.responseID, event, turn: turn)
        if updateOutputItem(item, key, response, event) == nil {
            assembleCall(item, response: response, isNamed: isNamed, isComplete: false, event)
        }
    }

    /// Applies an item of a response.
    ///
    /// - Returns: The item's slot if it is a message; nil otherwise.
    @discardableResult
    private mutating func updateOutputItem(
        _ item: ItemReader, _ key: IDKey, _ response: IDKey?, _ event: borrowing EventReader
    ) -> Int? {
        let isMessage = item.messageRole(event) != nil
        let id = event.text(at: item.id)
        defer { conversation.describe(key, item, event) }
        if isMessage {
            if let response { responses[response]?.hasMessage = true }
            let slot = assistantItem(key, response: response) { id }
            conversation.items[slot].kind = .message
            conversation.items[slot].role = .assistant
            return slot
        }
        let slot = conversation.item(key, turn: response.flatMap { responses[$0]?.turn } ?? turn) { id }
        conversation.items[slot].kind = .other
        if let response, conversation.items[slot].responseID == nil {
            conversation.items[slot].responseID = responses[response]?.id
        }
        return nil
    }

    mutating func finishOutputItem(_ event: borrowing EventReader) {
        var item = ItemReader(event.fields.item, event)
        guard item.nextItem(event) else { return }
        let isNamed = event.hasText(event.fields.responseID)
        let response = responses.open(event.fields.responseID, event, turn: turn)
        if let key = event.key(at: item.id),
            let slot = updateOutputItem(item, key, response, event)
        {
            conversation.readContents(slot, &item, event, at: emitter.clock.at)
            noteContents(slot, response)
            let isCancelled = response.flatMap { responses[$0]?.status } == "cancelled"
            let isCut = isCancelled || event.equals(at: item.status, "incomplete")
            conversation.close(slot, isCut ? .interrupted : .completed, at: emitter.clock.at)
        }
        emitUtterances()
        raiseMCPFailures { $1?.mcp?.reason != nil }
        finishCallItem(item, response: response, isNamed: isNamed, event)
    }

    /// Records that a response produced words, if no deltas have shown this before.
    private mutating func noteContents(_ slot: Int, _ response: IDKey?) {
        guard let response, responses[response]?.hasSpoken == false else { return }
        if let part = conversation.items[slot].parts.first(where: \.hasWords) {
            noteOutput(of: response, part.isSpoken ? .transcript : .text)
        }
    }

    mutating func finishResponse(_ event: borrowing EventReader) {
        let named = event.hasText(event.fields.ownResponseID) ? event.fields.ownResponseID : event.fields.responseID
        guard let key = responses.open(named, event, turn: turn), let known = responses[key] else { return }
        guard !known.isDone else { return reviseUsage(of: known, event) }
        describeResponse(key, event)
        let status = event.string(event.fields.responseStatus) ?? "completed"
        responses[key]?.isDone = true
        responses[key]?.status = status
        closeItems(of: key, status, event)
        emitUtterances()
        finishCalls(of: key, isNamed: event.hasText(named), status, event)
        guard let response = responses[key] else { return }
        emitter.totals.responses += 1
        emitResponse(response, event)
        if status == "cancelled", !response.isOutOfBand {
            interruptions += 1
            noteCancellation(key, event)
        }
        raiseResponseError(response, event)
        raiseMCPFailures { $1?.responseID == response.id }
        finishTurn(response, event)
        outbound.sequencer.responseDone(key, isComplete: status == "completed", isOutOfBand: response.isOutOfBand)
        notePlayback(of: response, milliseconds: audioLength(response))
        noteActiveResponses()
        responses.close(key)
    }

    /// Closes the items of a response: the ones that `response.done` lists, and the ones that earlier events named.
    private mutating func closeItems(of response: IDKey, _ status: String, _ event: borrowing EventReader) {
        let end = Self.end(status)
        var item = ItemReader(event.fields.output, event)
        while item.nextItem(event) {
            guard let key = event.key(at: item.id) else { continue }
            guard item.messageRole(event) != nil else {
                conversation.describe(key, item, event)
                continue
            }
            guard let slot = updateOutputItem(item, key, response, event) else { continue }
            conversation.readContents(slot, &item, event, at: emitter.clock.at)
            noteContents(slot, response)
            let isCut = event.equals(at: item.status, "incomplete")
            let isComplete = event.equals(at: item.status, "completed")
            conversation.close(
                slot, isCut && end == .completed ? .interrupted : isComplete ? .completed : end, at: emitter.clock.at)
            if isCut, end == .interrupted { conversation.correctEnd(slot, from: .completed, to: .interrupted) }
        }
        for key in responses[response]?.items ?? [] {
            guard let slot = conversation.find(key) else { continue }
            conversation.close(slot, end, at: emitter.clock.at)
            // An incomplete item looks like a barge-in until its response gives the reason.
            if end == .incomplete || end == .failed { conversation.correctEnd(slot, from: .interrupted, to: end) }
        }
    }

    private static func end(_ status: String) -> UtterancePart.End {
        switch status {
        case "cancelled": .interrupted
        case "failed": .failed
        case "incomplete": .incomplete
        default: .completed
        }
    }

    mutating func startOutput(_ event: borrowing EventReader) {
        guard let key = responses.open(event.fields.responseID, event, turn: turn) else { return }
        noteOutput(of: key, .audioBuffer)
        notePlayback(true)
    }
}
