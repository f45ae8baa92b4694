import LinearExpressions

/// Words that have to follow each other in what somebody said.
struct Phrase: Sendable, Hashable {
    /// One word, case folded.
    struct Word: Sendable, Hashable {
        var scalars: [UInt32]
        /// Whether a longer word that begins so will do.
        var isPrefix: Bool
    }

    var words: [Word]

    /// Takes the words out of a text; a `*` right behind a word makes it the beginning of one.
    init(_ text: String) throws(ExpressionError) {
        let bytes = Array(text.utf8)
        words = Self.words(bytes.span.bytes)
        let stars = bytes.count { $0 == UInt8(ascii: "*") }
        guard stars == words.count(where: \.isPrefix) else {
            throw ExpressionError(
                "a `*` in a phrase stands right behind a word",
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

    /// Whether a star stands here that ends a word: `re*fund` would be two words to a reader, and one to nobody.
    private static func hasStar(_ text: RawSpan, _ offset: Int) -> Bool {
        guard offset < text.byteCount, text.byte(offset) == UInt8(ascii: "*") else { return false }
        var behind = WordScanner(at: offset + 1)
        return !behind.findWord(text) || behind.offset > offset + 1
    }
}
