extension FieldPlan {
    /// Checks the object or array at the position, inside `depth` others, and moves past it.
    ///
    /// For each level of nesting, one bit says whether it is an object. A word has room for 64 levels; the function
    /// calls itself for the next 64.
    func skipContainer(
        _ text: RawSpan, _ position: inout FieldScan.Position, _ stops: inout StringStops, _ depth: Int
    ) throws(JSONSyntaxError) {
        var objects: UInt64 = 0
        var level = 0
        position.expects = .value
        repeat {
            switch position.expects {
            case .key: try skipMembers(text, &position, &stops)
            case .value:
                position.offset = try Lexer.next(text, position.offset)
                if Lexer.isOpening(Lexer.byte(text, position.offset)), level == 64 {
                    try skipContainer(text, &position, &stops, depth &+ level)
                } else {
                    try skipValue(text, &position, &stops, depth, &objects, &level)
                }
            case .separator: try skipSeparator(text, &position, &objects, &level)
            }
        } while level > 0
        position.expects = .separator
    }

    private func skipMembers(
        _ text: RawSpan, _ position: inout FieldScan.Position, _ stops: inout StringStops
    ) throws(JSONSyntaxError) {
        position = skipCompactMembers(text, position, stops.offsets)
        guard position.expects == .key else { return }
        guard Lexer.byte(text, position.offset) == UInt8(ascii: "\"") else {
            throw JSONSyntaxError(.expectedKey, at: position.offset)
        }
        let key = try stops.string(text, position.offset &+ 1, position.stop)
        position.offset = try Lexer.colon(text, key.end &+ 1)
        position.stop = key.next
        position.expects = .value
    }

    private func skipValue(
        _ text: RawSpan, _ position: inout FieldScan.Position, _ stops: inout StringStops, _ depth: Int,
        _ objects: inout UInt64, _ level: inout Int
    ) throws(JSONSyntaxError) {
        let first = Lexer.byte(text, position.offset)
        position.expects = .separator
        if first == UInt8(ascii: "\"") {
            let string = try stops.string(text, position.offset &+ 1, position.stop)
            (position.offset, position.stop) = (string.end &+ 1, string.next)
        } else if !Lexer.isOpening(first) {
            var kind = JSONKind.null
            position.offset = try Lexer.plainScalar(text, position.offset, first, &kind)
        } else {
            guard depth &+ level < Lexer.depthLimit else { throw JSONSyntaxError(.tooDeep, at: position.offset) }
            position.offset = try Lexer.next(text, position.offset &+ 1)
            objects = objects &<< 1 | UInt64(first &>> 5 & 1)
            level &+= 1
            let isEmpty = Lexer.byte(text, position.offset) == Lexer.closing(first)
            if !isEmpty { position.expects = objects & 1 != 0 ? .key : .value }
        }
    }

    private func skipSeparator(
        _ text: RawSpan, _ position: inout FieldScan.Position, _ objects: inout UInt64, _ level: inout Int
    ) throws(JSONSyntaxError) {
        let offset = try Lexer.next(text, position.offset)
        let byte = Lexer.byte(text, offset)
        let isObject = objects & 1 != 0
        if byte == UInt8(ascii: ",") {
            position.offset = try Lexer.next(text, offset &+ 1)
            position.expects = isObject ? .key : .value
            return
        }
        guard byte == (isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) else {
            throw JSONSyntaxError(isObject ? .expectedCommaOrBrace : .expectedCommaOrBracket, at: offset)
        }
        position.offset = offset &+ 1
        objects &>>= 1
        level &-= 1
    }
}
