/// Comparing text byte by byte, which for UTF-8 is scalar by scalar: no normalisation, never `String`'s `==`.
extension RawSpan {
    /// Whether `other` stands at `offset`; the caller has checked that it fits.
    @inline(__always)
    private func holds(_ other: RawSpan, at offset: Int) -> Bool {
        let count = other.byteCount
        var index = 0
        while index + 8 <= count {
            let mine = unsafe unsafeLoadUnaligned(fromUncheckedByteOffset: offset + index, as: UInt64.self)
            let theirs = unsafe other.unsafeLoadUnaligned(fromUncheckedByteOffset: index, as: UInt64.self)
            if mine != theirs { return false }
            index += 8
        }
        while index < count {
            if byte(offset + index) != other.byte(index) { return false }
            index += 1
        }
        return true
    }

    /// Whether both hold the same bytes.
    @inline(__always)
    func isEqual(_ other: RawSpan) -> Bool {
        byteCount == other.byteCount && holds(other, at: 0)
    }

    /// Whether the text begins with `other`.
    @inline(__always)
    func starts(with other: RawSpan) -> Bool {
        byteCount >= other.byteCount && holds(other, at: 0)
    }

    /// Whether the text ends with `other`.
    @inline(__always)
    func ends(with other: RawSpan) -> Bool {
        byteCount >= other.byteCount && holds(other, at: byteCount - other.byteCount)
    }

    /// Shorter first, then byte by byte: any total order serves a search, and this one is the cheapest.
    func compare(_ other: RawSpan) -> Int {
        if byteCount != other.byteCount { return byteCount < other.byteCount ? -1 : 1 }
        for index in 0..<byteCount {
            let (mine, theirs) = (byte(index), other.byte(index))
            if mine != theirs { return mine < theirs ? -1 : 1 }
        }
        return 0
    }

    /// A hash of the bytes, for tables whose keys all come from patterns: nobody outside can make them collide on purpose.
    @inline(__always)
    func hash(seed: UInt64) -> UInt64 {
        var hash = seed &* 0x9E37_79B9_7F4A_7C15 ^ UInt64(truncatingIfNeeded: byteCount)
        var index = 0
        while index + 8 <= byteCount {
            hash = Self.mix(hash ^ (unsafe unsafeLoadUnaligned(fromUncheckedByteOffset: index, as: UInt64.self)))
            index += 8
        }
        var tail: UInt64 = 0
        while index < byteCount {
            tail = tail << 8 | UInt64(byte(index))
            index += 1
        }
        return Self.mix(hash ^ tail)
    }

    @inline(__always)
    private static func mix(_ value: UInt64) -> UInt64 {
        let product = value.multipliedFullWidth(by: 0x9FB2_1C65_1E98_DF25)
        return product.high ^ product.low
    }
}
