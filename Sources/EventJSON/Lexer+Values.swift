extension Lexer {
    /// Checks the value at `start`, inside `depth` objects and arrays, and gives the offset behind it.
    ///
    /// It goes as deep as the text does, at most ``depthLimit`` calls.
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

    /// Checks a key and its colon, and goes to the value.
    private static func key(_ text: RawSpan, _ start: Int) throws(JSONSyntaxError) -> Int {
        guard byte(text, start) == UInt8(ascii: "\"") else { throw JSONSyntaxError(.expectedKey, at: start) }
        var hasEscapes = false
        let end = try string(text, start &+ 1, &hasEscapes)
        return try colon(text, end &+ 1)
    }
}
