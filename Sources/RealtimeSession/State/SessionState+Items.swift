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
