import LinearExpressions

/// Iterates over the case-folded words of a text without copying it.
///
/// A word is a run of letters, digits and combining marks. An apostrophe between letters belongs to the word, and `'`
/// and `’` are equal. All other punctuation, symbols and spaces separate words. Fullwidth letters and digits equal
/// those of ASCII. Invisible scalars do not separate words. In scripts that put no spaces between words (Chinese,
/// Japanese, Thai, …) each letter is a word, so that a phrase is found at any position.
struct WordScanner {
    /// The current offset. After ``findWord(_:)`` it is the start of a word.
    private(set) var offset: Int
    private var isInWord = false
    /// Whether the word began with a letter that is a word by itself. Only marks can follow it.
    private var isStandalone = false

    init(at offset: Int = 0) {
        self.offset = offset
    }

    private static let apostrophe: UInt32 = 0x27

    /// Advances to the next word at or after the current offset; returns false if there is none.
    mutating func findWord(_ text: RawSpan) -> Bool {
        isInWord = false
        isStandalone = false
        while offset < text.byteCount {
            var next = offset
            switch WordClass(text.nextScalar(&next)) {
            case .letter, .mark, .standalone: return true
            case .apostrophe, .invisible, .other: offset = next
            }
        }
        return false
    }

    /// Returns the next folded scalar of the word; nil at the end of the word.
    mutating func nextInWord(_ text: RawSpan) -> UInt32? {
        while offset < text.byteCount {
            var next = offset
            let scalar = text.nextScalar(&next)
            switch WordClass(scalar) {
            case .letter where !isStandalone, .mark: break
            case .standalone where !isInWord: isStandalone = true
            case .invisible where isInWord:
                offset = next
                continue
            case .apostrophe where isInWord && !isStandalone:
                guard Self.continuesWord(text, next) else { return nil }
                offset = next
                return Self.apostrophe
            default: return nil
            }
            isInWord = true
            offset = next
            return scalar < 0x80 ? CaseFolding.fold(scalar) : CaseFolding.fold(Self.halfwidth(scalar))
        }
        return nil
    }

    /// Returns the ASCII equivalent of a fullwidth letter or digit; any other scalar unchanged.
    private static func halfwidth(_ scalar: UInt32) -> UInt32 {
        scalar &- 0xFF01 < 0x5E ? scalar &- 0xFEE0 : scalar
    }

    /// Whether the word at the current offset can begin with a folded scalar. A cheap test that rejects most words.
    func mayBegin(with folded: UInt32, _ text: RawSpan) -> Bool {
        let byte = UInt32(text.byte(offset))
        return byte >= 0x80 || CaseFolding.fold(byte) == folded
    }

    /// Advances to the end of the word.
    mutating func skipWord(_ text: RawSpan) {
        repeat { skipLetters(text) } while nextInWord(text) != nil
    }

    /// Advances past ASCII letters and digits. Most words consist only of these.
    private mutating func skipLetters(_ text: RawSpan) {
        guard !isStandalone else { return }
        while offset < text.byteCount {
            let byte = UInt32(text.byte(offset))
            guard byte < 0x80, WordClass(byte) == .letter else { return }
            offset += 1
            isInWord = true
        }
    }

    private static func continuesWord(_ text: RawSpan, _ offset: Int) -> Bool {
        var next = offset
        guard next < text.byteCount else { return false }
        return WordClass(text.nextScalar(&next)) == .letter
    }
}

/// How a scalar is treated when text is split into words.
private enum WordClass {
    case letter
    /// A combining mark on the previous letter.
    case mark
    /// A letter of a script without spaces between words.
    case standalone
    case apostrophe
    /// Soft hyphens, joiners, zero-width spaces, direction marks and variation selectors.
    case invisible
    /// Punctuation, symbols and spaces.
    case other

    @inline(__always)
    init(_ scalar: UInt32) {
        guard scalar < 0x80 else {
            self.init(beyondASCII: scalar)
            return
        }
        if scalar | 0x20 &- 0x61 < 26 || scalar &- 0x30 < 10 {
            self = .letter
        } else {
            self = scalar == 0x27 ? .apostrophe : .other
        }
    }

    private init(beyondASCII value: UInt32) {
        switch value {
        case 0x2019: self = .apostrophe
        case 0xAD, 0x34F, 0x180E, 0x200B...0x200F, 0x202A...0x202E, 0x2060...0x2064, 0x2066...0x206F, 0xFE00...0xFE0F,
            0xFEFF:
            self = .invisible
        case 0x0E00...0x0EFF, 0x1000...0x109F, 0x1780...0x17FF, 0x3005...0x3007, 0x3041...0x30FF, 0x31F0...0x31FF,
            0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFAFF, 0xFF66...0xFF9F, 0x20000...0x3FFFD:
            let general = Self.general(value)
            self = general == .letter ? .standalone : general
        default: self = Self.general(value)
        }
    }

    private static func general(_ value: UInt32) -> WordClass {
        guard let scalar = Unicode.Scalar(value) else { return .other }
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber,
            .letterNumber, .otherNumber:
            return .letter
        case .nonspacingMark, .spacingMark, .enclosingMark: return .mark
        default: return .other
        }
    }
}
