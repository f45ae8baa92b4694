import LinearExpressions

/// Looks for a phrase in what may have been written to hide it: a number is the same with blanks and dashes between its digits.
///
/// The word scanner sees to fullwidth forms and invisible characters.
struct PhraseSearch {
    /// A word, or one digit of a number.
    private struct Token {
        /// The folded scalars, as a range of ``scalars``.
        var scalars: Range<Int>
        var bytes: Range<Int>
        var gap: Gap
    }

    /// What stands before a token.
    private enum Gap {
        /// The digit before it in the same number.
        case nothing
        /// Blanks or dashes: they may also stand within a number.
        case narrow
        /// The beginning of the text, or anything else that separates words.
        case wide
    }

    private var scalars: [UInt32] = []
    private var tokens: [Token] = []
    private let end: Int

    init(_ text: RawSpan) {
        end = text.byteCount
        var scanner = WordScanner()
        var last = 0
        while scanner.findWord(text) {
            let first = scalars.count
            var bytes: [Range<Int>] = []
            var place = scanner.offset
            while let scalar = scanner.nextInWord(text) {
                scalars.append(scalar)
                bytes.append(place..<scanner.offset)
                place = scanner.offset
            }
            let gap = Self.gap(text, last..<(bytes.first?.lowerBound ?? place))
            last = scanner.offset
            if scalars[first...].allSatisfy(Self.isDigit) {
                for (index, range) in bytes.enumerated() {
                    let place = first + index
                    tokens.append(Token(scalars: place..<place + 1, bytes: range, gap: index == 0 ? gap : .nothing))
                }
            } else if let start = bytes.first?.lowerBound {
                tokens.append(Token(scalars: first..<scalars.count, bytes: start..<last, gap: gap))
            }
        }
    }

    /// Where the words of a phrase follow each other, and the end of the text that may become such a place.
    func findings(_ phrase: Phrase) -> TextFindings {
        let parts = phrase.words.flatMap(Part.parts)
        var findings = TextFindings()
        for start in tokens.indices where tokens[start].gap != .nothing {
            switch outcome(parts, from: start) {
            case .matched(let end):
                findings.ranges.join(tokens[start].bytes.lowerBound..<end)
                if end == self.end { fallthrough }
            case .open: findings.openStart = findings.openStart ?? tokens[start].bytes.lowerBound
            case .different: break
            }
        }
        return findings
    }

    private enum Outcome {
        case matched(end: Int)
        /// The text ends before anything contradicts the phrase.
        case open
        case different
    }

    private func outcome(_ parts: [Part], from start: Int) -> Outcome {
        for (index, part) in parts.enumerated() {
            let place = start + index
            guard place < tokens.count else { return .open }
            let token = tokens[place]
            // Within a number of the phrase only blanks and dashes may separate digits; between its words, anything may.
            if part.isWithinNumber, token.gap == .wide { return .different }
            if !part.isDigit, token.gap == .nothing { return .different }
            if part.isMet(by: scalars[token.scalars]) { continue }
            return token.bytes.upperBound == end && part.mayBeMet(by: scalars[token.scalars]) ? .open : .different
        }
        let next = start + parts.count
        // The next digit of the same number.
        if next < tokens.count, tokens[next].gap == .nothing { return .different }
        return .matched(end: tokens[next - 1].bytes.upperBound)
    }

    private static func isDigit(_ scalar: UInt32) -> Bool { (0x30...0x39).contains(scalar) }

    private static func gap(_ text: RawSpan, _ range: Range<Int>) -> Gap {
        guard range.lowerBound > 0 else { return .wide }
        var offset = range.lowerBound
        while offset < range.upperBound {
            switch PlainText.plain(text.nextScalar(&offset)) {
            case nil, UInt8(ascii: " "), UInt8(ascii: "-"): break
            default: return .wide
            }
        }
        return .narrow
    }

    /// A word of the phrase, or one digit of a number in it.
    private struct Part {
        var scalars: [UInt32]
        var isPrefix: Bool
        var isDigit: Bool
        /// Whether it is another digit than the first of its number.
        var isWithinNumber: Bool

        static func parts(_ word: Phrase.Word) -> [Part] {
            guard !word.isPrefix, word.scalars.allSatisfy(PhraseSearch.isDigit) else {
                return [Part(scalars: word.scalars, isPrefix: word.isPrefix, isDigit: false, isWithinNumber: false)]
            }
            return word.scalars.enumerated().map {
                Part(scalars: [$1], isPrefix: false, isDigit: true, isWithinNumber: $0 > 0)
            }
        }

        func isMet(by word: ArraySlice<UInt32>) -> Bool {
            isPrefix ? word.starts(with: scalars) : word.elementsEqual(scalars)
        }

        /// Whether the word that begins so can be the one that is wanted.
        func mayBeMet(by beginning: ArraySlice<UInt32>) -> Bool { scalars.starts(with: beginning) }
    }
}

extension Phrase {
    /// Where the words follow each other, and the end of the text that may become such a place.
    func findings(_ text: RawSpan) -> TextFindings { PhraseSearch(text).findings(self) }
}
