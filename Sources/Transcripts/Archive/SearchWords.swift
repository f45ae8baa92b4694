/// What somebody looks for in what was said: words that all have to be there, anywhere in one utterance.
public struct SearchWords: Sendable, Hashable {
    /// Words that have to follow each other; most often one.
    public struct Phrase: Sendable, Hashable {
        /// The words, with whatever stood around them.
        public var text: String
        /// Whether a longer word that begins like the last one will do.
        public var isPrefix: Bool
    }

    /// What has to be there.
    public let phrases: [Phrase]

    /// Takes the words out of texts: each text is a phrase, and a `*` at its end makes its last word the beginning of one.
    ///
    /// - Returns: nil when no text has a letter or a digit.
    public init?(_ texts: [String]) {
        phrases = texts.compactMap { text in
            guard text.contains(where: { $0.isLetter || $0.isNumber }) else { return nil }
            let isPrefix = text.hasSuffix("*")
            return Phrase(text: isPrefix ? String(text.dropLast()) : text, isPrefix: isPrefix)
        }
        if phrases.isEmpty { return nil }
    }
}
