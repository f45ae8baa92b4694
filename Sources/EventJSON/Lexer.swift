/// The words of JSON's grammar, over bytes.
///
/// The scanner and the value parser both read with these, so that there is one opinion on what a number, a string and a
/// blank are. Every function takes the text and an offset and gives the offset behind what it read; none allocates. A
/// span cannot be kept in a struct, which is why the text is passed each time.
@usableFromInline
enum Lexer {
    /// How deep objects and arrays may be nested.
    static let depthLimit = 512

    /// The byte at an offset that the caller knows to lie inside the text.
    @inline(__always)
    static func byte(_ text: RawSpan, _ offset: Int) -> UInt8 {
        assert(offset >= 0 && offset < text.byteCount)
        return unsafe text.unsafeLoad(fromUncheckedByteOffset: offset, as: UInt8.self)
    }

    /// The offset of the first byte from `offset` on that is no blank.
    @inline(__always)
    static func skipBlanks(_ text: RawSpan, _ offset: Int) -> Int {
        var offset = offset
        while offset < text.byteCount {
            let byte = byte(text, offset)
            // One comparison in the usual case: compact JSON has no blanks.
            guard byte <= 0x20, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { break }
            offset += 1
        }
        return offset
    }

    /// As `skipBlanks`, where the text must go on.
    @inline(__always)
    static func next(_ text: RawSpan, _ offset: Int) throws(JSONSyntaxError) -> Int {
        let offset = skipBlanks(text, offset)
        guard offset < text.byteCount else { throw JSONSyntaxError(.unexpectedEnd, at: offset) }
        return offset
    }

    /// Reads `true`, `false` or `null`, whose first byte is known.
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

    /// Reads the colon behind a key, and goes to the value.
    @inline(__always)
    static func colon(_ text: RawSpan, _ start: Int) throws(JSONSyntaxError) -> Int {
        let offset = try next(text, start)
        guard byte(text, offset) == UInt8(ascii: ":") else { throw JSONSyntaxError(.expectedColon, at: offset) }
        return try next(text, offset &+ 1)
    }

    /// Refuses what cannot be addressed and the mark that some editors put in front; gives the offset of the value.
    static func begin(_ text: RawSpan) throws(JSONSyntaxError) -> Int {
        guard text.byteCount <= Int(Int32.max) else { throw JSONSyntaxError(.tooLong, at: 0) }
        let start = skipBlanks(text, 0)
        guard start < text.byteCount else { throw JSONSyntaxError(.unexpectedEnd, at: start) }
        if start == 0, text.byteCount >= 3, byte(text, 0) == 0xEF, byte(text, 1) == 0xBB, byte(text, 2) == 0xBF {
            throw JSONSyntaxError(.byteOrderMark, at: 0)
        }
        return start
    }

    /// Checks that only blanks follow the value that ended at `offset`.
    static func finish(_ text: RawSpan, _ offset: Int) throws(JSONSyntaxError) {
        let end = skipBlanks(text, offset)
        guard end == text.byteCount else { throw JSONSyntaxError(.trailingText, at: end) }
    }
}
