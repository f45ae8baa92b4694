/// Reading the scalars of valid UTF-8. The scanner has checked event text, and `String` guarantees pattern text.
extension RawSpan {
    /// The byte at an offset inside the span.
    @inlinable @inline(__always)
    public func byte(_ offset: Int) -> UInt8 {
        unsafe unsafeLoad(fromUncheckedByteOffset: offset, as: UInt8.self)
    }

    /// The scalar at `offset`. Moves `offset` past the scalar. The offset must be at a scalar's first byte.
    @inlinable @inline(__always)
    public func nextScalar(_ offset: inout Int) -> UInt32 {
        let first = byte(offset)
        if first < 0x80 {
            offset += 1
            return UInt32(first)
        }
        return nextScalarBeyondASCII(first, &offset)
    }

    /// The scalar before `offset`. Moves `offset` to the scalar's first byte.
    public func previousScalar(_ offset: inout Int) -> UInt32 {
        offset -= 1
        while offset > 0, byte(offset) & 0xC0 == 0x80 { offset -= 1 }
        var end = offset
        return nextScalar(&end)
    }

    @usableFromInline
    func nextScalarBeyondASCII(_ first: UInt8, _ offset: inout Int) -> UInt32 {
        let length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
        // This cannot happen in valid UTF-8. A wrong scalar is better than reading beyond the span.
        guard offset + length <= byteCount else {
            offset = byteCount
            return 0xFFFD
        }
        var scalar = UInt32(first) & (0x7F >> UInt32(length))
        for index in offset + 1..<offset + length { scalar = scalar << 6 | UInt32(byte(index) & 0x3F) }
        offset += length
        return scalar
    }
}
