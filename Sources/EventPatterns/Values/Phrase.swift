import LinearExpressions

/// Words that have to follow each other in a text.
struct Phrase: Sendable, Hashable {
    /// A case-folded word.
    struct Word: Sendable, Hashable {
        var scalars: [UInt32]
        /// Whether a longer word with this beginning also matches.
        var isPrefix: Bool
    }

    var words: [Word]

    /// Splits a text into words. A `*` directly after a word matches any word with that beginning.
    init(_ text: String) throws(ExpressionError) {
        let bytes = Array(text.utf8)
        words = Self.words(bytes.span.bytes)
        let stars = bytes.count { $0 == UInt8(ascii: "*") }
        guard stars == words.count(where: \.isPrefix) else {
            throw ExpressionError(
                "a `*` in a phrase has to follow a word directly",
                help: "`refund*` finds \"refunds\" and \"refundable\"; for a part of a word use `wildcard`")
        }
        guard !words.isEmpty else {
            throw ExpressionError("a phrase needs at least one word", help: "punctuation and symbols do not count")
        }
    }

    private static func words(_ text: RawSpan) -> [Word] {
        var words: [Word] = []
        var scanner = WordScanner()
        while scanner.findWord(text) {
            var word = Word(scalars: [], isPrefix: false)
            while let scalar = scanner.nextInWord(text) { word.scalars.append(scalar) }
            word.isPrefix = hasStar(text, scanner.offset)
            words.append(word)
        }
        return words
    }

    /// Whether there is a star that ends a word. In `re*fund` it does not: readers would see two words.
    private static func hasStar(_ text: RawSpan, _ offset: Int) -> Bool {
        guard offset < text.byteCount, text.byte(offset) == UInt8(ascii: "*") else { return false }
        var rest = WordScanner(at: offset + 1)
        return !rest.findWord(text) || rest.offset > offset + 1
    }
}
