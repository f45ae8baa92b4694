extension Lexer {
    /// Reads the rest of a string, from the byte after its opening quote, and returns the offset of its closing quote.
    ///
    /// Sets `hasEscapes` if the string contains escapes, so that its bytes differ from its text.
    @inline(__always)
    static func string(
        _ text: RawSpan, _ start: Int, _ hasEscapes: inout Bool
    ) throws(JSONSyntaxError) -> Int {
        var offset = start
        while true {
            offset = plainEnd(text, offset)
            guard offset < text.byteCount else { throw JSONSyntaxError(.unexpectedEnd, at: text.byteCount) }
            guard try skipStop(text, &offset, &hasEscapes) else { return offset }
        }
    }

    /// Handles the byte at `offset` that is not plain: moves `offset` past an escape or past UTF-8 sequences and
    /// returns true, or returns false for the quote that ends the string.
    @inline(__always)
    static func skipStop(_ text: RawSpan, _ offset: inout Int, _ hasEscapes: inout Bool) throws(JSONSyntaxError) -> Bool
    {
        let byte = byte(text, offset)
        if byte == UInt8(ascii: "\"") { return false }
        if byte >= 0x80 {
            offset = try utf8Sequences(text, offset)
        } else if byte == UInt8(ascii: "\\") {
            hasEscapes = true
            offset = try escape(text, offset)
        } else {
            throw JSONSyntaxError(.controlCharacter, at: offset)
        }
        return true
    }

    /// The offset of the first byte that is a quote, a backslash, a control character or not ASCII.
    @inline(__always)
    static func plainEnd(_ text: RawSpan, _ start: Int) -> Int {
        // Most keys and many values end within the first 16 bytes.
        guard start &+ 16 <= text.byteCount else { return shortPlainEnd(text, start) }
        let stops = stops(text, start)
        if stops != 0 { return start &+ stops.trailingZeroBitCount &>> 2 }
        // Ids end within the next 16 bytes.
        guard start &+ 32 <= text.byteCount else { return longPlainEnd(text, start &+ 16) }
        let next = Self.stops(text, start &+ 16)
        if next != 0 { return start &+ 16 &+ next.trailingZeroBitCount &>> 2 }
        return longPlainEnd(text, start &+ 32)
    }

    private static func longPlainEnd(_ text: RawSpan, _ start: Int) -> Int {
        var offset = start
        while offset &+ 16 <= text.byteCount {
            let stops = stops(text, offset)
            if stops != 0 { return offset &+ stops.trailingZeroBitCount &>> 2 }
            offset &+= 16
            if offset &- start >= 32 {
                offset = skipPlainBlocks(text, offset)
            }
        }
        return shortPlainEnd(text, offset)
    }

    /// Skips blocks of 64 plain bytes; returns the offset of the first block that is not all plain.
    @inline(__always)
    private static func skipPlainBlocks(_ text: RawSpan, _ start: Int) -> Int {
        var offset = start
        while offset &+ 64 <= text.byteCount {
            let block =
                (stopMask(text, offset) .| stopMask(text, offset &+ 16))
                .| (stopMask(text, offset &+ 32) .| stopMask(text, offset &+ 48))
            let words = unsafeBitCast(block, to: SIMD2<UInt64>.self)
            if words[0] | words[1] != 0 { break }
            offset &+= 64
        }
        return offset
    }

    /// Finds the end of the plain run like `plainEnd`, where fewer than 16 bytes are left.
    private static func shortPlainEnd(_ text: RawSpan, _ start: Int) -> Int {
        let last = text.byteCount &- 16
        if last >= 0 {
            // Looks at the last 16 bytes of the text and ignores those before the start.
            let stops = stops(text, last) &>> UInt64(truncatingIfNeeded: 4 &* (start &- last))
            return start < text.byteCount && stops != 0 ? start &+ stops.trailingZeroBitCount &>> 2 : text.byteCount
        }
        var offset = start
        if start &+ 8 <= text.byteCount {
            let stops = wordStops(text, start)
            if stops != 0 { return start &+ stops.trailingZeroBitCount &>> 3 }
            // Looks at the last eight bytes of the text. The bytes already checked are plain.
            let end = text.byteCount &- 8
            let last = wordStops(text, end)
            return last == 0 ? text.byteCount : end &+ last.trailingZeroBitCount &>> 3
        }
        while offset < text.byteCount, isPlain(byte(text, offset)) { offset &+= 1 }
        return offset
    }

    /// A mask of the eight bytes at `offset`. The lowest set bit marks the first byte that may end a plain run: it is
    /// the byte's top bit. Ignore higher bits.
    @inline(__always)
    private static func wordStops(_ text: RawSpan, _ offset: Int) -> UInt64 {
        let word = load64(text, offset)
        let (ones, highs): (UInt64, UInt64) = (0x0101_0101_0101_0101, 0x8080_8080_8080_8080)
        let quotes = word ^ (ones &* 0x22)
        let backslashes = word ^ (ones &* 0x5C)
        let controls = (word &- ones &* 0x20) & ~word
        return (controls | (quotes &- ones) & ~quotes | (backslashes &- ones) & ~backslashes | word) & highs
    }

    /// A mask of the 16 bytes at `offset` that may end a plain run.
    @inline(__always)
    private static func stopMask(_ text: RawSpan, _ offset: Int) -> SIMDMask<SIMD16<Int8>> {
        let bytes = unsafe text.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: SIMD16<Int8>.self)
        // Flipping one bit turns the quote into 0x20 and keeps control characters below it. As signed numbers, bytes
        // beyond ASCII are negative. So one comparison finds all three. With a scalar on its right side, a vector
        // comparison would compile to 16 scalar comparisons.
        let flipped = bytes ^ SIMD16(repeating: 0x02)
        return (flipped .<= SIMD16(repeating: 0x20)) .| (bytes .== SIMD16(repeating: 0x5C))
    }

    /// The mask of `stopMask` with four bits for each byte, all set if the byte may end a plain run.
    @inline(__always)
    static func stops(_ text: RawSpan, _ offset: Int) -> UInt64 {
        let pairs = unsafeBitCast(stopMask(text, offset), to: SIMD8<UInt16>.self) &>> SIMD8(repeating: 4)
        return UInt64(littleEndian: unsafeBitCast(SIMD8<UInt8>(truncatingIfNeeded: pairs), to: UInt64.self))
    }

    @inline(__always)
    static func isPlain(_ byte: UInt8) -> Bool {
        byte >= 0x20 && byte < 0x80 && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
    }

    /// Checks the escape whose backslash is at `offset`; returns the offset after the escape.
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

    /// Checks consecutive UTF-8 sequences beyond ASCII, the first at `start`; returns the offset of the next ASCII
    /// byte.
    private static func utf8Sequences(_ text: RawSpan, _ start: Int) throws(JSONSyntaxError) -> Int {
        var offset = start
        while offset < text.byteCount {
            let lead = byte(text, offset)
            if lead < 0x80 { break }
            offset = try utf8Sequence(text, offset, lead)
        }
        return offset
    }

    /// Checks one sequence against the Unicode standard's table 3-7, the well-formed byte sequences.
    @inline(__always)
    private static func utf8Sequence(_ text: RawSpan, _ offset: Int, _ lead: UInt8) throws(JSONSyntaxError) -> Int {
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
