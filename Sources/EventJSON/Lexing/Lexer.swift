/// Reads the tokens of JSON's grammar from bytes.
///
/// The field scanner, the parser and the reader all use it, so that they agree on what numbers, strings and whitespace
/// are. Each function takes the text and an offset, and returns the offset after the token. None allocates. The text is
/// a parameter of each function because a struct cannot store a span.
@usableFromInline
enum Lexer {
    /// The deepest allowed nesting of objects and arrays.
    static let depthLimit = 512

    /// The byte at an offset. The caller guarantees that the offset is within the text.
    @inline(__always)
    static func byte(_ text: RawSpan, _ offset: Int) -> UInt8 {
        assert(offset >= 0 && offset < text.byteCount)
        return unsafe text.unsafeLoad(fromUncheckedByteOffset: offset, as: UInt8.self)
    }

    /// The offset of the first byte at or after `offset` that is not whitespace.
    @inline(__always)
    static func skipBlanks(_ text: RawSpan, _ offset: Int) -> Int {
        var offset = offset
        while offset < text.byteCount {
            let byte = byte(text, offset)
            // One comparison in the usual case: compact JSON has no whitespace.
            guard byte <= 0x20, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { break }
            offset += 1
        }
        return offset
    }

    /// Skips whitespace like `skipBlanks`, and throws if the text ends there.
    @inline(__always)
    static func next(_ text: RawSpan, _ offset: Int) throws(JSONSyntaxError) -> Int {
        let offset = skipBlanks(text, offset)
        guard offset < text.byteCount else { throw JSONSyntaxError(.unexpectedEnd, at: offset) }
        return offset
    }

    /// Reads `true`, `false` or `null`. The caller has checked the first byte; `rest` are the bytes after it.
    @inline(__always)
    static func literal(_ text: RawSpan, _ start: Int, _ rest: StaticString) throws(JSONSyntaxError) -> Int {
        let count = rest.utf8CodeUnitCount
        for index in 0..<count {
            let offset = start + 1 + index
            guard offset < text.byteCount else { throw JSONSyntaxError(.unexpectedEnd, at: text.byteCount) }
            guard unsafe byte(text, offset) == rest.utf8Start[index] else {
                throw JSONSyntaxError(.invalidLiteral, at: start)
            }
        }
        return start + 1 + count
    }

    /// Reads the colon after a key, and returns the offset of the value.
    @inline(__always)
    static func colon(_ text: RawSpan, _ start: Int) throws(JSONSyntaxError) -> Int {
        let offset = try next(text, start)
        guard byte(text, offset) == UInt8(ascii: ":") else { throw JSONSyntaxError(.expectedColon, at: offset) }
        return try next(text, offset &+ 1)
    }

    /// Returns the offset of the value. Throws if the text is empty, too long for 32-bit offsets, or begins with a byte
    /// order mark.
    static func begin(_ text: RawSpan) throws(JSONSyntaxError) -> Int {
        guard text.byteCount <= Int(Int32.max) else { throw JSONSyntaxError(.tooLong, at: 0) }
        let start = skipBlanks(text, 0)
        guard start < text.byteCount else { throw JSONSyntaxError(.unexpectedEnd, at: start) }
        if start == 0, text.byteCount >= 3, byte(text, 0) == 0xEF, byte(text, 1) == 0xBB, byte(text, 2) == 0xBF {
            throw JSONSyntaxError(.byteOrderMark, at: 0)
        }
        return start
    }

    /// Throws unless only whitespace follows the value that ended at `offset`.
    static func finish(_ text: RawSpan, _ offset: Int) throws(JSONSyntaxError) {
        let end = skipBlanks(text, offset)
        guard end == text.byteCount else { throw JSONSyntaxError(.trailingText, at: end) }
    }
}

extension Lexer {
    /// Whether a byte opens an object or an array: `{` and `[` differ in one bit.
    @inline(__always)
    static func isOpening(_ byte: UInt8) -> Bool {
        byte | 0x20 == UInt8(ascii: "{")
    }

    /// The closing byte for an opening one. In ASCII, the bytes of each pair differ by two.
    @inline(__always)
    static func closing(_ opening: UInt8) -> UInt8 {
        opening &+ 2
    }

    /// Reads the scalar at `start`, whose first byte is `first`, including a string's closing quote.
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

    /// Reads a scalar like `scalar`, except for strings.
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
        // No digit may follow a leading zero.
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

    /// The offset after the decimal digits at `offset`.
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

extension Lexer {
    /// Checks the value at `start`, inside `depth` objects and arrays, and returns the offset after it.
    ///
    /// The function calls itself for each level of nesting, at most ``depthLimit`` times.
    static func value(_ text: RawSpan, _ start: Int, _ depth: Int) throws(JSONSyntaxError) -> Int {
        let opening = byte(text, start)
        guard isOpening(opening) else {
            var kind = JSONKind.null
            var hasEscapes = false
            return try scalar(text, start, opening, &kind, &hasEscapes)
        }
        guard depth < depthLimit else { throw JSONSyntaxError(.tooDeep, at: start) }
        let isObject = opening == UInt8(ascii: "{")
        var offset = try next(text, start &+ 1)
        if byte(text, offset) == closing(opening) { return offset &+ 1 }
        while true {
            if isObject { offset = try key(text, offset) }
            offset = try next(text, value(text, offset, depth &+ 1))
            if byte(text, offset) == closing(opening) { return offset &+ 1 }
            guard byte(text, offset) == UInt8(ascii: ",") else {
                throw JSONSyntaxError(isObject ? .expectedCommaOrBrace : .expectedCommaOrBracket, at: offset)
            }
            offset = try next(text, offset &+ 1)
        }
    }

    /// Checks a key and its colon, and returns the offset of the value.
    private static func key(_ text: RawSpan, _ start: Int) throws(JSONSyntaxError) -> Int {
        guard byte(text, start) == UInt8(ascii: "\"") else { throw JSONSyntaxError(.expectedKey, at: start) }
        var hasEscapes = false
        let end = try string(text, start &+ 1, &hasEscapes)
        return try colon(text, end &+ 1)
    }
}

/// The kind of a JSON value.
public enum JSONKind: UInt8, Sendable, Hashable {
    /// A JSON object.
    case object
    /// A JSON array.
    case array
    /// A JSON string.
    case string
    /// A JSON number.
    case number
    /// The literal `true`.
    case `true`
    /// The literal `false`.
    case `false`
    /// The literal `null`.
    case null

    /// Whether the value is neither an object nor an array.
    @inlinable
    public var isScalar: Bool { rawValue >= JSONKind.string.rawValue }
}
