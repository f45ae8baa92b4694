extension Lexer {
    /// Reads a number that begins at `start` with `-` or a digit.
    @inline(__always)
    static func number(_ text: RawSpan, _ start: Int) throws(JSONSyntaxError) -> Int {
        let end = text.byteCount
        var offset = start
        if byte(text, offset) == UInt8(ascii: "-") { offset += 1 }
        let integer = offset
        offset = digits(text, offset)
        guard offset > integer else { throw badNumber(text, start, offset) }
        // "01" is two tokens in no grammar: a leading zero stands alone.
        guard byte(text, integer) != UInt8(ascii: "0") || offset == integer + 1 else {
            throw JSONSyntaxError(.invalidNumber, at: start)
        }
        guard offset < end else { return offset }
        if byte(text, offset) == UInt8(ascii: ".") {
            let fraction = offset + 1
            offset = digits(text, fraction)
            guard offset > fraction else { throw badNumber(text, start, offset) }
        }
        guard offset < end, byte(text, offset) | 0x20 == UInt8(ascii: "e") else { return offset }
        offset += 1
        if offset < end, byte(text, offset) == UInt8(ascii: "+") || byte(text, offset) == UInt8(ascii: "-") {
            offset += 1
        }
        let exponent = offset
        offset = digits(text, offset)
        guard offset > exponent else { throw badNumber(text, start, offset) }
        return offset
    }

    /// The offset behind the decimal digits at `offset`.
    @inline(__always)
    private static func digits(_ text: RawSpan, _ offset: Int) -> Int {
        var offset = offset
        while offset < text.byteCount, byte(text, offset) &- UInt8(ascii: "0") <= 9 { offset += 1 }
        return offset
    }

    private static func badNumber(_ text: RawSpan, _ start: Int, _ offset: Int) -> JSONSyntaxError {
        offset < text.byteCount
            ? JSONSyntaxError(.invalidNumber, at: start) : JSONSyntaxError(.unexpectedEnd, at: offset)
    }
}
