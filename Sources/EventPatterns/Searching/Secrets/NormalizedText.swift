import LinearExpressions

/// A text in the form in which secrets are searched: one byte per visible scalar, in ASCII where there is an
/// equivalent.
///
/// Fullwidth letters and digits of any script become ASCII, and letters become lowercase. Spaces and dashes of any
/// width become ` ` and `-`. Invisible scalars are left out.
struct NormalizedText {
    /// The normalized bytes.
    private(set) var bytes: [UInt8] = []
    /// For each normalized byte, the byte range of its scalar in the original text.
    private var sourceRanges: [Range<Int>] = []

    /// Represents a letter beyond ASCII.
    static let nonASCIILetter: UInt8 = 0x80
    /// Represents any other scalar beyond ASCII.
    static let nonASCIIOther: UInt8 = 0x81

    init(_ text: RawSpan) {
        bytes.reserveCapacity(text.byteCount)
        sourceRanges.reserveCapacity(text.byteCount)
        var offset = 0
        while offset < text.byteCount {
            let start = offset
            guard let byte = Self.normalized(text.nextScalar(&offset)) else { continue }
            bytes.append(byte)
            sourceRanges.append(start..<offset)
        }
    }

    /// Returns the range in the original text of a range of normalized bytes.
    func sourceRange(_ range: Range<Int>) -> Range<Int> {
        sourceRanges[range.lowerBound].lowerBound..<sourceRanges[range.upperBound - 1].upperBound
    }

    /// Converts findings in normalized bytes to ranges of the original text.
    func findings(_ ranges: [Range<Int>], open: Int?) -> TextFindings {
        TextFindings(ranges: ranges.map(sourceRange).joined, openStart: open.map { sourceRanges[$0].lowerBound })
    }

    /// Returns the normalized byte of a scalar; nil if the scalar is invisible.
    static func normalized(_ scalar: UInt32) -> UInt8? {
        if scalar < 0x80 { return normalized(ascii: UInt8(scalar)) }
        switch scalar {
        case 0xFF01...0xFF5E: return normalized(ascii: UInt8(scalar - 0xFEE0))
        case 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000: return UInt8(ascii: " ")
        case 0x2010...0x2015, 0x2043, 0x2212, 0x2E3A, 0x2E3B, 0xFE58, 0xFE63: return UInt8(ascii: "-")
        case 0x2024, 0xFE52: return UInt8(ascii: ".")
        default: return normalized(beyondASCII: scalar)
        }
    }

    private static func normalized(ascii byte: UInt8) -> UInt8 {
        switch byte {
        case 0x41...0x5A: byte | 0x20
        case 0x09...0x0D: UInt8(ascii: " ")
        default: byte
        }
    }

    private static func normalized(beyondASCII value: UInt32) -> UInt8? {
        guard let properties = Unicode.Scalar(value)?.properties else { return nonASCIIOther }
        switch properties.generalCategory {
        case .format, .nonspacingMark, .enclosingMark: return nil
        case .decimalNumber, .otherNumber:
            guard properties.numericType != .numeric, let digit = properties.numericValue, (0...9).contains(digit)
            else {
                return nonASCIIOther
            }
            return UInt8(ascii: "0") + UInt8(digit)
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .spacingMark:
            return nonASCIILetter
        default: return nonASCIIOther
        }
    }
}

extension UInt8 {
    /// Whether the byte is an ASCII digit.
    var isDigit: Bool { self &- 0x30 < 10 }
    /// Whether the byte is a lowercase ASCII letter.
    var isLetter: Bool { self &- 0x61 < 26 }
}
