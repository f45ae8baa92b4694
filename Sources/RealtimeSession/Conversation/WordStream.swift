internal import EventJSON

/// One of the two streams of words in a translation: the speaker's words or their translation. The server names no
/// items and may not mark where an utterance ends.
///
/// An utterance ends when the server sends its complete text. Otherwise it ends after a sentence or before a pause.
struct WordStream: Sendable {
    /// The pause after which the next words begin a new utterance, in seconds.
    static let pause = 2.0

    let role: ItemRecord.Role
    /// The item of the current utterance; nil before its first words.
    private(set) var item: IDKey?
    /// Whether an utterance has ended since the server last sent a complete text. If so, the next complete text repeats
    /// that utterance's words.
    private(set) var hasEndedEarlier = false
    /// Whether the last words end a sentence.
    private(set) var isAtSentenceEnd = false
    private var count = 0
    private var lastAt: Double?

    init(_ role: ItemRecord.Role) {
        self.role = role
    }

    /// Whether `words`, which arrive at the time `at`, begin a new utterance.
    func isOver(before words: RawSpan, at: Double?) -> Bool {
        guard item != nil else { return false }
        if let at, let lastAt, at - lastAt >= Self.pause { return true }
        return isAtSentenceEnd && Self.beginsSentence(words)
    }

    /// Begins an utterance.
    ///
    /// - Returns: The id of its item.
    mutating func begin() -> String {
        count += 1
        let id = "\(role == .user ? "input" : "output")_\(count)"
        item = IDKey(id)
        isAtSentenceEnd = false
        return id
    }

    /// Records words that have arrived.
    mutating func note(_ words: RawSpan, at: Double?) {
        if let at { lastAt = at }
        guard let ends = Self.endsSentence(words) else { return }
        isAtSentenceEnd = ends
    }

    /// Ends the utterance.
    ///
    /// - Parameter isCompletedByServer: Whether the server sent the complete text.
    mutating func end(isCompletedByServer: Bool) {
        hasEndedEarlier = !isCompletedByServer && (hasEndedEarlier || item != nil)
        item = nil
        isAtSentenceEnd = false
    }

    /// Whether words end a sentence; nil if they consist only of spaces.
    private static func endsSentence(_ words: RawSpan) -> Bool? {
        var end = words.byteCount
        while end > 0, byte(words, end - 1) == 0x20 { end -= 1 }
        guard end > 0 else { return nil }
        switch byte(words, end - 1) {
        case 0x2E, 0x21, 0x3F: return true
        default:
            // U+3002, U+FF01 and U+FF1F in UTF-8.
            guard end >= 3 else { return false }
            let last = (byte(words, end - 3), byte(words, end - 2), byte(words, end - 1))
            return last == (0xE3, 0x80, 0x82) || last == (0xEF, 0xBC, 0x81) || last == (0xEF, 0xBC, 0x9F)
        }
    }

    /// Whether words after the end of a sentence begin a new sentence. False for the continuations in `3.14`,
    /// `example.org` and `p.m. today`.
    private static func beginsSentence(_ words: RawSpan) -> Bool {
        guard words.byteCount > 1 else { return false }
        // U+2000 to U+203F are quotation marks, dashes and dots.
        if byte(words, 0) >= 0x80 { return byte(words, 0) != 0xE2 || byte(words, 1) != 0x80 }
        guard byte(words, 0) == 0x20 else { return false }
        let first = blanks(words)
        return first < words.byteCount && !(0x61...0x7A).contains(byte(words, first))
    }

    /// The number of leading spaces.
    static func blanks(_ words: RawSpan) -> Int {
        var count = 0
        while count < words.byteCount, byte(words, count) == 0x20 { count += 1 }
        return count
    }

    private static func byte(_ words: RawSpan, _ index: Int) -> UInt8 {
        unsafe words.unsafeLoad(fromByteOffset: index, as: UInt8.self)
    }
}
