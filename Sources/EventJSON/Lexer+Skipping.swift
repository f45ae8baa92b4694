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

    /// Checks the value at `start`, inside `depth` containers, and gives the offset behind it.
    @inline(__always)
    static func skipValue(_ text: RawSpan, _ start: Int, _ depth: Int) throws(JSONSyntaxError) -> Int {
        let first = byte(text, start)
        if isOpening(first) { return try skipContainer(text, start, depth) }
        var kind = JSONKind.null
        var hasEscapes = false
        return try scalar(text, start, first, &kind, &hasEscapes)
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
        return try rareScalar(text, start, first, &kind)
    }

    private static func rareScalar(
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

    /// Checks the object or array that opens at `start`, inside `depth` others, and gives the offset behind it.
    ///
    /// One bit a level says whether it is an object; a word has room for 64 levels, and the next 64 take another call.
    static func skipContainer(_ text: RawSpan, _ start: Int, _ depth: Int) throws(JSONSyntaxError) -> Int {
        var offset = start
        var objects: UInt64 = 0
        var level = 0
        while true {
            let first = byte(text, offset)
            if !isOpening(first) {
                var kind = JSONKind.null
                var hasEscapes = false
                offset = try scalar(text, offset, first, &kind, &hasEscapes)
            } else if level == 64 {
                offset = try skipContainer(text, offset, depth &+ level)
            } else {
                guard depth &+ level < depthLimit else { throw JSONSyntaxError(.tooDeep, at: offset) }
                offset = try next(text, offset &+ 1)
                if byte(text, offset) == closing(first) {
                    offset &+= 1
                } else {
                    objects = objects &<< 1 | UInt64(first &>> 5 & 1)
                    level &+= 1
                    if objects & 1 != 0 { offset = try skipKey(text, offset) }
                    continue
                }
            }
            if try !skipToNext(text, &offset, &objects, &level) { return offset }
        }
    }

    /// Goes from behind a value to the next one, closing containers; false when the last one was closed.
    @inline(__always)
    private static func skipToNext(
        _ text: RawSpan, _ offset: inout Int, _ objects: inout UInt64, _ level: inout Int
    ) throws(JSONSyntaxError) -> Bool {
        while level > 0 {
            offset = try next(text, offset)
            let byte = byte(text, offset)
            let isObject = objects & 1 != 0
            if byte == UInt8(ascii: ",") {
                offset = try next(text, offset &+ 1)
                if isObject { offset = try skipKey(text, offset) }
                return true
            }
            guard byte == (isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) else {
                throw JSONSyntaxError(isObject ? .expectedCommaOrBrace : .expectedCommaOrBracket, at: offset)
            }
            offset &+= 1
            objects &>>= 1
            level &-= 1
        }
        return false
    }

    @inline(__always)
    private static func skipKey(_ text: RawSpan, _ start: Int) throws(JSONSyntaxError) -> Int {
        guard byte(text, start) == UInt8(ascii: "\"") else { throw JSONSyntaxError(.expectedKey, at: start) }
        var hasEscapes = false
        return try colon(text, string(text, start &+ 1, &hasEscapes) &+ 1)
    }
}
