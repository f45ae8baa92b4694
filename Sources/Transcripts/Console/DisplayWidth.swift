/// The number of terminal columns that a text takes.
///
/// An East Asian wide character or an emoji takes two columns, a combining mark none. For an emoji that is a sequence
/// of scalars, the widths of its parts are added up, as terminals do that cannot combine them. The result may be too
/// large, but never too small.
enum DisplayWidth {
    /// The width of a text without control characters.
    static func of(_ text: some StringProtocol) -> Int {
        text.unicodeScalars.reduce(0) { $0 + of($1) }
    }

    /// The width of a scalar. The variation selector that turns a symbol into an emoji counts one column.
    static func of(_ scalar: Unicode.Scalar) -> Int {
        if scalar.value < 0x300 { return scalar == "\u{AD}" ? 0 : 1 }
        if scalar == "\u{FE0F}" { return 1 }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format: return 0
        default: break
        }
        // The vowels and final consonants of Hangul are drawn within the syllable that an initial consonant starts.
        if (0x1160...0x11FF).contains(scalar.value) { return 0 }
        return wide.contains { $0.contains(scalar.value) } || scalar.properties.isEmojiPresentation ? 2 : 1
    }

    /// The longest suffix of a text that fits into a number of columns.
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

    /// Wraps a text into lines of a maximum width. A word wider than a line is broken at the line's end; text without
    /// spaces, such as Japanese, is one such word.
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

    /// The ranges that Unicode defines as wide or full width, without emoji. Unassigned gaps between them are included.
    private static let wide: [ClosedRange<UInt32>] = [
        0x1100...0x115F, 0x2329...0x232A, 0x2E80...0x303E, 0x3041...0x4DBF, 0x4E00...0xA4CF, 0xA960...0xA97C,
        0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6B, 0xFF01...0xFF60, 0xFFE0...0xFFE6,
        0x16FE0...0x18DFF, 0x1AFF0...0x1B2FB, 0x1D300...0x1D376, 0x1F200...0x1F265, 0x20000...0x3FFFD,
    ]
}
