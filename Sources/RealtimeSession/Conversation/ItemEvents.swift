internal import EventJSON
internal import RealtimeEvents

// The user's audio buffer, and conversation items.
extension SessionState {
    mutating func startSpeech(_ event: borrowing EventReader) {
        alarms.answer()
        noteUserAct()
        hold(.speech, true)
        if let active = responses.current.flatMap({ responses[$0] }), !active.isOutOfBand { interruptions += 1 }
        conversation.startSpeech(event, at: emitter.clock.at)
    }

    mutating func stopSpeech(_ event: borrowing EventReader) {
        conversation.stopSpeech(event, at: emitter.clock.at)
        noteUserAct()
        hold(.speech, false)
        expectAnswer(after: .speech, turn: turn, id: event.string(event.fields.itemID))
    }

    mutating func commit(_ event: borrowing EventReader) {
        let id = conversation.commit(event, at: emitter.clock.at)
        // The server commits silence too.
        let slot = event.key(event.fields.itemID).flatMap { conversation.find($0) }
        if slot.map({ conversation.items[$0].isIdle }) != true { noteUserAct() }
        hold(.speech, false)
        guard let id else { return }
        expectAnswer(after: .speech, turn: turn, id: id)
    }

    /// Takes in that the user's audio was thrown away.
    mutating func clearSpeech() {
        hold(.speech, false)
        conversation.clearSpeech()
    }

    /// Takes an item in that the conversation has, or that was retrieved from it.
    mutating func takeItem(_ code: EventType.Code, _ event: borrowing EventReader) {
        var item = ItemReader(event.fields.item, event)
        guard item.nextItem(event), let key = event.key(at: item.id) else { return }
        // What was forgotten and is retrieved was emitted before.
        if code == .conversationItemRetrieved, conversation.find(key) == nil { return }
        if code != .conversationItemRetrieved { conversation.noteItemOfConnection(key) }
        if code != .conversationItemRetrieved, item.messageRole(event) == .user, conversation.find(key) == nil {
            noteUserAct()
        }
        let isPlacing = code == .conversationItemAdded || code == .conversationItemCreated
        guard !conversation.take(&item, key, isPlacing: isPlacing, event, at: emitter.clock.at) else { return }
        takeCallItem(item, event)
        raiseMCPFailures { $1?.mcp?.reason != nil }
    }
}

// The user's audio buffer, and the items that the server shows.
extension Conversation {
    mutating func startSpeech(_ event: borrowing EventReader, at: Double?) {
        unnamedWords.goOn()
        guard let slot = userItem(event) else {
            turns.userBegan(itemID: nil)
            return unnamedWords.speech = UnnamedWords.Speech(turn: turn, startedAt: at)
        }
        items[slot].isDetected = true
        pendingWords.add(items[slot], at: slot)
        items[slot].speechStartedAt = at
        items[slot].audioStartMs = event.int(event.fields.audioStartMs)
    }

    mutating func stopSpeech(_ event: borrowing EventReader, at: Double?) {
        if let slot = userItem(event) {
            items[slot].isDetected = true
            items[slot].hasStopped = true
            items[slot].speechStoppedAt = at
            items[slot].audioEndMs = event.int(event.fields.audioEndMs)
        } else {
            unnamedWords.speech?.stoppedAt = at
        }
        turns.userEnded(at: at, .speechStopped)
    }

    /// The server commits an item because nobody spoke: it is the user's, but no turn.
    mutating func noteIdleItem(_ event: borrowing EventReader) {
        guard let key = event.key(event.fields.itemID) else { return }
        let slot = item(key, turn: turn) { event.string(event.fields.itemID) ?? "" }
        items[slot].role = .user
        items[slot].kind = .message
        items[slot].isIdle = !items[slot].isDetected
    }

    /// Takes in that the user's audio was committed.
    ///
    /// - Returns: The item with which the user's speech ended; nil if it had ended before, or nobody spoke.
    mutating func commit(_ event: borrowing EventReader, at: Double?) -> String? {
        unnamedWords.goOn()
        guard let slot = userItem(event) else { return nil }
        if items[slot].addedAt == nil { items[slot].addedAt = at }
        // Where speech was detected and its end was not, the commit is the end.
        let isEnd = !items[slot].hasStopped && !items[slot].isIdle
        if isEnd { turns.userEnded(at: at, .committed) }
        expectTranscript(slot)
        if !transcribes { callerAudio.wasCommitted = true }
        place(slot, event)
        return isEnd ? items[slot].id : nil
    }

    /// The user's item that the event names; the first sight of one is the user speaking. Nil where the event names none, or one
    /// that is not the user's.
    mutating func userItem(_ event: borrowing EventReader) -> Int? {
        guard let key = lastItem.key(event.fields.itemID, event) else { return nil }
        if let slot = find(key) {
            guard items[slot].canHoldWords(of: .user) else { return nil }
            items[slot].role = .user
            items[slot].kind = .message
            return slot
        }
        let id = event.string(event.fields.itemID) ?? ""
        turns.userBegan(itemID: id)
        let slot = item(key, turn: turn) { id }
        items[slot].role = .user
        items[slot].kind = .message
        return slot
    }

    private mutating func expectTranscript(_ slot: Int) {
        guard transcribes, !items[slot].isIdle else { return }
        items[slot].expectsTranscript = true
        pendingWords.add(items[slot], at: slot)
    }

    private mutating func place(_ slot: Int, _ event: borrowing EventReader) {
        if let key = event.key(event.fields.previousItemID) {
            let id = event.string(event.fields.previousItemID) ?? ""
            place(slot, behind: (key, id))
        } else {
            place(slot, behind: nil)
        }
    }

    /// Takes an item in that the server shows.
    ///
    /// - Parameter isPlacing: Whether the event says where the item is in the conversation.
    /// - Returns: Whether it is a message.
    mutating func take(
        _ item: inout ItemReader, _ key: IDKey, isPlacing: Bool, _ event: borrowing EventReader, at: Double?
    ) -> Bool {
        let role = item.messageRole(event)
        let id = event.text(at: item.id)
        if role == .user, find(key) == nil {
            turns.userBegan(itemID: id)
            turns.userEnded(at: at, .item)
        }
        let slot = self.item(key, turn: turn) { id }
        describe(key, item, event)
        if items[slot].addedAt == nil { items[slot].addedAt = at }
        items[slot].kind = role == nil ? .other : .message
        if let role { items[slot].role = role }
        if role == .user { expectTranscripts(slot, item, event) }
        if isPlacing { place(slot, event) }
        guard let role else { return false }
        takeContents(slot, &item, event, at: at)
        if role == .assistant { closeSeededItem(slot, item, event, at: at) }
        return true
    }

    /// Takes in what an item says of itself, beside its contents.
    mutating func describe(_ key: IDKey, _ item: ItemReader, _ event: borrowing EventReader) {
        guard let slot = find(key) else { return }
        if event.hasText(at: item.phase) { items[slot].phase = event.text(at: item.phase) }
        if event.hasText(at: item.serverLabel) {
            items[slot].mcp = MCPItem(item, event, after: items[slot].mcp)
        }
    }

    /// The audio parts of a user's item get words, even before these come.
    private mutating func expectTranscripts(_ slot: Int, _ item: ItemReader, _ event: borrowing EventReader) {
        var item = item
        while item.nextContent(event) {
            guard event.equals(at: item.contentType, "input_audio") else { continue }
            _ = items[slot].makePart(item.contentIndex, isSpoken: true)
            expectTranscript(slot)
        }
    }

    /// Takes the texts in that an item's content parts hold.
    mutating func takeContents(_ slot: Int, _ item: inout ItemReader, _ event: borrowing EventReader, at: Double?) {
        let role = items[slot].role
        guard role == .user || role == .assistant else { return }
        while item.nextContent(event) {
            let words = event.hasText(at: item.contentTranscript) ? item.contentTranscript : item.contentText
            guard event.hasText(at: words) else { continue }
            let isSpoken = words == item.contentTranscript
            let contentIndex = item.contentIndex
            event.withText(at: words) { words in
                if role == .user {
                    completeUserText(words, of: slot, contentIndex: contentIndex, isSpoken: isSpoken, at: at)
                } else {
                    setAssistantText(words, of: slot, contentIndex: contentIndex, isSpoken: isSpoken, at: at)
                }
            }
        }
    }

    /// An assistant's item without a response is history that a client gave: it is complete when the server says so.
    private mutating func closeSeededItem(
        _ slot: Int, _ item: ItemReader, _ event: borrowing EventReader, at: Double?
    ) {
        guard items[slot].responseID == nil else { return }
        let hasWords = items[slot].parts.contains(where: \.hasWords)
        let isComplete = event.equals(at: item.status, "completed") || item.status < 0 && hasWords
        guard isComplete || event.equals(at: item.status, "incomplete") else { return }
        turns.answerBegan(turn)
        close(slot, isComplete ? .completed : .interrupted, at: at)
    }

    mutating func deleteItem(_ event: borrowing EventReader, at: Double?) {
        guard let key = event.key(event.fields.itemID), let slot = find(key) else { return }
        delete(slot, at: at)
    }
}

extension Conversation {
    /// How many utterances of the user's have begun or are committed, and have no final words.
    mutating func countPendingWords() -> Int {
        let unnamed = unnamedWords.speech != nil && transcribes ? 1 : 0
        return pendingWords.count(in: items, transcribes: transcribes) + unnamed
    }

    /// Takes in that the user's audio that was not committed was thrown away.
    mutating func clearSpeech() { pendingWords.clear(items) }
}
