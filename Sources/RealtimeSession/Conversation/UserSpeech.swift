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

/// The user's speech and words for which the server names no item.
struct UnnamedWords: Sendable {
    /// Speech that the server detected without an item.
    struct Speech: Sendable {
        let turn: Int
        let startedAt: Double?
        var stoppedAt: Double?
    }

    /// The newest such speech, until its words come.
    var speech: Speech?
    /// The item to which such words went last.
    private(set) var item: IDKey?
    /// The words with which that item was completed; nil while more may come.
    private(set) var finalWords: IDKey?
    /// How many items were made for such words.
    private var count = 0

    /// Takes in that words went to an item.
    ///
    /// - Parameter finalWords: The item's whole words; nil for a delta.
    mutating func went(to item: IDKey, finalWords: IDKey?) {
        self.item = item
        self.finalWords = finalWords
    }

    /// Takes in that the conversation went on: the same words would now be said again, and not be sent again.
    mutating func goOn() {
        guard finalWords != nil else { return }
        item = nil
        finalWords = nil
    }

    /// An id for an item that the server does not name.
    mutating func nextID() -> String {
        count += 1
        return "unnamed_\(count)"
    }
}

/// Whether somebody speaks whose words nobody writes down: known only of a session that the server has described.
struct CallerAudio: Sendable {
    var isDescribed = false
    var wasCommitted = false
    var wasTranscribed = false

    var isUnheard: Bool { isDescribed && wasCommitted && !wasTranscribed }
}
