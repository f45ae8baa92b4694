internal import EventJSON

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
