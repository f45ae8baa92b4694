import ConfigSource
import LinearExpressions

/// An IP address in binary form.
struct IPAddress: Sendable, Hashable {
    var isIPv6: Bool
    /// The address as a number. IPv4 uses the low 32 bits.
    var bits: UInt128

    /// Parses an IP address; returns nil if the text is anything else.
    ///
    /// The parser is strict: programs disagree about the hosts that `010.0.0.1`, `10.1` and `0x7f000001` mean, so these
    /// are not addresses.
    init?(_ text: RawSpan) {
        guard text.byteCount >= 2, text.byteCount <= 45 else { return nil }
        if let bits = Self.parseIPv4(text, 0) {
            self.init(isIPv6: false, bits: UInt128(bits))
        } else if let bits = Self.parseIPv6(text) {
            self.init(isIPv6: true, bits: bits)
        } else {
            return nil
        }
    }

    private init(isIPv6: Bool, bits: UInt128) {
        self.isIPv6 = isIPv6
        self.bits = bits
    }

    private static func parseIPv4(_ text: RawSpan, _ start: Int) -> UInt32? {
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

    /// Parses eight groups of hexadecimal digits. `::` replaces one run of zero groups, and the last two groups can be
    /// an IPv4 address.
    private static func parseIPv6(_ text: RawSpan) -> UInt128? {
        var bits: UInt128 = 0
        var groups = 0
        /// The number of groups before the `::`.
        var groupsBeforeGap: Int?
        var offset = 0
        let colon = UInt8(ascii: ":")
        func isColon(_ index: Int) -> Bool { index < text.byteCount && text.byte(index) == colon }
        if isColon(0) {
            guard isColon(1) else { return nil }
            groupsBeforeGap = 0
            offset = 2
        }
        while offset < text.byteCount {
            guard groups < 8 else { return nil }
            if groups <= 6, let tail = parseIPv4(text, offset) {
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
            guard groupsBeforeGap == nil else { return nil }
            groupsBeforeGap = groups
            offset += 1
        }
        guard let groupsBeforeGap else { return groups == 8 ? bits : nil }
        guard groups < 8 else { return nil }
        let tailBits = UInt128(16 * (groups - groupsBeforeGap))
        let low = bits & ((1 << tailBits) - 1)
        let high = groups == groupsBeforeGap ? bits : bits >> tailBits
        return groupsBeforeGap == 0 ? low : high << UInt128(16 * (8 - groupsBeforeGap)) | low
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

/// The addresses with a common prefix, such as `10.0.0.0/8`.
struct CIDRBlock: Sendable, Hashable {
    var first: IPAddress
    var mask: UInt128

    /// Parses an address and a prefix length. The address bits after the prefix are ignored.
    init(_ text: String) throws(ExpressionError) {
        let help = "write an address and its prefix length in bits: `10.0.0.0/8`, `\"2001:db8::/32\"`"
        let parts = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard parts.count == 2 else {
            throw ExpressionError("\(quoted(text)) is not a block of addresses", help: help)
        }
        let bytes = Array(parts[0])
        guard let address = IPAddress(bytes.span.bytes) else {
            throw ExpressionError("`\(Substring(parts[0]))` is not an IP address", help: help)
        }
        let width = address.isIPv6 ? 128 : 32
        let digits = parts[1]
        guard (1...3).contains(digits.count), digits.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }),
            digits.first != UInt8(ascii: "0") || digits.count == 1, let length = Int(Substring(digits)), length <= width
        else {
            throw ExpressionError(
                "the prefix length of an IPv\(address.isIPv6 ? 6 : 4) block is 0 to \(width), not `\(Substring(digits))`"
            )
        }
        let all = UInt128.max >> UInt128(128 - width)
        mask = length == 0 ? 0 : all << UInt128(width - length) & all
        first = address
        first.bits &= mask
    }

    /// Whether an address is in the block. IPv4 addresses are never in an IPv6 block, and vice versa.
    func contains(_ address: IPAddress) -> Bool {
        address.isIPv6 == first.isIPv6 && address.bits & mask == first.bits
    }
}
