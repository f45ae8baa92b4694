extension Utterance {
    /// Estimates which words of an answer were played before it was cut off: the first `heardMs / audioMs` of the text, back to a word
    /// boundary.
    ///
    /// A word ends at a blank. In scripts without blanks between words every character is a word.
    ///
    /// - Parameters:
    ///   - text: all words of the answer.
    ///   - heardMs: how much of the audio was played, in ms; a server may send any number.
    ///   - audioMs: the length of the audio that came, in ms; nil or 0 when it is not known.
    /// - Returns: nil when the length of the audio is not known; the whole text when all audio was played.
    package static func heardText(of text: String, heardMs: Int?, audioMs: Int?) -> String? {
        guard let heardMs, let audioMs, audioMs > 0 else { return nil }
        guard heardMs < audioMs else { return text }
        guard heardMs > 0 else { return "" }
        let characters = Array(text)
        // Less than the count of characters, since the fraction is less than 1.
        var end = min(Int(Double(characters.count) * Double(heardMs) / Double(audioMs)), characters.count - 1)
        while end > 0, !isBoundary(characters[end - 1], characters[end]) { end -= 1 }
        while end > 0, characters[end - 1].isWhitespace { end -= 1 }
        return String(characters[..<max(end, 0)])
    }

    private static func isBoundary(_ before: Character, _ after: Character) -> Bool {
        [before, after].contains { $0.isWhitespace || isOfScriptWithoutBlanks($0) }
    }

    /// Whether a character belongs to Chinese, Japanese, Thai, Lao, Burmese or Khmer, their punctuation included.
    private static func isOfScriptWithoutBlanks(_ character: Character) -> Bool {
        switch character.unicodeScalars.first?.value ?? 0 {
        case 0x0E00...0x0EFF, 0x1000...0x109F, 0x1780...0x17FF, 0x3000...0x30FF, 0x31F0...0x31FF, 0x3400...0x4DBF,
            0x4E00...0x9FFF, 0xF900...0xFAFF, 0xFF01...0xFF9F, 0x20000...0x3FFFD:
            true
        default: false
        }
    }
}
