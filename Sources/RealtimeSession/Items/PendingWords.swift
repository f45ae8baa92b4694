/// The user's utterances whose words may still come, found without a look at every item.
struct PendingWords: Sendable {
    /// An item that began, or was committed; its slot may hold another one since.
    private struct Candidate {
        let slot: Int
        let serial: Int
    }

    private var candidates: [Candidate] = []

    /// Whether nothing can be pending.
    var isEmpty: Bool { candidates.isEmpty }

    /// Takes in that an item of the user's began, or was committed.
    mutating func add(_ item: ItemRecord, at slot: Int) {
        guard !candidates.contains(where: { $0.serial == item.serial }) else { return }
        candidates.append(Candidate(slot: slot, serial: item.serial))
    }

    /// Forgets the items whose words have come or never will, and counts the others.
    ///
    /// - Parameter transcribes: Whether the user's audio is transcribed.
    mutating func count(in items: [ItemRecord], transcribes: Bool) -> Int {
        guard !candidates.isEmpty else { return 0 }
        candidates.removeAll { $0.serial != items[$0.slot].serial || !items[$0.slot].mayGetWords }
        return candidates.count { transcribes || items[$0.slot].expectsTranscript }
    }

    /// Forgets the items that are not committed: their audio was thrown away.
    mutating func clear(_ items: [ItemRecord]) {
        candidates.removeAll { $0.serial == items[$0.slot].serial && !items[$0.slot].isCommitted }
    }
}

extension ItemRecord {
    /// Whether the item was committed, or is an item of the conversation.
    fileprivate var isCommitted: Bool { addedAt != nil || expectsTranscript }

    /// Whether words of the item may still come.
    fileprivate var mayGetWords: Bool {
        guard waitsForWords else { return false }
        return expectsTranscript || !isCommitted
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
