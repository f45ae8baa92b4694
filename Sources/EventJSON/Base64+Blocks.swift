extension Base64 {
    /// Fills `bytes`, which has just the room that the text asks for.
    static func decode(_ text: RawSpan, into bytes: UnsafeMutableRawBufferPointer) -> Bool {
        var offset = 0
        var place = 0
        // A block of 16 letters gives 12 bytes, stored as four overlapping words: the last one reaches one byte further.
        while offset + 16 < text.byteCount, place + 13 <= bytes.count {
            guard let groups = groups(text, offset) else { return false }
            for index in 0..<4 {
                unsafe bytes.storeBytes(
                    of: groups[index].littleEndian, toByteOffset: place + 3 * index, as: UInt32.self)
            }
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

    /// Four times three bytes, each in the low bytes of a word in the order in which they are stored.
    @inline(__always)
    private static func groups(_ text: RawSpan, _ offset: Int) -> SIMD4<UInt32>? {
        let letters = unsafe text.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: SIMD16<UInt8>.self)
        // What has to be added to a letter to give its value; 0 is added to none that is a letter.
        var shift = SIMD16<UInt8>()
        shift.replace(with: 0 &- 65, where: isBetween(letters, "A", "Z"))
        shift.replace(with: 0 &- 71, where: isBetween(letters, "a", "z"))
        shift.replace(with: 4, where: isBetween(letters, "0", "9"))
        shift.replace(with: 19, where: isBetween(letters, "+", "+"))
        shift.replace(with: 16, where: isBetween(letters, "/", "/"))
        if any(shift .== SIMD16(repeating: 0)) { return nil }
        let values = unsafeBitCast(letters &+ shift, to: SIMD4<UInt32>.self)
        let first = values &<< 2 & 0xFC | values &>> 12 & 0x03
        let second = values &<< 4 & 0xF000 | values &>> 10 & 0x0F00
        let third = values &<< 6 & 0xC0_0000 | values &>> 8 & 0x3F_0000
        return first | second | third
    }

    @inline(__always)
    private static func isBetween(
        _ letters: SIMD16<UInt8>, _ first: Unicode.Scalar, _ last: Unicode.Scalar
    ) -> SIMDMask<SIMD16<Int8>> {
        let distance = letters &- SIMD16(repeating: UInt8(ascii: first))
        return distance .<= SIMD16(repeating: UInt8(ascii: last) &- UInt8(ascii: first))
    }
}
