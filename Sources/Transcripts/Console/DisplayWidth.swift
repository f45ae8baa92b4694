/// How many columns of a terminal a text takes.
///
/// A scalar of East Asia or an emoji takes two, a mark on another one none. Of an emoji that is made of several the parts are
/// added up, as terminals do that do not know it: a text may turn out narrower than said, and never wider.
enum DisplayWidth {
    /// The columns of a text without control characters.
    static func of(_ text: some StringProtocol) -> Int {
        text.unicodeScalars.reduce(0) { $0 + of($1) }
    }

    /// The columns of a scalar. The selector that makes a symbol an emoji adds one to it.
    static func of(_ scalar: Unicode.Scalar) -> Int {
        if scalar.value < 0x300 { return scalar == "\u{AD}" ? 0 : 1 }
        if scalar == "\u{FE0F}" { return 1 }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format: return 0
        default: break
        }
        // Vowels and final consonants of Hangul are drawn into the syllable that a first consonant begins.
        if (0x1160...0x11FF).contains(scalar.value) { return 0 }
        return wide.contains { $0.contains(scalar.value) } || scalar.properties.isEmojiPresentation ? 2 : 1
    }

    /// The end of a text that fits.
    static func suffix(of text: String, columns: Int) -> Substring {
        var (begin, width) = (text.endIndex, 0)
        while begin > text.startIndex {
            let before = text.index(before: begin)
            width += of(text[before..<begin])
            if width > columns { break }
            begin = before
        }
        return text[begin...]
    }

    /// Lines of words that fit; a word that is longer than a line, as all of Japanese may be, is broken where a line ends.
    static func wrapped(_ text: String, columns: Int) -> [String] {
        var lines = [""]
        var width = 0
        for word in text.split(separator: " ") {
            let needed = of(word)
            if width > 0, width + 1 + needed <= columns {
                lines[lines.count - 1] += " " + word
                width += 1 + needed
                continue
            }
            if width > 0, needed > columns, width + 3 <= columns {
                lines[lines.count - 1] += " "
                width += 1
            } else if width > 0 {
                lines.append("")
                width = 0
            }
            for character in word {
                let own = of(String(character))
                if width > 0, width + own > columns {
                    lines.append("")
                    width = 0
                }
                lines[lines.count - 1].append(character)
                width += own
            }
        }
        return lines
    }

    /// What Unicode calls wide or full width, emoji aside, with what is not assigned in between.
    private static let wide: [ClosedRange<UInt32>] = [
        0x1100...0x115F, 0x2329...0x232A, 0x2E80...0x303E, 0x3041...0x4DBF, 0x4E00...0xA4CF, 0xA960...0xA97C,
        0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6B, 0xFF01...0xFF60, 0xFFE0...0xFFE6,
        0x16FE0...0x18DFF, 0x1AFF0...0x1B2FB, 0x1D300...0x1D376, 0x1F200...0x1F265, 0x20000...0x3FFFD,
    ]
}
