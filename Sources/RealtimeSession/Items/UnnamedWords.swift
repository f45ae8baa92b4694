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
