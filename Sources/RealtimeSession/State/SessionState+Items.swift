internal import EventJSON
internal import RealtimeEvents

// The user's audio buffer, and conversation items.
extension SessionState {
    mutating func startSpeech(_ fields: SessionFields, _ slots: inout FieldSlots, _ text: RawSpan) {
        alarms.answer()
        if let active = responses.current.flatMap({ responses[$0] }), !active.isOutOfBand {
            interruptions += 1
        }
        unnamedWords.goOn()
        guard let slot = userItem(fields, &slots, text) else {
            turns.userBegan(itemID: nil)
            return unnamedWords.speech = UnnamedWords.Speech(turn: turn, startedAt: clock.at)
        }
        utterances.items[slot].isDetected = true
        utterances.items[slot].speechStartedAt = clock.at
        utterances.items[slot].audioStartMs = slots.int(slot: fields.audioStartMs, in: text)
    }

    mutating func stopSpeech(_ fields: SessionFields, _ slots: inout FieldSlots, _ text: RawSpan) {
        if let slot = userItem(fields, &slots, text) {
            utterances.items[slot].isDetected = true
            utterances.items[slot].hasStopped = true
            utterances.items[slot].speechStoppedAt = clock.at
            utterances.items[slot].audioEndMs = slots.int(slot: fields.audioEndMs, in: text)
        } else {
            unnamedWords.speech?.stoppedAt = clock.at
        }
        turns.userEnded(at: clock.at, .speechStopped)
        expectAnswer(after: .speech, turn: turn, id: slots.string(slot: fields.itemID, in: text))
    }

    /// The server commits an item because nobody spoke: it is the user's, but no turn.
    mutating func noteIdleItem(_ fields: SessionFields, _ slots: inout FieldSlots, _ text: RawSpan) {
        guard let key = slots.key(fields.itemID, in: text) else { return }
        let slot = utterances.item(key, turn: turn) { slots.string(slot: fields.itemID, in: text) ?? "" }
        utterances.items[slot].role = .user
        utterances.items[slot].kind = .message
        utterances.items[slot].isIdle = !utterances.items[slot].isDetected
    }

    mutating func commit(_ fields: SessionFields, _ slots: inout FieldSlots, _ text: RawSpan) {
        unnamedWords.goOn()
        guard let slot = userItem(fields, &slots, text) else { return }
        if utterances.items[slot].addedAt == nil { utterances.items[slot].addedAt = clock.at }
        // Where speech was detected and its end was not, the commit is the end.
        if !utterances.items[slot].hasStopped, !utterances.items[slot].isIdle {
            turns.userEnded(at: clock.at, .committed)
            expectAnswer(after: .speech, turn: turn, id: utterances.items[slot].id)
        }
        expectTranscript(slot)
        if !transcribes { callerAudio.wasCommitted = true }
        place(slot, fields, &slots, text)
    }

    /// The user's item that the event names; the first sight of one is the user speaking. Nil where the event names none, or one
    /// that is not the user's.
    mutating func userItem(_ fields: SessionFields, _ slots: inout FieldSlots, _ text: RawSpan) -> Int? {
        guard let key = lastItem.key(fields.itemID, &slots, text) else { return nil }
        if let slot = utterances.find(key) {
            guard utterances.items[slot].canHoldWords(of: .user) else { return nil }
            utterances.items[slot].role = .user
            utterances.items[slot].kind = .message
            return slot
        }
        let id = slots.string(slot: fields.itemID, in: text) ?? ""
        turns.userBegan(itemID: id)
        let slot = utterances.item(key, turn: turn) { id }
        utterances.items[slot].role = .user
        utterances.items[slot].kind = .message
        return slot
    }

    private mutating func expectTranscript(_ slot: Int) {
        if transcribes, !utterances.items[slot].isIdle { utterances.items[slot].expectsTranscript = true }
    }

    private mutating func place(
        _ slot: Int, _ fields: SessionFields, _ slots: inout FieldSlots, _ text: RawSpan
    ) {
        if let key = slots.key(fields.previousItemID, in: text) {
            let id = slots.string(slot: fields.previousItemID, in: text) ?? ""
            utterances.place(slot, behind: (key, id))
        } else {
            utterances.place(slot, behind: nil)
        }
    }

    /// Takes an item in that the conversation has, or that was retrieved from it.
    mutating func takeItem(
        _ code: EventType.Code, _ fields: SessionFields, _ slots: inout FieldSlots, _ text: RawSpan,
        into derived: inout DerivedEvents
    ) {
        var item = ItemReader(fields.item, slots)
        guard item.nextItem(slots), let key = slots.key(at: item.id, in: text) else { return }
        let isNew = utterances.find(key) == nil
        // What was forgotten and is retrieved was told before.
        if isNew, code == .conversationItemRetrieved { return }
        let role = role(of: item, &slots, text)
        let id = slots.text(at: item.id, in: text)
        if isNew, role == .user {
            turns.userBegan(itemID: id)
            turns.userEnded(at: clock.at, .item)
        }
        let slot = utterances.item(key, turn: turn) { id }
        describe(key, item, &slots, text)
        if utterances.items[slot].addedAt == nil { utterances.items[slot].addedAt = clock.at }
        let isPlacing = code == .conversationItemAdded || code == .conversationItemCreated
        if let role {
            utterances.items[slot].kind = .message
            utterances.items[slot].role = role
            if role == .user { expectTranscripts(slot, item, &slots, text) }
            if isPlacing { place(slot, fields, &slots, text) }
            takeContents(slot, &item, &slots, text)
            if role == .assistant { closeSeededItem(slot, item, &slots, text) }
        } else {
            utterances.items[slot].kind = .other
            if isPlacing { place(slot, fields, &slots, text) }
            takeCallItem(item, &slots, text, into: &derived)
            raiseMCPFailures(into: &derived) { $1?.mcp?.reason != nil }
        }
    }

    /// Takes in what an item says of itself, beside its contents.
    mutating func describe(_ key: IDKey, _ item: ItemReader, _ slots: inout FieldSlots, _ text: RawSpan) {
        guard let slot = utterances.find(key) else { return }
        if slots.hasText(at: item.phase) { utterances.items[slot].phase = slots.text(at: item.phase, in: text) }
        if slots.hasText(at: item.serverLabel) {
            utterances.items[slot].mcp = MCPItem(item, &slots, text, after: utterances.items[slot].mcp)
        }
    }

    /// The role of a message; nil for every other item.
    func role(of item: ItemReader, _ slots: inout FieldSlots, _ text: RawSpan) -> ItemRecord.Role? {
        if item.type >= 0, !slots.equals(item.type, in: text, "message") { return nil }
        if slots.equals(item.role, in: text, "user") { return .user }
        if slots.equals(item.role, in: text, "assistant") { return .assistant }
        return item.role >= 0 ? .system : .unknown
    }

    /// The audio parts of a user's item get words, even before these come.
    private mutating func expectTranscripts(
        _ slot: Int, _ item: ItemReader, _ slots: inout FieldSlots, _ text: RawSpan
    ) {
        var item = item
        while item.nextContent(slots) {
            guard slots.equals(item.contentType, in: text, "input_audio") else { continue }
            _ = utterances.items[slot].makePart(item.contentIndex, isSpoken: true)
            expectTranscript(slot)
        }
    }

    /// Takes the texts in that an item's content parts hold.
    mutating func takeContents(
        _ slot: Int, _ item: inout ItemReader, _ slots: inout FieldSlots, _ text: RawSpan
    ) {
        let role = utterances.items[slot].role
        guard role == .user || role == .assistant else { return }
        while item.nextContent(slots) {
            let words = slots.hasText(at: item.contentTranscript) ? item.contentTranscript : item.contentText
            guard slots.hasText(at: words) else { continue }
            let isSpoken = words == item.contentTranscript
            let contentIndex = item.contentIndex
            slots.withText(words, in: text) { words in
                if role == .user {
                    utterances.completeUserText(
                        words, of: slot, contentIndex: contentIndex, isSpoken: isSpoken, at: clock.at)
                } else {
                    utterances.setAssistantText(
                        words, of: slot, contentIndex: contentIndex, isSpoken: isSpoken, at: clock.at)
                }
            }
        }
    }

    /// An assistant's item without a response is history that a client gave: it is complete when the server says so.
    private mutating func closeSeededItem(
        _ slot: Int, _ item: ItemReader, _ slots: inout FieldSlots, _ text: RawSpan
    ) {
        guard utterances.items[slot].responseID == nil else { return }
        let hasWords = utterances.items[slot].parts.contains(where: \.hasWords)
        let isComplete = slots.equals(item.status, in: text, "completed") || item.status < 0 && hasWords
        guard isComplete || slots.equals(item.status, in: text, "incomplete") else { return }
        turns.answerBegan(turn)
        utterances.close(slot, isComplete ? .completed : .interrupted, at: clock.at)
    }

    mutating func deleteItem(_ fields: SessionFields, _ slots: inout FieldSlots, _ text: RawSpan) {
        guard let key = slots.key(fields.itemID, in: text), let slot = utterances.find(key) else { return }
        utterances.delete(slot, at: clock.at)
    }
}
