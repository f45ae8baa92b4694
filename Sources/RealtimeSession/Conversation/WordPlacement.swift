internal import EventJSON
internal import RealtimeEvents

// Which item words belong to, and what is raised where there is none.
extension SessionState {
    /// Why words have no place.
    enum Misplacement: String {
        /// The utterance that they belong to has ended.
        case late = "late_words"
        /// The item that they name holds no words of that side: it is a call, or a message of the other side.
        case wrongItem = "words_of_wrong_item"
        /// They name no item.
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

    /// The item of the user that a transcription belongs to, also where it names none; nil where it names an item that cannot be.
    ///
    /// - Parameter finalWords: The whole words of the transcription; nil for a piece.
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

    /// The assistant's item that words belong to. Where they name none, it is the only open one of their response.
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

    /// Raises a benign error of words that have no place, once for an item (or a response) and a reason.
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
    /// The item of words that name none: the one that such words went to before, the only one that waits for words, or a new one.
    mutating func unnamedItem(_ finalWords: IDKey?, at: Double?) -> Int {
        let slot = knownItem(finalWords) ?? makeUnnamedItem(at: at)
        unnamedWords.went(to: items[slot].key, finalWords: finalWords)
        return slot
    }

    private mutating func knownItem(_ finalWords: IDKey?) -> Int? {
        if let slot = unnamedWords.item.flatMap({ find($0) }) {
            let isSentAgain = finalWords != nil && finalWords == unnamedWords.finalWords
            if isSentAgain || items[slot].waitsForWords { return slot }
        }
        let waiting = waitingForWords
        return waiting.count == 1 ? waiting[0] : nil
    }

    /// An item of the user's for words that name none, in the turn of the speech that named none either.
    private mutating func makeUnnamedItem(at: Double?) -> Int {
        var id = unnamedWords.nextID()
        while find(IDKey(id)) != nil { id = unnamedWords.nextID() }
        let speech = unnamedWords.speech
        unnamedWords.speech = nil
        if let speech {
            turns.name(speech.turn, itemID: id)
        } else if waitingForWords.isEmpty {
            turns.userBegan(itemID: id)
        }
        let slot = item(IDKey(id), turn: speech?.turn ?? turn) { id }
        items[slot].role = .user
        items[slot].kind = .message
        items[slot].expectsTranscript = true
        items[slot].addedAt = at
        items[slot].speechStartedAt = speech?.startedAt
        items[slot].speechStoppedAt = speech?.stoppedAt
        pendingWords.add(items[slot], at: slot)
        return slot
    }

    /// The item whose transcription failed, where the event names none: the only one that waits for words.
    func unnamedFailure(_ event: borrowing EventReader) -> Int? {
        guard !event.hasText(event.fields.itemID) else { return nil }
        let waiting = waitingForWords
        return waiting.count == 1 ? waiting[0] : nil
    }
}
