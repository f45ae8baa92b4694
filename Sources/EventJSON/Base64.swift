#if VectorIntrinsics
    import CVectors
#endif

/// Base64 as defined by RFC 4648, section 4: the standard alphabet, padded.
///
/// Decoding is strict: the text may not contain whitespace, must be padded to a multiple of four, and the unused bits
/// before the padding must be zero.
public enum Base64 {
    /// The number of bytes that a text decodes to, computed from its length and padding alone.
    public static func decodedCount(_ text: RawSpan) -> Int {
        let count = text.byteCount
        guard count >= 4 else { return 0 }
        var padding = 0
        while padding < 2, Lexer.byte(text, count - 1 - padding) == UInt8(ascii: "=") { padding += 1 }
        return count / 4 * 3 - padding
    }

    /// Appends the decoded bytes. Returns false, and appends nothing, if the text is not base64.
    ///
    /// An empty text decodes to no bytes. If `bytes` has enough capacity already, it is not reallocated.
    public static func decode(_ text: RawSpan, into bytes: inout [UInt8]) -> Bool {
        guard text.byteCount % 4 == 0 else { return false }
        let start = bytes.count
        bytes.append(contentsOf: repeatElement(0, count: decodedCount(text)))
        let isBase64 = bytes.withUnsafeMutableBytes { all in
            unsafe decode(text, into: UnsafeMutableRawBufferPointer(rebasing: all[start...]))
        }
        if !isBase64 { bytes.removeLast(bytes.count - start) }
        return isBase64
    }

    /// Appends the base64 text of some bytes.
    public static func encode(_ bytes: RawSpan, into text: inout [UInt8]) {
        text.reserveCapacity(text.count + (bytes.byteCount + 2) / 3 * 4)
        var offset = 0
        while offset < bytes.byteCount {
            let count = min(3, bytes.byteCount - offset)
            var group: UInt32 = 0
            for index in 0..<3 {
                group = group << 8 | (index < count ? UInt32(Lexer.byte(bytes, offset + index)) : 0)
            }
            for index in 0..<4 {
                text.append(index <= count ? letter(group >> UInt32(18 - 6 * index) & 63) : UInt8(ascii: "="))
            }
            offset += 3
        }
    }

    /// The base64 text of some bytes.
    public static func encode(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        encode(bytes.span.bytes, into: &text)
        return String(decoding: text, as: UTF8.self)
    }

    private static func letter(_ value: UInt32) -> UInt8 {
        switch value {
        case 0..<26: UInt8(ascii: "A") + UInt8(value)
        case 26..<52: UInt8(ascii: "a") + UInt8(value - 26)
        case 52..<62: UInt8(ascii: "0") + UInt8(value - 52)
        case 62: UInt8(ascii: "+")
        default: UInt8(ascii: "/")
        }
    }
}

extension Base64 {
    /// Decodes the text into `bytes`, whose size must be exactly the decoded size.
    static func decode(_ text: RawSpan, into bytes: UnsafeMutableRawBufferPointer) -> Bool {
        var (offset, place) = decodeBlocks(text, into: bytes)
        // 16 letters decode to 12 bytes, stored as two overlapping words. The second word writes two bytes beyond those
        // 12.
        while offset + 16 < text.byteCount, place + 14 <= bytes.count {
            guard let words = decodedWords(text, offset) else { return false }
            unsafe bytes.storeBytes(of: words[0].littleEndian, toByteOffset: place, as: UInt64.self)
            unsafe bytes.storeBytes(of: words[1].littleEndian, toByteOffset: place + 6, as: UInt64.self)
            offset += 16
            place += 12
        }
        while offset < text.byteCount {
            let count = min(3, bytes.count - place)
            guard let group = group(text, offset, count) else { return false }
            for index in 0..<count {
                unsafe bytes[place + index] = UInt8(truncatingIfNeeded: group >> UInt32(16 - 8 * index))
            }
            offset += 4
            place += count
        }
        return true
    }

    /// Decodes as many blocks as possible with vector instructions. Returns the number of letters read and of bytes
    /// written.
    private static func decodeBlocks(_ text: RawSpan, into bytes: UnsafeMutableRawBufferPointer) -> (Int, Int) {
        #if VectorIntrinsics
            let count = unsafe text.withUnsafeBytes { text in
                unsafe base64_blocks(
                    text.baseAddress?.assumingMemoryBound(to: UInt8.self), text.count,
                    bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), bytes.count)
            }
            return (count, count / 4 * 3)
        #else
            return (0, 0)
        #endif
    }

    /// The 24 bits of a group of four letters that decodes to `count` bytes; the letters beyond those must be padding.
    /// Returns nil if a letter is invalid or unused bits are set.
    private static func group(_ text: RawSpan, _ offset: Int, _ count: Int) -> UInt32? {
        var group: UInt32 = 0
        for index in 0..<4 {
            guard index <= count else {
                guard Lexer.byte(text, offset + index) == UInt8(ascii: "=") else { return nil }
                group <<= 6
                continue
            }
            guard let value = value(Lexer.byte(text, offset + index)) else { return nil }
            group = group << 6 | value
        }
        return group << UInt32(8 + 8 * count) == 0 ? group : nil
    }

    private static func value(_ letter: UInt8) -> UInt32? {
        switch letter {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(letter - UInt8(ascii: "A"))
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(letter - UInt8(ascii: "a")) + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(letter - UInt8(ascii: "0")) + 52
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }

    /// Decodes 16 letters to two words that hold six bytes each, in their low bytes and in memory order. Returns nil if
    /// a byte is not a base64 letter.
    @inline(__always)
    private static func decodedWords(_ text: RawSpan, _ offset: Int) -> SIMD2<UInt64>? {
        let letters = unsafe text.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: SIMD16<Int8>.self)
        // The difference between a letter and its value. It is 0 for a byte that is not a letter.
        let differences =
            difference(letters, 0x41, 0x5A, -65) | difference(letters, 0x61, 0x7A, -71)
            | difference(letters, 0x30, 0x39, 4)
            | difference(letters, 0x2B, 0x2B, 19) | difference(letters, 0x2F, 0x2F, 16)
        let others = unsafeBitCast(differences .== SIMD16<Int8>(repeating: 0), to: SIMD2<UInt64>.self)
        if others[0] | others[1] != 0 { return nil }
        let values = unsafeBitCast(letters &+ differences, to: SIMD4<UInt32>.self)
        let first = shifted(values, left: 2, 0xFC) | shifted(values, right: 12, 0x03)
        let second = shifted(values, left: 4, 0xF000) | shifted(values, right: 10, 0x0F00)
        let third = shifted(values, left: 6, 0xC0_0000) | shifted(values, right: 8, 0x3F_0000)
        let pairs = unsafeBitCast(first | second | third, to: SIMD2<UInt64>.self)
        let low = pairs & SIMD2<UInt64>(repeating: 0xFF_FFFF)
        return low | (pairs &>> SIMD2<UInt64>(repeating: 32)) &<< SIMD2<UInt64>(repeating: 24)
    }

    /// `difference` in the lanes whose letter is in `first...last`, 0 in the others.
    @inline(__always)
    private static func difference(
        _ letters: SIMD16<Int8>, _ first: Int8, _ last: Int8, _ difference: Int8
    ) -> SIMD16<Int8> {
        // The lane type is spelled out. Without it, the compiler chooses an overload that works lane by lane. The lanes
        // are signed, so that one instruction compares: a byte that is not ASCII is negative, and so less than every
        // letter.
        let mask = (letters .>= SIMD16<Int8>(repeating: first)) .& (letters .<= SIMD16<Int8>(repeating: last))
        // A true lane of the mask has all bits set. `replacing(with:where:)` would work byte by byte.
        return unsafeBitCast(mask, to: SIMD16<Int8>.self) & SIMD16<Int8>(repeating: difference)
    }

    @inline(__always)
    private static func shifted(_ values: SIMD4<UInt32>, left bits: UInt32, _ mask: UInt32) -> SIMD4<UInt32> {
        values &<< SIMD4<UInt32>(repeating: bits) & SIMD4<UInt32>(repeating: mask)
    }

    @inline(__always)
    private static func shifted(_ values: SIMD4<UInt32>, right bits: UInt32, _ mask: UInt32) -> SIMD4<UInt32> {
        values &>> SIMD4<UInt32>(repeating: bits) & SIMD4<UInt32>(repeating: mask)
    }
}
