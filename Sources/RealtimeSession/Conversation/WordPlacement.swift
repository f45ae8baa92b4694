internal import EventJSON
internal import RealtimeEvents

// Finds the item that words belong to, and raises an error when there is none.
extension SessionState {
    /// Why words cannot be assigned to an item.
    enum Misplacement: String {
        /// Their utterance has ended.
        case late = "late_words"
        /// The named item cannot hold words of that side: it is a call, or a message of the other side.
        case wrongItem = "words_of_wrong_item"
        /// The event names no item.
        case noItem = "words_without_item"
        /// Their item has too many content parts.
        case tooManyParts = "too_many_content_parts"

        var message: String {
            switch self {
            case .late: "Words came for an utterance that has ended, so they are in no transcript."
            case .wrongItem: "Words came for an item that cannot hold them, so they are in no transcript."
            case .noItem: "Words came that name no item, so they are in no transcript."
            case .tooManyParts: "Words came for an item with too many content parts, so they are in no transcript."
            }
        }
    }

    /// The user's item that a transcription belongs to, even if the event names no item. Nil, after raising an error,
    /// if the event names an item that cannot hold user words.
    ///
    /// - Parameter finalWords: The key of the transcription's final words; nil for a delta.
    mutating func transcribedItem(_ finalWords: IDKey?, _ event: borrowing EventReader) -> Int? {
        guard event.hasText(event.fields.itemID) else {
            return conversation.unnamedItem(finalWords, at: emitter.clock.at)
        }
        if let slot = conversation.userItem(event) { return slot }
        if let slot = event.key(event.fields.itemID).flatMap({ conversation.find($0) }) {
            raiseMisplaced(.wrongItem, slot, isUser: true)
        }
        return nil
    }

    /// The assistant's item that words belong to. If the event names no item, the only open item of its response.
    mutating func spokenItem(_ event: borrowing EventReader) -> Int? {
        if let slot = assistantItem(event) {
            if conversation.items[slot].canHoldWords(of: .assistant) { return slot }
            let responseID = event.string(event.fields.responseID)
            raiseMisplaced(.wrongItem, slot, isUser: false, responseID: responseID)
            return nil
        }
        let response = responses.open(event.fields.responseID, event, turn: turn).flatMap { responses[$0] }
        let open =
            response?.items.compactMap { conversation.find($0) }.filter { !conversation.items[$0].isClosed } ?? []
        if open.count == 1 { return open[0] }
        raiseMisplaced(.noItem, nil, isUser: false, responseID: response?.id)
        return nil
    }

    /// Raises a benign error about misplaced words, once for each item (or response) and reason.
    mutating func raiseMisplaced(_ reason: Misplacement, _ slot: Int?, isUser: Bool, responseID: String? = nil) {
        let item = slot.map { conversation.items[$0] }
        let about = "\(reason.rawValue)/\(isUser)/\(item?.id ?? responseID ?? "")"
        guard conversation.raisedMisplacements.insert(IDKey(about)).isNew else { return }
        emitter.raise(.benign, isUser ? .transcription : .response, turn: item?.turn ?? turn) { body in
            body.code = reason.rawValue
            body.message = reason.message
            body.itemID = item?.id
            body.responseID = item?.responseID ?? responseID
        }
    }
}

// Words for which the server names no item.
extension Conversation {
    /// The item for words whose event names no item: the item that such words were assigned to before, the only item
    /// that waits for words, or a new one.
    mutating func unnamedItem(_ finalWords: IDKey?, at: Double?) -> Int {
        let slot = knownItem(finalWords) ?? makeUnnamedItem(at: at)
        unnamedSpeech.assign(to: items[slot].key, finalWords: finalWords)
        return slot
    }

    private mutating func knownItem(_ finalWords: IDKey?) -> Int? {
        if let slot = unnamedSpeech.item.flatMap({ find($0) }) {
            let isSentAgain = finalWords != nil && finalWords == unnamedSpeech.finalWords
            if isSentAgain || items[slot].awaitsTranscript { return slot }
        }
        let waiting = itemsAwaitingTranscript
        return waiting.count == 1 ? waiting[0] : nil
    }

    /// Creates a user's item for words without an item, in the turn of the speech that named no item either.
    private mutating func makeUnnamedItem(at: Double?) -> Int {
        var id = unnamedSpeech.nextID()
        while find(IDKey(id)) != nil { id = unnamedSpeech.nextID() }
        let speech = unnamedSpeech.speech
        unnamedSpeech.speech = nil
        if let speech {
            turns.name(speech.turn, itemID: id)
        } else if itemsAwaitingTranscript.isEmpty {
            turns.userBegan(itemID: id)
        }
        let slot = item(IDKey(id), turn: speech?.turn ?? turn) { id }
        items[slot].role = .user
        items[slot].kind = .message
        items[slot].expectsTranscript = true
        items[slot].addedAt = at
        items[slot].speechStartedAt = speech?.startedAt
        items[slot].speechStoppedAt = speech?.stoppedAt
        pendingTranscripts.add(items[slot], at: slot)
        return slot
    }

    /// The item whose transcription failed when the event names no item: the only item that waits for words; nil if no
    /// item or several items wait for words.
    func unnamedFailedItem(_ event: borrowing EventReader) -> Int? {
        guard !event.hasText(event.fields.itemID) else { return nil }
        let waiting = itemsAwaitingTranscript
        return waiting.count == 1 ? waiting[0] : nil
    }
}
