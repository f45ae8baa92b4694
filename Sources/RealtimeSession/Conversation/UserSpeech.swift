/// The user's utterances whose transcripts are pending, kept apart so that counting them does not visit every item.
struct PendingTranscripts: Sendable {
    /// An item that began or was committed. Its slot may have been reused for another item. The serial number shows
    /// this.
    private struct Candidate {
        let slot: Int
        let serial: Int
    }

    private var candidates: [Candidate] = []

    /// Whether no transcript can be pending.
    var isEmpty: Bool { candidates.isEmpty }

    /// Adds an item of the user that began or was committed.
    mutating func add(_ item: ItemRecord, at slot: Int) {
        guard !candidates.contains(where: { $0.serial == item.serial }) else { return }
        candidates.append(Candidate(slot: slot, serial: item.serial))
    }

    /// Removes the items whose words have arrived or never will, and counts the other items.
    ///
    /// - Parameter transcribes: Whether input transcription is configured.
    mutating func count(in items: [ItemRecord], transcribes: Bool) -> Int {
        guard !candidates.isEmpty else { return 0 }
        candidates.removeAll { $0.serial != items[$0.slot].serial || !items[$0.slot].mayGetTranscript }
        return candidates.count { transcribes || items[$0.slot].expectsTranscript }
    }

    /// Removes the items that are not committed, because their audio was discarded.
    mutating func clear(_ items: [ItemRecord]) {
        candidates.removeAll { $0.serial == items[$0.slot].serial && !items[$0.slot].isCommitted }
    }
}

extension ItemRecord {
    /// Whether the item was committed or was added to the conversation.
    fileprivate var isCommitted: Bool { addedAt != nil || expectsTranscript }

    /// Whether words of the item may still arrive.
    fileprivate var mayGetTranscript: Bool {
        guard awaitsTranscript else { return false }
        return expectsTranscript || !isCommitted
    }
}

/// The user's speech and words for which the server names no item.
struct UnnamedSpeech: Sendable {
    /// Speech that the server detected without naming an item.
    struct Speech: Sendable {
        let turn: Int
        let startedAt: Double?
        var stoppedAt: Double?
    }

    /// The latest speech without an item; nil once its words have arrived.
    var speech: Speech?
    /// The item to which the last words without an item were assigned.
    private(set) var item: IDKey?
    /// The final words of that item, as a key; nil while more may arrive.
    private(set) var finalWords: IDKey?
    /// How many items were created for words without an item.
    private var count = 0

    /// Records that words were assigned to an item.
    ///
    /// - Parameter finalWords: The key of the item's final words; nil for a delta.
    mutating func assign(to item: IDKey, finalWords: IDKey?) {
        self.item = item
        self.finalWords = finalWords
    }

    /// Records that the conversation has continued. The same words would now be a new utterance, not a repeated event.
    mutating func noteProgress() {
        guard finalWords != nil else { return }
        item = nil
        finalWords = nil
    }

    /// Creates an id for an item that the server does not name.
    mutating func nextID() -> String {
        count += 1
        return "unnamed_\(count)"
    }
}

/// Whether the user speaks without being transcribed. Known only when the server has described the session.
struct UserAudio: Sendable {
    var isDescribed = false
    var wasCommitted = false
    var wasTranscribed = false

    var isUntranscribed: Bool { isDescribed && wasCommitted && !wasTranscribed }
}
