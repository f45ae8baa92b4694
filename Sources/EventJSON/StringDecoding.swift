/// Undoes the escapes of strings that a `Lexer` has accepted.
enum StringDecoding {
    /// Appends the text of the string whose bytes, without the quotes, are `range`.
    ///
    /// A surrogate without its other half becomes U+FFFD: it is legal JSON, and UTF-8 cannot say it.
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

    /// Appends the scalar of the `\u` escape at `offset`, with that of the low surrogate that may follow.
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
