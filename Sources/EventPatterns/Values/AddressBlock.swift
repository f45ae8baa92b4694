import ConfigSource
import LinearExpressions

/// An IP address in its binary form.
struct Address: Sendable, Hashable {
    var isVersion6: Bool
    /// The address as a number; one of version 4 in the low 32 bits.
    var bits: UInt128

    /// Reads an address literal; nil when the text is not exactly one.
    ///
    /// Strict on purpose: `010.0.0.1`, `10.1` and `0x7f000001` mean different hosts to different programs, so they are text.
    init?(_ text: RawSpan) {
        guard text.byteCount >= 2, text.byteCount <= 45 else { return nil }
        if let bits = Self.version4(text, 0) {
            self.init(isVersion6: false, bits: UInt128(bits))
        } else if let bits = Self.version6(text) {
            self.init(isVersion6: true, bits: bits)
        } else {
            return nil
        }
    }

    private init(isVersion6: Bool, bits: UInt128) {
        self.isVersion6 = isVersion6
        self.bits = bits
    }

    private static func version4(_ text: RawSpan, _ start: Int) -> UInt32? {
        var bits: UInt32 = 0
        var offset = start
        for part in 0..<4 {
            if part > 0 {
                guard offset < text.byteCount, text.byte(offset) == UInt8(ascii: ".") else { return nil }
                offset += 1
            }
            let first = offset
            var value: UInt32 = 0
            while offset < text.byteCount, offset - first < 3, text.byte(offset) &- UInt8(ascii: "0") < 10 {
                value = value * 10 + UInt32(text.byte(offset) &- UInt8(ascii: "0"))
                offset += 1
            }
            let hasLeadingZero = offset - first > 1 && text.byte(first) == UInt8(ascii: "0")
            guard offset > first, value < 256, !hasLeadingZero else { return nil }
            bits = bits << 8 | value
        }
        return offset == text.byteCount ? bits : nil
    }

    /// Eight groups of hexadecimal digits; `::` once for a run of zero groups; the last two groups may be a version 4 address.
    private static func version6(_ text: RawSpan) -> UInt128? {
        var bits: UInt128 = 0
        var groups = 0
        /// How many groups stand before the `::`.
        var gap: Int?
        var offset = 0
        let colon = UInt8(ascii: ":")
        func isColon(_ index: Int) -> Bool { index < text.byteCount && text.byte(index) == colon }
        if isColon(0) {
            guard isColon(1) else { return nil }
            gap = 0
            offset = 2
        }
        while offset < text.byteCount {
            guard groups < 8 else { return nil }
            if groups <= 6, let tail = version4(text, offset) {
                bits = bits << 32 | UInt128(tail)
                groups += 2
                offset = text.byteCount
                break
            }
            guard let group = hexadecimalGroup(text, &offset) else { return nil }
            bits = bits << 16 | UInt128(group)
            groups += 1
            guard offset < text.byteCount else { break }
            guard isColon(offset), offset + 1 < text.byteCount else { return nil }
            offset += 1
            guard isColon(offset) else { continue }
            guard gap == nil else { return nil }
            gap = groups
            offset += 1
        }
        guard let gap else { return groups == 8 ? bits : nil }
        guard groups < 8 else { return nil }
        let behind = UInt128(16 * (groups - gap))
        let low = bits & ((1 << behind) - 1)
        let high = groups == gap ? bits : bits >> behind
        return gap == 0 ? low : high << UInt128(16 * (8 - gap)) | low
    }

    private static func hexadecimalGroup(_ text: RawSpan, _ offset: inout Int) -> UInt32? {
        let start = offset
        var value: UInt32 = 0
        while offset < text.byteCount, offset - start < 4 {
            let byte = text.byte(offset)
            if byte &- UInt8(ascii: "0") < 10 {
                value = value << 4 | UInt32(byte &- UInt8(ascii: "0"))
            } else if byte | 0x20 &- UInt8(ascii: "a") < 6 {
                value = value << 4 | UInt32(byte | 0x20 &- UInt8(ascii: "a") + 10)
            } else {
                break
            }
            offset += 1
        }
        return offset > start ? value : nil
    }
}

/// The addresses that share their first bits: `10.0.0.0/8`.
struct AddressBlock: Sendable, Hashable {
    var first: Address
    var mask: UInt128

    /// Reads an address with the number of bits that count; the others are ignored.
    init(_ text: String) throws(ExpressionError) {
        let help = "write an address and the number of its bits that count: `10.0.0.0/8`, `\"2001:db8::/32\"`"
        let parts = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard parts.count == 2 else {
            throw ExpressionError("\(quoted(text)) is not a block of addresses", help: help)
        }
        let bytes = Array(parts[0])
        guard let address = Address(bytes.span.bytes) else {
            throw ExpressionError("`\(Substring(parts[0]))` is not an IP address", help: help)
        }
        let width = address.isVersion6 ? 128 : 32
        let digits = parts[1]
        guard (1...3).contains(digits.count), digits.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }),
            digits.first != UInt8(ascii: "0") || digits.count == 1, let length = Int(Substring(digits)), length <= width
        else {
            throw ExpressionError(
                "the number of bits of an IPv\(address.isVersion6 ? 6 : 4) block is 0 to \(width), not `\(Substring(digits))`"
            )
        }
        let all = UInt128.max >> UInt128(128 - width)
        mask = length == 0 ? 0 : all << UInt128(width - length) & all
        first = address
        first.bits &= mask
    }

    /// Whether an address lies in the block; never one of the other version.
    func contains(_ address: Address) -> Bool {
        address.isVersion6 == first.isVersion6 && address.bits & mask == first.bits
    }
}
