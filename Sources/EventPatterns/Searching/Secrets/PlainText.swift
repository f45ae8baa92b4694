import LinearExpressions

/// A text as the kinds of secrets read it: one byte for each visible scalar, in ASCII where there is an equal there.
///
/// Fullwidth letters and digits of any script become those of ASCII, letters become lower case, blanks and dashes of every width
/// become ` ` and `-`, and what is invisible is left out.
struct PlainText {
    /// The plain bytes.
    private(set) var bytes: [UInt8] = []
    /// For each plain byte its scalar's place in the text.
    private var places: [Range<Int>] = []

    /// Stands for a letter beyond ASCII.
    static let letter: UInt8 = 0x80
    /// Stands for any other scalar beyond ASCII.
    static let other: UInt8 = 0x81

    init(_ text: RawSpan) {
        bytes.reserveCapacity(text.byteCount)
        places.reserveCapacity(text.byteCount)
        var offset = 0
        while offset < text.byteCount {
            let start = offset
            guard let byte = Self.plain(text.nextScalar(&offset)) else { continue }
            bytes.append(byte)
            places.append(start..<offset)
        }
    }

    /// The place in the text of a range of plain bytes.
    func place(_ range: Range<Int>) -> Range<Int> {
        places[range.lowerBound].lowerBound..<places[range.upperBound - 1].upperBound
    }

    /// What was found in plain bytes, at its place in the text.
    func findings(_ ranges: [Range<Int>], open: Int?) -> TextFindings {
        TextFindings(ranges: ranges.map(place).joined, openStart: open.map { places[$0].lowerBound })
    }

    /// The plain byte of a scalar; nil for one that is invisible.
    static func plain(_ scalar: UInt32) -> UInt8? {
        if scalar < 0x80 { return plain(ascii: UInt8(scalar)) }
        switch scalar {
        case 0xFF01...0xFF5E: return plain(ascii: UInt8(scalar - 0xFEE0))
        case 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000: return UInt8(ascii: " ")
        case 0x2010...0x2015, 0x2043, 0x2212, 0x2E3A, 0x2E3B, 0xFE58, 0xFE63: return UInt8(ascii: "-")
        case 0x2024, 0xFE52: return UInt8(ascii: ".")
        default: return plain(beyondASCII: scalar)
        }
    }

    private static func plain(ascii byte: UInt8) -> UInt8 {
        switch byte {
        case 0x41...0x5A: byte | 0x20
        case 0x09...0x0D: UInt8(ascii: " ")
        default: byte
        }
    }

    private static func plain(beyondASCII value: UInt32) -> UInt8? {
        guard let properties = Unicode.Scalar(value)?.properties else { return other }
        switch properties.generalCategory {
        case .format, .nonspacingMark, .enclosingMark: return nil
        case .decimalNumber, .otherNumber:
            guard properties.numericType != .numeric, let digit = properties.numericValue, (0...9).contains(digit)
            else {
                return other
            }
            return UInt8(ascii: "0") + UInt8(digit)
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .spacingMark:
            return letter
        default: return other
        }
    }
}

extension UInt8 {
    /// Whether it is a digit of ASCII.
    var isDigit: Bool { self &- 0x30 < 10 }
    /// Whether it is a lower-case letter of ASCII.
    var isLetter: Bool { self &- 0x61 < 26 }
}
