import LinearExpressions

/// Searches a text for a phrase, even if the text is written to evade the search: spaces and dashes between the digits
/// of a number do not count.
///
/// ``WordScanner`` handles fullwidth forms and invisible characters.
struct PhraseSearch {
    /// A word, or one digit of a number.
    private struct Token {
        /// The case-folded scalars: a range of ``scalars``.
        var scalars: Range<Int>
        var bytes: Range<Int>
        var gap: Gap
    }

    /// The separator before a token.
    private enum Gap {
        /// None: the previous token is a digit of the same number.
        case nothing
        /// Spaces or dashes, which may also separate the digits of a number.
        case narrow
        /// The start of the text, or any other separator.
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
            var offset = scanner.offset
            while let scalar = scanner.nextInWord(text) {
                scalars.append(scalar)
                bytes.append(offset..<scanner.offset)
                offset = scanner.offset
            }
            let gap = Self.gap(text, last..<(bytes.first?.lowerBound ?? offset))
            last = scanner.offset
            if scalars[first...].allSatisfy(Self.isDigit) {
                for (index, range) in bytes.enumerated() {
                    let digit = first + index
                    tokens.append(Token(scalars: digit..<digit + 1, bytes: range, gap: index == 0 ? gap : .nothing))
                }
            } else if let start = bytes.first?.lowerBound {
                tokens.append(Token(scalars: first..<scalars.count, bytes: start..<last, gap: gap))
            }
        }
    }

    /// Finds the phrase, and the end of the text that could still become a match.
    func findings(_ phrase: Phrase) -> TextFindings {
        let parts = phrase.words.flatMap(Part.parts)
        var findings = TextFindings()
        for start in tokens.indices where tokens[start].gap != .nothing {
            switch outcome(parts, from: start) {
            case .matched(let end):
                findings.ranges.join(tokens[start].bytes.lowerBound..<end)
                if end == self.end { fallthrough }
            case .open: findings.openStart = findings.openStart ?? tokens[start].bytes.lowerBound
            case .mismatch: break
            }
        }
        return findings
    }

    private enum Outcome {
        case matched(end: Int)
        /// The text ends, and is a prefix of the phrase so far.
        case open
        case mismatch
    }

    private func outcome(_ parts: [Part], from start: Int) -> Outcome {
        for (index, part) in parts.enumerated() {
            let position = start + index
            guard position < tokens.count else { return .open }
            let token = tokens[position]
            // Only spaces and dashes may separate the digits of a number; anything may separate words.
            if part.isWithinNumber, token.gap == .wide { return .mismatch }
            if !part.isDigit, token.gap == .nothing { return .mismatch }
            if part.matches(scalars[token.scalars]) { continue }
            return token.bytes.upperBound == end && part.mayMatch(prefix: scalars[token.scalars]) ? .open : .mismatch
        }
        let next = start + parts.count
        // The number in the text continues after the phrase.
        if next < tokens.count, tokens[next].gap == .nothing { return .mismatch }
        return .matched(end: tokens[next - 1].bytes.upperBound)
    }

    private static func isDigit(_ scalar: UInt32) -> Bool { (0x30...0x39).contains(scalar) }

    private static func gap(_ text: RawSpan, _ range: Range<Int>) -> Gap {
        guard range.lowerBound > 0 else { return .wide }
        var offset = range.lowerBound
        while offset < range.upperBound {
            switch NormalizedText.normalized(text.nextScalar(&offset)) {
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
        /// Whether the part is a digit of a number, but not its first digit.
        var isWithinNumber: Bool

        static func parts(_ word: Phrase.Word) -> [Part] {
            guard !word.isPrefix, word.scalars.allSatisfy(PhraseSearch.isDigit) else {
                return [Part(scalars: word.scalars, isPrefix: word.isPrefix, isDigit: false, isWithinNumber: false)]
            }
            return word.scalars.enumerated().map {
                Part(scalars: [$1], isPrefix: false, isDigit: true, isWithinNumber: $0 > 0)
            }
        }

        func matches(_ word: ArraySlice<UInt32>) -> Bool {
            isPrefix ? word.starts(with: scalars) : word.elementsEqual(scalars)
        }

        /// Whether a word that begins with `prefix` can match.
        func mayMatch(prefix: ArraySlice<UInt32>) -> Bool { scalars.starts(with: prefix) }
    }
}

extension Phrase {
    /// Finds the phrase, and the end of the text that could still become a match.
    func findings(_ text: RawSpan) -> TextFindings { PhraseSearch(text).findings(self) }
}
