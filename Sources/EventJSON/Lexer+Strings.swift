extension Lexer {
    /// Reads the rest of a string, from the byte behind its opening quote, and gives the offset of its closing quote.
    ///
    /// Sets `hasEscapes` when the text between the quotes is not what the string says.
    @inline(__always)
    static func string(
        _ text: RawSpan, _ start: Int, _ hasEscapes: inout Bool
    ) throws(JSONSyntaxError) -> Int {
        var offset = start
        while true {
            offset = plainEnd(text, offset)
            guard offset < text.byteCount else { throw JSONSyntaxError(.unexpectedEnd, at: text.byteCount) }
            let byte = byte(text, offset)
            if byte == UInt8(ascii: "\"") { return offset }
            if byte >= 0x80 {
                offset = try sequences(text, offset)
            } else if byte == UInt8(ascii: "\\") {
                hasEscapes = true
                offset = try escape(text, offset)
            } else {
                throw JSONSyntaxError(.controlCharacter, at: offset)
            }
        }
    }

    /// The offset of the first byte that is a quote, a backslash, a control character or not ASCII.
    @inline(__always)
    static func plainEnd(_ text: RawSpan, _ start: Int) -> Int {
        var offset = start
        while offset &+ 8 <= text.byteCount {
            let word = UInt64(
                littleEndian: unsafe text.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt64.self))
            let stops = special(in: word)
            if stops != 0 { return offset &+ stops.trailingZeroBitCount &>> 3 }
            offset &+= 8
            if offset &- start >= 16 { return longPlainEnd(text, offset) }
        }
        while offset < text.byteCount, isPlain(byte(text, offset)) { offset &+= 1 }
        return offset
    }

    /// As `plainEnd`, for the strings that turned out to be long: 16 bytes at a step.
    private static func longPlainEnd(_ text: RawSpan, _ start: Int) -> Int {
        var offset = start
        // A scalar on the right side of a vector comparison compiles to 16 scalar comparisons.
        let quote = SIMD16<UInt8>(repeating: UInt8(ascii: "\""))
        let backslash = SIMD16<UInt8>(repeating: UInt8(ascii: "\\"))
        let blank = SIMD16<Int8>(repeating: 0x20)
        while offset &+ 16 <= text.byteCount {
            let bytes = unsafe text.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: SIMD16<UInt8>.self)
            // Signed, everything below a blank is a control character or not ASCII.
            let stops =
                (bytes .== quote) .| (bytes .== backslash)
                .| (SIMD16<Int8>(truncatingIfNeeded: bytes) .< blank)
            if any(stops) { break }
            offset &+= 16
        }
        while offset < text.byteCount, isPlain(byte(text, offset)) { offset &+= 1 }
        return offset
    }

    /// The high bit of each byte that may be special; the lowest bit that is set is exact, those above it may not be.
    @inline(__always)
    private static func special(in word: UInt64) -> UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let quotes = word ^ (ones &* 0x22)
        let backslashes = word ^ (ones &* 0x5C)
        let found = (quotes &- ones) & ~quotes | (backslashes &- ones) & ~backslashes | (word &- ones &* 0x20) | word
        return found & (ones &* 0x80)
    }

    @inline(__always)
    private static func isPlain(_ byte: UInt8) -> Bool {
        byte >= 0x20 && byte < 0x80 && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
    }

    /// Checks the escape whose backslash stands at `offset`.
    private static func escape(_ text: RawSpan, _ offset: Int) throws(JSONSyntaxError) -> Int {
        guard offset + 1 < text.byteCount else { throw JSONSyntaxError(.unexpectedEnd, at: text.byteCount) }
        switch byte(text, offset + 1) {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            return offset + 2
        case UInt8(ascii: "u"):
            for digit in offset + 2..<offset + 6 {
                guard digit < text.byteCount else { throw JSONSyntaxError(.unexpectedEnd, at: text.byteCount) }
                guard hexadecimal(byte(text, digit)) != nil else { throw JSONSyntaxError(.invalidEscape, at: offset) }
            }
            return offset + 6
        default:
            throw JSONSyntaxError(.invalidEscape, at: offset)
        }
    }

    /// The value of a hexadecimal digit.
    static func hexadecimal(_ byte: UInt8) -> UInt32? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte &- UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte &- UInt8(ascii: "a") &+ 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte &- UInt8(ascii: "A") &+ 10)
        default: nil
        }
    }

    /// Checks a run of sequences of UTF-8 beyond ASCII, the first at `start`; gives the offset of the next ASCII byte.
    private static func sequences(_ text: RawSpan, _ start: Int) throws(JSONSyntaxError) -> Int {
        var offset = start
        while offset < text.byteCount {
            let lead = byte(text, offset)
            if lead < 0x80 { break }
            offset = try sequence(text, offset, lead)
        }
        return offset
    }

    /// Checks one sequence against the table of well-formed byte sequences in the Unicode standard (3-7).
    @inline(__always)
    private static func sequence(_ text: RawSpan, _ offset: Int, _ lead: UInt8) throws(JSONSyntaxError) -> Int {
        var second: ClosedRange<UInt8> = 0x80...0xBF
        let count: Int
        switch lead {
        case 0xC2...0xDF: count = 2
        case 0xE0: (count, second) = (3, 0xA0...0xBF)  // no overlong forms
        case 0xED: (count, second) = (3, 0x80...0x9F)  // no surrogates
        case 0xE1...0xEF: count = 3
        case 0xF0: (count, second) = (4, 0x90...0xBF)
        case 0xF4: (count, second) = (4, 0x80...0x8F)  // nothing above U+10FFFF
        case 0xF1...0xF3: count = 4
        default: throw JSONSyntaxError(.invalidUTF8, at: offset)
        }
        guard offset + count <= text.byteCount, second.contains(byte(text, offset + 1)) else {
            throw JSONSyntaxError(.invalidUTF8, at: offset)
        }
        for next in offset + 2..<max(offset + count, offset + 2) where byte(text, next) & 0xC0 != 0x80 {
            throw JSONSyntaxError(.invalidUTF8, at: offset)
        }
        return offset + count
    }
}
