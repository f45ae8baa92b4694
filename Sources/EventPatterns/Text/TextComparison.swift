import LinearExpressions

/// Compares and hashes text byte by byte. In UTF-8 this equals a comparison by scalars, without the Unicode
/// normalization of `String`'s `==`.
extension RawSpan {
    /// Whether `other` is at `offset`. The caller has checked that it fits.
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

    /// Whether both have the same bytes.
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

    /// Orders by length and then by bytes. A binary search needs any total order, and this is the cheapest.
    func compare(_ other: RawSpan) -> Int {
        if byteCount != other.byteCount { return byteCount < other.byteCount ? -1 : 1 }
        for index in 0..<byteCount {
            let (mine, theirs) = (byte(index), other.byte(index))
            if mine != theirs { return mine < theirs ? -1 : 1 }
        }
        return 0
    }

    /// Returns a hash for tables whose keys come from patterns. Event text cannot add keys, so nobody can provoke
    /// collisions.
    @inline(__always)
    func hash(seed: UInt64) -> UInt64 {
        var hash = seed ^ UInt64(truncatingIfNeeded: byteCount)
        guard byteCount >= 8 else { return Self.mix(hash ^ shortWord) }
        var index = 0
        while index &+ 8 < byteCount {
            hash = Self.mix(hash ^ word(index))
            index &+= 8
        }
        // The last eight bytes, which may overlap the previous ones.
        return Self.mix(hash ^ word(byteCount &- 8))
    }

    /// A hash of the length and of eight bytes each at the start, middle and end. It has no loop, and distinguishes the
    /// names of event types.
    @inline(__always)
    var nameHash: UInt64 {
        guard byteCount >= 8 else { return Self.mix(shortWord ^ UInt64(truncatingIfNeeded: byteCount)) }
        let ends = word(0) &* 0x9E37_79B9_7F4A_7C15 ^ word(byteCount &- 8) &* 0xD134_2543_DE82_EF95
        return Self.mix(ends ^ word((byteCount &- 8) &>> 1) ^ UInt64(truncatingIfNeeded: byteCount) &<< 32)
    }

    /// All bytes of a text of fewer than eight bytes. Together with the length it is unique for the text.
    @inline(__always)
    private var shortWord: UInt64 {
        if byteCount >= 4 {
            let low = unsafe unsafeLoadUnaligned(fromUncheckedByteOffset: 0, as: UInt32.self)
            let high = unsafe unsafeLoadUnaligned(fromUncheckedByteOffset: byteCount &- 4, as: UInt32.self)
            return UInt64(high) &<< 32 | UInt64(low)
        }
        guard byteCount > 0 else { return 0 }
        let ends = UInt64(byte(byteCount &- 1)) &<< 16 | UInt64(byte(0))
        return UInt64(byte(byteCount &>> 1)) &<< 8 | ends
    }

    @inline(__always)
    private func word(_ offset: Int) -> UInt64 {
        unsafe unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt64.self)
    }

    @inline(__always)
    private static func mix(_ value: UInt64) -> UInt64 {
        let product = value.multipliedFullWidth(by: 0x9FB2_1C65_1E98_DF25)
        return product.high ^ product.low
    }
}
