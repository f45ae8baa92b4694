extension Lexer {
    /// Whether a byte opens an object or an array: `{` and `[` differ in one bit.
    @inline(__always)
    static func isOpening(_ byte: UInt8) -> Bool {
        byte | 0x20 == UInt8(ascii: "{")
    }

    /// The byte that closes what `opening` opens: both pairs lie two apart in ASCII.
    @inline(__always)
    static func closing(_ opening: UInt8) -> UInt8 {
        opening &+ 2
    }

    /// Reads the scalar at `start`, whose first byte is known; a string's closing quote included.
    @inline(__always)
    static func scalar(
        _ text: RawSpan, _ start: Int, _ first: UInt8, _ kind: inout JSONKind, _ hasEscapes: inout Bool
    ) throws(JSONSyntaxError) -> Int {
        if first == UInt8(ascii: "\"") {
            kind = .string
            return try string(text, start &+ 1, &hasEscapes) &+ 1
        }
        return try plainScalar(text, start, first, &kind)
    }

    /// As `scalar`, for everything but a string.
    static func plainScalar(
        _ text: RawSpan, _ start: Int, _ first: UInt8, _ kind: inout JSONKind
    ) throws(JSONSyntaxError) -> Int {
        switch first {
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            kind = .number
            return try number(text, start)
        case UInt8(ascii: "t"):
            kind = .true
            return try literal(text, start, "rue")
        case UInt8(ascii: "f"):
            kind = .false
            return try literal(text, start, "alse")
        case UInt8(ascii: "n"):
            kind = .null
            return try literal(text, start, "ull")
        default:
            throw JSONSyntaxError(.expectedValue, at: start)
        }
    }
}
