internal import EventJSON
internal import RealtimeEvents

// Events of the user's audio buffer and of conversation items.
extension SessionState {
    mutating func startSpeech(_ event: borrowing EventReader) {
        alarms.stopWaiting()
        noteUserActivity()
        setUserIdlePause(.speech, true)
        if let active = responses.current.flatMap({ responses[$0] }), !active.isOutOfBand { interruptions += 1 }
        conversation.startSpeech(event, at: emitter.clock.at)
    }

    mutating func stopSpeech(_ event: borrowing EventReader) {
        conversation.stopSpeech(event, at: emitter.clock.at)
        noteUserActivity()
        setUserIdlePause(.speech, false)
        expectAnswer(after: .speech, turn: turn, id: event.string(event.fields.itemID))
    }

    mutating func commit(_ event: borrowing EventReader) {
        let id = conversation.commit(event, at: emitter.clock.at)
        // The server also commits silence, which is no activity of the user.
        let slot = event.key(event.fields.itemID).flatMap { conversation.find($0) }
        if slot.map({ conversation.items[$0].isIdle }) != true { noteUserActivity() }
        setUserIdlePause(.speech, false)
        guard let id else { return }
        expectAnswer(after: .speech, turn: turn, id: id)
    }

    /// Records that the user's audio was discarded.
    mutating func clearSpeech() {
        setUserIdlePause(.speech, false)
        conversation.clearSpeech()
    }

    /// Applies an event that shows an item: added to the conversation or retrieved from it.
    mutating func handleItem(_ code: EventType.Code, _ event: borrowing EventReader) {
        var item = ItemReader(event.fields.item, event)
        guard item.nextItem(event), let key = event.key(at: item.id) else { return }
        // A dropped item's utterances were emitted before, so a retrieved copy adds nothing.
        if code == .conversationItemRetrieved, conversation.find(key) == nil { return }
        if code != .conversationItemRetrieved { conversation.noteItemOnConnection(key) }
        if code != .conversationItemRetrieved, item.messageRole(event) == .user, conversation.find(key) == nil {
            noteUserActivity()
        }
        let isPlacing = code == .conversationItemAdded || code == .conversationItemCreated
        guard !conversation.update(&item, key, isPlacing: isPlacing, event, at: emitter.clock.at) else { return }
        handleCallItem(item, event)
        raiseMCPFailures { $1?.mcp?.reason != nil }
    }
}

// How events of the audio buffer and of items change the conversation.
extension Conversation {
    mutating func startSpeech(_ event: borrowing EventReader, at: Double?) {
        unnamedSpeech.noteProgress()
        guard let slot = userItem(event) else {
            turns.userBegan(itemID: nil)
            return unnamedSpeech.speech = UnnamedSpeech.Speech(turn: turn, startedAt: at)
        }
        items[slot].isDetected = true
        pendingTranscripts.add(items[slot], at: slot)
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
            unnamedSpeech.speech?.stoppedAt = at
        }
        turns.userEnded(at: at, .speechStopped)
    }

    /// Records an item that the server commits because nobody spoke. It is the user's, but begins no turn.
    mutating func noteIdleItem(_ event: borrowing EventReader) {
        guard let key = event.key(event.fields.itemID) else { return }
        let slot = item(key, turn: turn) { event.string(event.fields.itemID) ?? "" }
        items[slot].role = .user
        items[slot].kind = .message
        items[slot].isIdle = !items[slot].isDetected
    }

    /// Records that the user's audio was committed.
    ///
    /// - Returns: The id of the item that ended the user's speech; nil if the speech had ended before, or nobody spoke.
    mutating func commit(_ event: borrowing EventReader, at: Double?) -> String? {
        unnamedSpeech.noteProgress()
        guard let slot = userItem(event) else { return nil }
        if items[slot].addedAt == nil { items[slot].addedAt = at }
        // If the server did not report the end of speech, the commit is the end.
        let isEnd = !items[slot].hasStopped && !items[slot].isIdle
        if isEnd { turns.userEnded(at: at, .committed) }
        expectTranscript(slot)
        if !transcribes { userAudio.wasCommitted = true }
        place(slot, event)
        return isEnd ? items[slot].id : nil
    }

    /// The user's item that the event names. An unknown item means that the user began to speak. Nil if the event names
    /// no item, or an item that is not the user's.
    mutating func userItem(_ event: borrowing EventReader) -> Int? {
        guard let key = itemKeyCache.key(event.fields.itemID, event) else { return nil }
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
        pendingTranscripts.add(items[slot], at: slot)
    }

    private mutating func place(_ slot: Int, _ event: borrowing EventReader) {
        if let key = event.key(event.fields.previousItemID) {
            let id = event.string(event.fields.previousItemID) ?? ""
            place(slot, after: (key, id))
        } else {
            place(slot, after: nil)
        }
    }

    /// Applies an item from an event.
    ///
    /// - Parameter isPlacing: Whether the event gives the item's position in the conversation.
    /// - Returns: Whether the item is a message.
    mutating func update(
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
        readContents(slot, &item, event, at: at)
        if role == .assistant { closeSeededItem(slot, item, event, at: at) }
        return true
    }

    /// Stores an item's phase and MCP data.
    mutating func describe(_ key: IDKey, _ item: ItemReader, _ event: borrowing EventReader) {
        guard let slot = find(key) else { return }
        if event.hasText(at: item.phase) { items[slot].phase = event.text(at: item.phase) }
        if event.hasText(at: item.serverLabel) {
            items[slot].mcp = MCPItem(item, event, after: items[slot].mcp)
        }
    }

    /// Creates the audio parts of a user's item before their words arrive, because the server will transcribe them.
    private mutating func expectTranscripts(_ slot: Int, _ item: ItemReader, _ event: borrowing EventReader) {
        var item = item
        while item.nextContent(event) {
            guard event.equals(at: item.contentType, "input_audio") else { continue }
            _ = items[slot].makePart(item.contentIndex, isSpoken: true)
            expectTranscript(slot)
        }
    }

    /// Stores the texts of an item's content parts.
    mutating func readContents(_ slot: Int, _ item: inout ItemReader, _ event: borrowing EventReader, at: Double?) {
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

    /// Closes an assistant's item without a response when the server calls it complete or incomplete. Such an item is
    /// history that a client supplied.
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
    /// How many of the user's utterances have begun or are committed and have no final words.
    mutating func countPendingTranscripts() -> Int {
        let unnamed = unnamedSpeech.speech != nil && transcribes ? 1 : 0
        return pendingTranscripts.count(in: items, transcribes: transcribes) + unnamed
    }

    /// Records that the user's uncommitted audio was discarded.
    mutating func clearSpeech() { pendingTranscripts.clear(items) }
}
