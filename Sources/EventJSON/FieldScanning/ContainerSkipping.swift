extension FieldPlan {
    /// Checks the object or array that opens at the place, inside `depth` others, and goes behind it.
    ///
    /// One bit a level says whether it is an object; a word has room for 64 levels, and the next 64 take another call.
    func skipContainer(
        _ text: RawSpan, _ place: inout FieldScan.Place, _ stops: inout StringStops, _ depth: Int
    ) throws(JSONSyntaxError) {
        var objects: UInt64 = 0
        var level = 0
        place.expects = .value
        repeat {
            switch place.expects {
            case .key: try skipMembers(text, &place, &stops)
            case .value:
                place.offset = try Lexer.next(text, place.offset)
                if Lexer.isOpening(Lexer.byte(text, place.offset)), level == 64 {
                    try skipContainer(text, &place, &stops, depth &+ level)
                } else {
                    try skipValue(text, &place, &stops, depth, &objects, &level)
                }
            case .separator: try skipSeparator(text, &place, &objects, &level)
            }
        } while level > 0
        place.expects = .separator
    }

    private func skipMembers(
        _ text: RawSpan, _ place: inout FieldScan.Place, _ stops: inout StringStops
    ) throws(JSONSyntaxError) {
        place = skipUsualMembers(text, place, stops.offsets)
        guard place.expects == .key else { return }
        guard Lexer.byte(text, place.offset) == UInt8(ascii: "\"") else {
            throw JSONSyntaxError(.expectedKey, at: place.offset)
        }
        let key = try stops.string(text, place.offset &+ 1, place.stop)
        place.offset = try Lexer.colon(text, key.end &+ 1)
        place.stop = key.next
        place.expects = .value
    }

    private func skipValue(
        _ text: RawSpan, _ place: inout FieldScan.Place, _ stops: inout StringStops, _ depth: Int,
        _ objects: inout UInt64, _ level: inout Int
    ) throws(JSONSyntaxError) {
        let first = Lexer.byte(text, place.offset)
        place.expects = .separator
        if first == UInt8(ascii: "\"") {
            let string = try stops.string(text, place.offset &+ 1, place.stop)
            (place.offset, place.stop) = (string.end &+ 1, string.next)
        } else if !Lexer.isOpening(first) {
            var kind = JSONKind.null
            place.offset = try Lexer.plainScalar(text, place.offset, first, &kind)
        } else {
            guard depth &+ level < Lexer.depthLimit else { throw JSONSyntaxError(.tooDeep, at: place.offset) }
            place.offset = try Lexer.next(text, place.offset &+ 1)
            objects = objects &<< 1 | UInt64(first &>> 5 & 1)
            level &+= 1
            let isEmpty = Lexer.byte(text, place.offset) == Lexer.closing(first)
            if !isEmpty { place.expects = objects & 1 != 0 ? .key : .value }
        }
    }

    private func skipSeparator(
        _ text: RawSpan, _ place: inout FieldScan.Place, _ objects: inout UInt64, _ level: inout Int
    ) throws(JSONSyntaxError) {
        let offset = try Lexer.next(text, place.offset)
        let byte = Lexer.byte(text, offset)
        let isObject = objects & 1 != 0
        if byte == UInt8(ascii: ",") {
            place.offset = try Lexer.next(text, offset &+ 1)
            place.expects = isObject ? .key : .value
            return
        }
        guard byte == (isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) else {
            throw JSONSyntaxError(isObject ? .expectedCommaOrBrace : .expectedCommaOrBracket, at: offset)
        }
        place.offset = offset &+ 1
        objects &>>= 1
        level &-= 1
    }
}
