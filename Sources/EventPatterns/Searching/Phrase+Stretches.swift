extension Phrase {
    /// The stretches of a text that the words cover wherever they follow each other.
    func stretches(_ text: RawSpan) -> [Range<Int>] {
        var found: [Range<Int>] = []
        var scanner = WordScanner()
        while scanner.findWord(text) {
            let start = scanner.offset
            if let end = end(of: text, from: start) { found.join(start..<end) }
            scanner.skipWord(text)
        }
        return found
    }

    /// Where the phrase ends that begins with the word at an offset; nil when another one stands there.
    private func end(of text: RawSpan, from offset: Int) -> Int? {
        var scanner = WordScanner(at: offset)
        for word in words {
            guard scanner.findWord(text), Self.reads(word, text, &scanner) else { return nil }
        }
        return scanner.offset
    }

    /// Reads a word to its end; whether it is the one that is wanted.
    private static func reads(_ word: Word, _ text: RawSpan, _ scanner: inout WordScanner) -> Bool {
        var place = 0
        while let scalar = scanner.nextInWord(text) {
            guard place < word.scalars.count else {
                if !word.isPrefix { return false }
                continue
            }
            if scalar != word.scalars[place] { return false }
            place += 1
        }
        return place == word.scalars.count
    }
}
