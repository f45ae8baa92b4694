#if VectorIntrinsics
    import CVectors
#endif

/// Base64 as RFC 4648 writes it in section 4: the standard alphabet, padded.
///
/// Decoding is strict: no blanks, no line ends, padded to a multiple of four, and no bits that the padding hides.
public enum Base64 {
    /// How many bytes a text stands for, going by its length and padding alone.
    public static func decodedCount(_ text: RawSpan) -> Int {
        let count = text.byteCount
        guard count >= 4 else { return 0 }
        var padding = 0
        while padding < 2, Lexer.byte(text, count - 1 - padding) == UInt8(ascii: "=") { padding += 1 }
        return count / 4 * 3 - padding
    }

    /// Appends the bytes that a text stands for; false, and nothing appended, when the text is not base64.
    ///
    /// An empty text stands for no bytes. A buffer that has room already is not reallocated.
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

    /// Appends the text that stands for bytes.
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

    /// The text that stands for bytes.
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
    /// Fills `bytes`, which has just the room that the text asks for.
    static func decode(_ text: RawSpan, into bytes: UnsafeMutableRawBufferPointer) -> Bool {
        var (offset, place) = decodeBlocks(text, into: bytes)
        // A block of 16 letters gives 12 bytes, stored as two overlapping words: the last one reaches two bytes further.
        while offset + 16 < text.byteCount, place + 14 <= bytes.count {
            guard let words = words(text, offset) else { return false }
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

    /// Decodes as much as vector instructions can; gives how many letters it took, and the bytes that they gave.
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

    /// The 24 bits of four letters of which the last may be padding, so that they give `count` bytes.
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

    /// Twice six bytes, each in the low bytes of a word in the order in which they are stored; nil when one is no letter.
    @inline(__always)
    private static func words(_ text: RawSpan, _ offset: Int) -> SIMD2<UInt64>? {
        let letters = unsafe text.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: SIMD16<Int8>.self)
        // What has to be added to a letter to give its value; nothing is added to what is no letter.
        let shift =
            selected(letters, 0x41, 0x5A, -65) | selected(letters, 0x61, 0x7A, -71) | selected(letters, 0x30, 0x39, 4)
            | selected(letters, 0x2B, 0x2B, 19) | selected(letters, 0x2F, 0x2F, 16)
        let others = unsafeBitCast(shift .== SIMD16<Int8>(repeating: 0), to: SIMD2<UInt64>.self)
        if others[0] | others[1] != 0 { return nil }
        let values = unsafeBitCast(letters &+ shift, to: SIMD4<UInt32>.self)
        let first = moved(values, left: 2, 0xFC) | moved(values, right: 12, 0x03)
        let second = moved(values, left: 4, 0xF000) | moved(values, right: 10, 0x0F00)
        let third = moved(values, left: 6, 0xC0_0000) | moved(values, right: 8, 0x3F_0000)
        let pairs = unsafeBitCast(first | second | third, to: SIMD2<UInt64>.self)
        let low = pairs & SIMD2<UInt64>(repeating: 0xFF_FFFF)
        return low | (pairs &>> SIMD2<UInt64>(repeating: 32)) &<< SIMD2<UInt64>(repeating: 24)
    }

    /// `shift` where a letter lies between two others, 0 elsewhere.
    @inline(__always)
    private static func selected(
        _ letters: SIMD16<Int8>, _ first: Int8, _ last: Int8, _ shift: Int8
    ) -> SIMD16<Int8> {
        // The lane type is spelled out: without it another overload is taken, which goes lane by lane.
        // Signed, so that one instruction compares: what is not ASCII is negative and lies below all letters.
        let mask = (letters .>= SIMD16<Int8>(repeating: first)) .& (letters .<= SIMD16<Int8>(repeating: last))
        // The mask has all bits set where it is true. `replacing(with:where:)` would go byte by byte.
        return unsafeBitCast(mask, to: SIMD16<Int8>.self) & SIMD16<Int8>(repeating: shift)
    }

    @inline(__always)
    private static func moved(_ values: SIMD4<UInt32>, left bits: UInt32, _ mask: UInt32) -> SIMD4<UInt32> {
        values &<< SIMD4<UInt32>(repeating: bits) & SIMD4<UInt32>(repeating: mask)
    }

    @inline(__always)
    private static func moved(_ values: SIMD4<UInt32>, right bits: UInt32, _ mask: UInt32) -> SIMD4<UInt32> {
        values &>> SIMD4<UInt32>(repeating: bits) & SIMD4<UInt32>(repeating: mask)
    }
}
