/// The halves of surrogate pairs with which a string begins and ends, where it lacks the other half.
///
/// A server that sends a text in pieces may cut it within a character. `StringDecoding` makes each half a U+FFFD.
package struct SurrogateHalves: Sendable, Equatable {
    /// The low surrogate that the string begins with.
    package var leadingLow: UInt16?
    /// The high surrogate that the string ends with.
    package var trailingHigh: UInt16?

    /// Halves of a string; none by default.
    package init(leadingLow: UInt16? = nil, trailingHigh: UInt16? = nil) {
        (self.leadingLow, self.trailingHigh) = (leadingLow, trailingHigh)
    }

    /// The character that a high and a low surrogate make.
    package static func scalar(_ high: UInt16, _ low: UInt16) -> Unicode.Scalar? {
        Unicode.Scalar(0x10000 + (UInt32(high) &- 0xD800) << 10 + (UInt32(low) &- 0xDC00))
    }

    /// The halves of the string whose bytes, without the quotes, are `range`.
    init(_ text: RawSpan, _ range: Range<Int>) {
        if range.count >= 6, let unit = Self.codeUnit(text, range.lowerBound), (0xDC00...0xDFFF).contains(unit) {
            leadingLow = unit
        }
        let last = range.upperBound - 6
        guard last >= range.lowerBound, let unit = Self.codeUnit(text, last), (0xD800...0xDBFF).contains(unit) else {
            return
        }
        // A backslash that another one escapes begins no `\u`.
        var backslashes = 0
        while last - backslashes > range.lowerBound, Lexer.byte(text, last - backslashes - 1) == UInt8(ascii: "\\") {
            backslashes += 1
        }
        if backslashes.isMultiple(of: 2) { trailingHigh = unit }
    }

    /// The code unit of a `\u` escape at an offset; nil when there is none.
    private static func codeUnit(_ text: RawSpan, _ offset: Int) -> UInt16? {
        guard Lexer.byte(text, offset) == UInt8(ascii: "\\"), Lexer.byte(text, offset + 1) == UInt8(ascii: "u") else {
            return nil
        }
        var unit: UInt16 = 0
        for place in offset + 2..<offset + 6 {
            guard let digit = Lexer.hexadecimal(Lexer.byte(text, place)) else { return nil }
            unit = unit << 4 | UInt16(digit)
        }
        return unit
    }
}

extension FieldSlots {
    /// The lone halves at the ends of the string with an index of this scan.
    package func surrogateHalves(_ index: Int32, in text: RawSpan) -> SurrogateHalves {
        guard index >= 0, self[index].kind == .string, self[index].hasEscapes else {
            return SurrogateHalves()
        }
        return SurrogateHalves(text, self[index].range.offsets)
    }
}
