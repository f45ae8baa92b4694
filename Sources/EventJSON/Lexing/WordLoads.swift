/// Loading and comparing several bytes of a text as one integer.
extension Lexer {
    /// `":` as loaded by ``load16(_:_:)``.
    static let quoteColon: UInt16 = 0x3A22
    /// `,"` as loaded by ``load16(_:_:)``.
    static let commaQuote: UInt16 = 0x222C

    /// `":"` as the lower three bytes that ``load32(_:_:)`` loads.
    static let quoteColonQuote: UInt32 = 0x22_3A22

    /// The two bytes at an offset, in little-endian order.
    @inline(__always)
    static func load16(_ text: RawSpan, _ offset: Int) -> UInt16 {
        assert(offset >= 0 && offset &+ 2 <= text.byteCount)
        return UInt16(littleEndian: unsafe text.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt16.self))
    }

    /// The four bytes at an offset, in little-endian order.
    @inline(__always)
    static func load32(_ text: RawSpan, _ offset: Int) -> UInt32 {
        assert(offset >= 0 && offset &+ 4 <= text.byteCount)
        return UInt32(littleEndian: unsafe text.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt32.self))
    }

    /// The eight bytes at an offset, in little-endian order.
    @inline(__always)
    static func load64(_ text: RawSpan, _ offset: Int) -> UInt64 {
        assert(offset >= 0 && offset &+ 8 <= text.byteCount)
        return UInt64(littleEndian: unsafe text.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt64.self))
    }

    /// The eight bytes at an offset near the end of the text. Bytes beyond the end are 0.
    ///
    /// - Precondition: The text has at least eight bytes, and `offset` is within it.
    @inline(__always)
    static func load64NearEnd(_ text: RawSpan, _ offset: Int) -> UInt64 {
        let start = min(offset, text.byteCount &- 8)
        return load64(text, start) &>> UInt64(truncatingIfNeeded: (offset &- start) &<< 3)
    }

    /// Recognises a whole number of at most seven digits, `true`, `false` or `null` at the beginning of eight bytes.
    ///
    /// - Returns: The kind and the number of bytes; a count of 0 if the bytes are none of these, or if neither `,` nor
    ///   `}` follows the digits.
    @inline(__always)
    static func compactScalar(_ word: UInt64) -> (kind: JSONKind, count: Int) {
        let digits = leadingDigits(word)
        if digits > 0 {
            let first = UInt8(truncatingIfNeeded: word)
            let following = UInt8(truncatingIfNeeded: word &>> UInt64(truncatingIfNeeded: digits &<< 3))
            let isWhole = digits < 8 && (following == UInt8(ascii: ",") || following == UInt8(ascii: "}"))
            return (.number, isWhole && (first != UInt8(ascii: "0") || digits == 1) ? digits : 0)
        }
        switch UInt32(truncatingIfNeeded: word) {
        case 0x6C6C_756E: return (.null, 4)
        case 0x6575_7274: return (.true, 4)
        case 0x736C_6166: return (.false, UInt8(truncatingIfNeeded: word &>> 32) == UInt8(ascii: "e") ? 5 : 0)
        default: return (.null, 0)
        }
    }

    /// The number of digits before the first byte that is not a digit, from the lowest byte on.
    @inline(__always)
    private static func leadingDigits(_ word: UInt64) -> Int {
        // A digit without its 0x30 is at most 9, so adding 0x76 leaves its top bit unset.
        let values = word ^ 0x3030_3030_3030_3030
        let others = ((values & 0x7F7F_7F7F_7F7F_7F7F) &+ 0x7676_7676_7676_7676 | values) & 0x8080_8080_8080_8080
        return others.trailingZeroBitCount &>> 3
    }
}
