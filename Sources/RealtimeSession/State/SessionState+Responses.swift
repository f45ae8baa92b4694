internal import EventJSON
internal import RealtimeEvents

// Responses from their creation to their end.
extension SessionState {
    /// The response that a slot names, made on first sight; without a name the one that is active.
    mutating func openResponse(_ slot: Int, _ slots: inout FieldSlots, _ text: RawSpan) -> IDKey? {
        guard let key = slots.key(slot, in: text) else { return responses.current }
        responses.open(key, turn: turn, at: nil) { slots.string(slot: slot, in: text) ?? "" }
        return key
    }

    mutating func createResponse(
        _ fields: SessionFields, _ slots: inout FieldSlots, _ text: RawSpan, into derived: inout DerivedEvents
    ) {
        unnamedWords.goOn()
        for key in responses.interrupted { tellInterruption(key, into: &derived) }
        guard let key = openResponse(fields.ownResponseID, &slots, text), responses[key]?.isDone == false else {
            return
        }
        responses[key]?.createdAt = clock.at
        describeResponse(key, fields, &slots, text)
        sequencer.responseCreated(key, isOutOfBand: responses[key]?.isOutOfBand ?? false)
    }

    private mutating func describeResponse(
        _ key: IDKey, _ fields: SessionFields, _ slots: inout FieldSlots, _ text: RawSpan
    ) {
        if let metadata = slots.object(fields.metadata, in: text) {
            responses[key]?.metadata = metadata
            for item in items(of: key) { utterances.items[item].responseMetadata = metadata }
        }
        let isNull = slots.isNull(slot: fields.conversationID)
        if isNull { responses[key]?.hasNullConversation = true }
        if slots.equals(slot: fields.conversation, in: text, "none") || isNull && namesConversations {
            setOutOfBand(key)
        }
        if slots.value(fields.conversationID)?.kind == .string, !namesConversations {
            namesConversations = true
            for key in responses.withNullConversation { setOutOfBand(key) }
        }
        let rate =
            AudioRate.read(fields.responseFormat, rate: fields.responseRate, &slots, text)
            ?? AudioRate.read(fields.betaResponseFormat, rate: nil, &slots, text)
        if let rate { responses[key]?.audioRate = rate }
    }

    /// Takes in that a response is out of band: it answers no turn and holds no other one up.
    ///
    /// A null conversation alone does not say so: servers that never name a conversation give null for every response.
    private mutating func setOutOfBand(_ key: IDKey) {
        guard responses[key]?.isOutOfBand == false else { return }
        responses[key]?.isOutOfBand = true
        responses.setAside(key)
        sequencer.setAside(key)
        for item in items(of: key) {
            utterances.items[item].isOutOfBand = true
            utterances.release(item)
        }
    }

    /// The assistant's items of a response that are remembered.
    private mutating func items(of response: IDKey) -> [Int] {
        (responses[response]?.items ?? []).compactMap { utterances.find($0) }
    }

    mutating func addOutputItem(
        _ fields: SessionFields, _ slots: inout FieldSlots, _ text: RawSpan, into derived: inout DerivedEvents
    ) {
        var item = ItemReader(fields.item, slots)
        guard item.nextItem(slots), let key = slots.key(at: item.id, in: text) else { return }
        let isNamed = slots.hasText(at: slots.index(fields.responseID))
        let response = openResponse(fields.responseID, &slots, text)
        if takeOutputItem(item, key, response, &slots, text) == nil {
            gatherCall(item, response: response, isNamed: isNamed, isWhole: false, &slots, text, into: &derived)
        }
    }

    /// Takes an item of a response in.
    ///
    /// - Returns: Its slot, when it is a message.
    @discardableResult
    private mutating func takeOutputItem(
        _ item: ItemReader, _ key: IDKey, _ response: IDKey?, _ slots: inout FieldSlots, _ text: RawSpan
    ) -> Int? {
        let isMessage = role(of: item, &slots, text) != nil
        let id = slots.text(at: item.id, in: text)
        defer { describe(key, item, &slots, text) }
        if isMessage {
            if let response { responses[response]?.hasMessage = true }
            let slot = assistantItem(key, response: response) { id }
            utterances.items[slot].kind = .message
            utterances.items[slot].role = .assistant
            return slot
        }
        let slot = utterances.item(key, turn: response.flatMap { responses[$0]?.turn } ?? turn) { id }
        utterances.items[slot].kind = .other
        if let response, utterances.items[slot].responseID == nil {
            utterances.items[slot].responseID = responses[response]?.id
        }
        return nil
    }

    mutating func finishOutputItem(
        _ fields: SessionFields, _ slots: inout FieldSlots, _ text: RawSpan, into derived: inout DerivedEvents
    ) {
        var item = ItemReader(fields.item, slots)
        guard item.nextItem(slots) else { return }
        let isNamed = slots.hasText(at: slots.index(fields.responseID))
        let response = openResponse(fields.responseID, &slots, text)
        if let key = slots.key(at: item.id, in: text),
            let slot = takeOutputItem(item, key, response, &slots, text)
        {
            takeContents(slot, &item, &slots, text)
            noteContents(slot, response)
            let isCancelled = response.flatMap { responses[$0]?.status } == "cancelled"
            let isCut = isCancelled || slots.equals(item.status, in: text, "incomplete")
            utterances.close(slot, isCut ? .interrupted : .completed, at: clock.at)
        }
        tellNews(into: &derived)
        raiseMCPFailures(into: &derived) { $1?.mcp?.reason != nil }
        finishCallItem(item, response: response, isNamed: isNamed, &slots, text, into: &derived)
    }

    /// Takes in that a response said something, whose deltas did not come.
    private mutating func noteContents(_ slot: Int, _ response: IDKey?) {
        guard let response, responses[response]?.hasSpoken == false else { return }
        if let part = utterances.items[slot].parts.first(where: \.hasWords) {
            noteOutput(of: response, part.isSpoken ? .transcript : .text)
        }
    }

    mutating func finishResponse(
        _ fields: SessionFields, _ slots: inout FieldSlots, _ text: RawSpan, into derived: inout DerivedEvents
    ) {
        let named = slots.hasText(at: slots.index(fields.ownResponseID)) ? fields.ownResponseID : fields.responseID
        guard let key = openResponse(named, &slots, text), let known = responses[key] else { return }
        guard !known.isDone else { return reviseUsage(of: known, fields, slots, text, into: &derived) }
        describeResponse(key, fields, &slots, text)
        let status = slots.string(slot: fields.responseStatus, in: text) ?? "completed"
        responses[key]?.isDone = true
        responses[key]?.status = status
        closeItems(of: key, status, fields, &slots, text)
        tellNews(into: &derived)
        finishCalls(
            of: key, isNamed: slots.hasText(at: slots.index(named)), status, fields, &slots, text, into: &derived)
        guard let response = responses[key] else { return }
        totals.responses += 1
        tellResponse(response, fields, &slots, text, into: &derived)
        if status == "cancelled", !response.isOutOfBand {
            interruptions += 1
            noteCancellation(key, fields, &slots, text, into: &derived)
        }
        raiseResponseError(response, fields, &slots, text, into: &derived)
        raiseMCPFailures(into: &derived) { $1?.responseID == response.id }
        finishTurn(response, fields, &slots, text, into: &derived)
        sequencer.responseDone(key, isComplete: status == "completed", isOutOfBand: response.isOutOfBand)
        responses.close(key)
    }

    /// Settles the items of a response: those it lists, and those it began.
    private mutating func closeItems(
        of response: IDKey, _ status: String, _ fields: SessionFields, _ slots: inout FieldSlots, _ text: RawSpan
    ) {
        let end = Self.end(status)
        var item = ItemReader(fields.output, slots)
        while item.nextItem(slots) {
            guard let key = slots.key(at: item.id, in: text) else { continue }
            guard role(of: item, &slots, text) != nil else {
                describe(key, item, &slots, text)
                continue
            }
            guard let slot = takeOutputItem(item, key, response, &slots, text) else { continue }
            takeContents(slot, &item, &slots, text)
            noteContents(slot, response)
            let isCut = slots.equals(item.status, in: text, "incomplete")
            let isWhole = slots.equals(item.status, in: text, "completed")
            utterances.close(slot, isCut && end == .completed ? .interrupted : isWhole ? .completed : end, at: clock.at)
            if isCut, end == .interrupted { utterances.correctEnd(slot, from: .completed, to: .interrupted) }
        }
        for key in responses[response]?.items ?? [] {
            guard let slot = utterances.find(key) else { continue }
            utterances.close(slot, end, at: clock.at)
            // An incomplete item looks like a barge-in until its response says why.
            if end == .incomplete || end == .failed { utterances.correctEnd(slot, from: .interrupted, to: end) }
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

    private mutating func tellResponse(
        _ response: ResponseRecord, _ fields: SessionFields, _ slots: inout FieldSlots, _ text: RawSpan,
        into derived: inout DerivedEvents
    ) {
        let audioMs = audioLength(response)
        let phase = items(of: response.key).compactMap { utterances.items[$0].phase }.last
        responses[response.key]?.usage = Self.usageRange(fields, slots).map { IDKey(text.extracting($0)) }
        tell(.routerResponseDone, "response.done/\(response.id)", turn: response.turn, into: &derived) {
            [clock] (body: inout ResponseSummary) in
            body.responseID = response.id
            body.outOfBand = response.isOutOfBand ? true : nil
            body.responseMetadata = response.metadata
            body.phase = phase.map(ItemPhase.init(rawValue:))
            body.status = response.status
            body.reason = slots.string(slot: fields.responseReason, in: text)
            body.errorCode = slots.string(slot: fields.responseErrorCode, in: text)
            body.errorMessage = slots.string(slot: fields.responseErrorMessage, in: text)
            body.usage = Self.usage(fields, slots, text)
            body.firstOutputMs = EventClock.milliseconds(from: response.createdAt, to: response.firstOutputAt)
            body.durationMs = EventClock.milliseconds(from: response.createdAt, to: clock.at)
            body.audioMs = audioMs
        }
    }

    /// The length of a response's audio in ms; nil when none came.
    private mutating func audioLength(_ response: ResponseRecord) -> Int? {
        var milliseconds = 0
        for item in response.items.compactMap({ utterances.find($0) }).map({ utterances.items[$0] }) {
            let bytes = item.parts.reduce(0) { $0 &+ $1.audioBytes }
            guard bytes > 0, item.audioRate > 0 else { continue }
            milliseconds &+= bytes.multipliedReportingOverflow(by: 1000).partialValue / item.audioRate
        }
        return milliseconds > 0 ? milliseconds : nil
    }

    /// Emits the usage of a response that the server ends again, if it is another one.
    private mutating func reviseUsage(
        of response: ResponseRecord, _ fields: SessionFields, _ slots: borrowing FieldSlots, _ text: RawSpan,
        into derived: inout DerivedEvents
    ) {
        guard let usage = Self.usageRange(fields, slots).map({ IDKey(text.extracting($0)) }), usage != response.usage
        else { return }
        responses[response.key]?.usage = usage
        responses[response.key]?.usageRevisions += 1
        let id = "response.done/\(response.id)/\(response.usageRevisions + 2)"
        let value = Self.usage(fields, slots, text)
        tell(.routerResponseDone, id, turn: response.turn, into: &derived) { (body: inout ResponseSummary) in
            body.responseID = response.id
            body.outOfBand = response.isOutOfBand ? true : nil
            body.responseMetadata = response.metadata
            body.status = response.status
            body.usage = value
            body.revised = true
        }
    }

    /// The place of the token counts: in the response, or beside it as xAI has them.
    private static func usageRange(_ fields: SessionFields, _ slots: borrowing FieldSlots) -> Range<Int>? {
        for slot in [fields.responseUsage, fields.usage] {
            // An empty object says nothing.
            guard let value = slots.value(slot), value.kind == .object, value.range.count > 2 else { continue }
            return Int(value.range.start)..<Int(value.range.end)
        }
        return nil
    }

    /// The token counts as they came.
    private static func usage(_ fields: SessionFields, _ slots: borrowing FieldSlots, _ text: RawSpan) -> JSONValue? {
        usageRange(fields, slots).flatMap { try? JSONValue(parsing: text.extracting($0)) }
    }

    mutating func startOutput(_ fields: SessionFields, _ slots: inout FieldSlots, _ text: RawSpan) {
        guard let key = openResponse(fields.responseID, &slots, text) else { return }
        noteOutput(of: key, .audioBuffer)
    }

    private mutating func finishTurn(
        _ response: ResponseRecord, _ fields: SessionFields, _ slots: inout FieldSlots, _ text: RawSpan,
        into derived: inout DerivedEvents
    ) {
        turns.add(
            tokens: slots.int(slot: fields.responseUsageTotal, in: text)
                ?? slots.int(slot: fields.usageTotal, in: text),
            input: slots.int(slot: fields.responseUsageInput, in: text) ?? slots.int(slot: fields.usageInput, in: text),
            output: slots.int(slot: fields.responseUsageOutput, in: text)
                ?? slots.int(slot: fields.usageOutput, in: text), to: response.turn)
        let isAnswer = response.hasSpoken || response.hasMessage && response.status == "completed"
        guard isAnswer, !response.isOutOfBand, let turn = turns.finish(response.turn) else { return }
        totals.turns += 1
        let isInterrupted =
            response.status == "cancelled" || response.isInterruptionTold || response.interruption != nil
        let latency = response.firstPerceived.flatMap { EventClock.milliseconds(from: turn.endedAt, to: $0.at) }
        tell(.routerTurnDone, "turn.done/\(turn.number)", turn: turn.number, into: &derived) { (body: inout Turn) in
            body.itemID = turn.itemID
            body.responseID = response.id
            body.latencyMs = latency
            if latency != nil {
                body.latencyBasis = turn.basis
                body.latencyOutput = response.firstPerceived.map { Self.output($0.output) }
            }
            body.firstTokenMs = EventClock.milliseconds(from: turn.endedAt, to: response.firstOutputAt)
            body.interrupted = isInterrupted
            body.tokens = turn.tokens
            body.inputTokens = turn.inputTokens
            body.outputTokens = turn.outputTokens
        }
    }

    private static func output(_ output: ResponseRecord.Output) -> LatencyOutput {
        switch output {
        case .audio: .audio
        case .audioBuffer: .audioBuffer
        case .text: .text
        case .transcript: .transcript
        }
    }
}
