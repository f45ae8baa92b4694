/// Decodes the escapes of strings that `Lexer` has accepted.
enum StringDecoding {
    /// Appends the text of the string whose bytes, without the quotes, are `range`.
    ///
    /// A surrogate without its other half becomes U+FFFD: JSON allows it, but UTF-8 cannot represent it.
    static func append(_ text: RawSpan, _ range: Range<Int>, to bytes: inout [UInt8]) {
        var offset = range.lowerBound
        var run = offset
        while offset < range.upperBound {
            guard Lexer.byte(text, offset) == UInt8(ascii: "\\") else {
                offset += 1
                continue
            }
            bytes.append(text.extracting(run..<offset))
            let letter = Lexer.byte(text, offset + 1)
            if letter == UInt8(ascii: "u") {
                offset = appendScalar(text, offset, range.upperBound, to: &bytes)
            } else {
                bytes.append(simple(letter))
                offset += 2
            }
            run = offset
        }
        bytes.append(text.extracting(run..<offset))
    }

    private static func simple(_ letter: UInt8) -> UInt8 {
        switch letter {
        case UInt8(ascii: "b"): 0x08
        case UInt8(ascii: "f"): 0x0C
        case UInt8(ascii: "n"): 0x0A
        case UInt8(ascii: "r"): 0x0D
        case UInt8(ascii: "t"): 0x09
        default: letter
        }
    }

    /// Appends the scalar of the `\u` escape at `offset`, combined with the low surrogate that may follow. Returns the
    /// offset after both.
    private static func appendScalar(_ text: RawSpan, _ offset: Int, _ end: Int, to bytes: inout [UInt8]) -> Int {
        let unit = codeUnit(text, offset)
        if let scalar = Unicode.Scalar(unit) {
            append(scalar, to: &bytes)
            return offset + 6
        }
        let next = offset + 6
        if unit < 0xDC00, next + 6 <= end, Lexer.byte(text, next) == UInt8(ascii: "\\"),
            Lexer.byte(text, next + 1) == UInt8(ascii: "u")
        {
            let low = codeUnit(text, next)
            if (0xDC00...0xDFFF).contains(low),
                let scalar = Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00))
            {
                append(scalar, to: &bytes)
                return next + 6
            }
        }
        append("\u{FFFD}", to: &bytes)
        return next
    }

    private static func codeUnit(_ text: RawSpan, _ offset: Int) -> UInt32 {
        (offset + 2..<offset + 6).reduce(0) { $0 << 4 | (Lexer.hexadecimal(Lexer.byte(text, $1)) ?? 0) }
    }

    private static func append(_ scalar: Unicode.Scalar, to bytes: inout [UInt8]) {
        for byte in UTF8.encode(scalar)! { bytes.append(byte) }
    }
}

/// The unpaired surrogates at the beginning and the end of a string.
///
/// A server that sends a text in pieces may split it within a character. `StringDecoding` turns each half into U+FFFD.
package struct SurrogateHalves: Sendable, Equatable {
    /// The low surrogate at the beginning of the string; nil if there is none.
    package var leadingLow: UInt16?
    /// The high surrogate at the end of the string; nil if there is none.
    package var trailingHigh: UInt16?

    /// Creates a value from the two halves, which are absent by default.
    package init(leadingLow: UInt16? = nil, trailingHigh: UInt16? = nil) {
        (self.leadingLow, self.trailingHigh) = (leadingLow, trailingHigh)
    }

    /// The scalar that a high and a low surrogate encode.
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
        // A backslash that is itself escaped does not begin a `\u` escape.
        var backslashes = 0
        while last - backslashes > range.lowerBound, Lexer.byte(text, last - backslashes - 1) == UInt8(ascii: "\\") {
            backslashes += 1
        }
        if backslashes.isMultiple(of: 2) { trailingHigh = unit }
    }

    /// The code unit of the `\u` escape at an offset; nil if there is no such escape.
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
