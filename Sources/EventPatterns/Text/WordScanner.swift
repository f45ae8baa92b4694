import LinearExpressions

/// Walks through the words of a text, case folded, without copying any of it.
///
/// A word is a run of letters, digits and the marks on them. An apostrophe between two of them belongs to the word, and both
/// ways of writing it are the same; all other punctuation, symbols and blanks stand between words. A fullwidth letter or digit is
/// the one of ASCII, and what is invisible does not divide a word. In scripts that put no
/// blanks between words (Chinese, Japanese, Thai …) every letter counts as a word, so that a phrase is found anywhere.
struct WordScanner {
    /// Where it stands: at a word's start after ``findWord(_:)``.
    private(set) var offset: Int
    private var isInWord = false
    /// Whether the word began with a letter that is a word by itself: only marks may follow it.
    private var isSingle = false

    init(at offset: Int = 0) {
        self.offset = offset
    }

    private static let apostrophe: UInt32 = 0x27

    /// Goes to the next word that starts here or later; false when there is none.
    mutating func findWord(_ text: RawSpan) -> Bool {
        isInWord = false
        isSingle = false
        while offset < text.byteCount {
            var next = offset
            switch WordClass(text.nextScalar(&next)) {
            case .letter, .mark, .single: return true
            case .apostrophe, .invisible, .other: offset = next
            }
        }
        return false
    }

    /// The next scalar of the word, folded; nil at its end.
    mutating func nextInWord(_ text: RawSpan) -> UInt32? {
        while offset < text.byteCount {
            var next = offset
            let scalar = text.nextScalar(&next)
            switch WordClass(scalar) {
            case .letter where !isSingle, .mark: break
            case .single where !isInWord: isSingle = true
            case .invisible where isInWord:
                offset = next
                continue
            case .apostrophe where isInWord && !isSingle:
                guard Self.continuesWord(text, next) else { return nil }
                offset = next
                return Self.apostrophe
            default: return nil
            }
            isInWord = true
            offset = next
            return scalar < 0x80 ? CaseFolding.fold(scalar) : CaseFolding.fold(Self.narrow(scalar))
        }
        return nil
    }

    /// The ASCII form of a fullwidth letter or digit; any other scalar itself.
    private static func narrow(_ scalar: UInt32) -> UInt32 {
        scalar &- 0xFF01 < 0x5E ? scalar &- 0xFEE0 : scalar
    }

    /// Whether the word that starts here may begin with a folded scalar: a quick look, for most do not.
    func mayBegin(with folded: UInt32, _ text: RawSpan) -> Bool {
        let byte = UInt32(text.byte(offset))
        return byte >= 0x80 || CaseFolding.fold(byte) == folded
    }

    /// Goes behind the word.
    mutating func skipWord(_ text: RawSpan) {
        repeat { skipLetters(text) } while nextInWord(text) != nil
    }

    /// Goes behind the letters and digits of ASCII that stand here: most words are nothing else.
    private mutating func skipLetters(_ text: RawSpan) {
        guard !isSingle else { return }
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

/// What a scalar is to the words of a text.
private enum WordClass {
    case letter
    /// A mark on the letter before it.
    case mark
    /// A letter of a script without blanks between words.
    case single
    case apostrophe
    /// Has no shape of its own: soft hyphens, joiners, zero-width spaces, marks of direction, variation selectors.
    case invisible
    /// Punctuation, symbols, blanks.
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
            self = general == .letter ? .single : general
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
