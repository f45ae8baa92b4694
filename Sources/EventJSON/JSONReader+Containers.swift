extension JSONReader {
    /// Reads the members of an object.
    ///
    /// `body` asks by ``isAt(_:)`` for the names that it knows, in whatever order, reads the value of the one that it meets, and ends it by
    /// ``endMember(from:)``. It is called until no member is left: once, where they come in the order of its questions. A member that it
    /// leaves alone is skipped.
    public mutating func readMembers(_ body: (inout JSONReader) -> Void) -> Bool {
        guard byte == UInt8(ascii: "{") else { return false }
        if depth < Lexer.depthLimit, goToUsualMember() {
            depth &+= 1
        } else if open(UInt8(ascii: "{")) == true {
            readKey()
        } else {
            key = MemberKey.none
        }
        while key.count >= 0 {
            let start = offset
            body(&self)
            if offset == start { endMember(from: start) }
        }
        return true
    }

    /// Whether the reader stands at the member with a name.
    @inlinable @inline(__always)
    public func isAt(_ name: StaticString) -> Bool {
        key.isEqual(to: name)
    }

    /// Ends a member whose value began at `start`, and goes to the next one; the value is skipped if the reader still stands there.
    public mutating func endMember(from start: Int) {
        if offset == start { skipValue() }
        if byte == UInt8(ascii: ","), goToUsualMember() { return }
        if goOn(UInt8(ascii: "}"), .expectedCommaOrBrace) { readKey() } else { key = MemberKey.none }
    }

    /// Goes to the next member, behind a comma or a brace, if no blanks are there and the key is short and plain.
    @inline(__always)
    private mutating func goToUsualMember() -> Bool {
        let text = text.bytes
        let first = offset &+ 2
        guard first &+ 18 < count, Lexer.byte(text, offset &+ 1) == UInt8(ascii: "\"") else { return false }
        let end = first &+ Lexer.stops(text, first).trailingZeroBitCount &>> 2
        guard Lexer.pair(text, end) == Lexer.quoteColon, Lexer.byte(text, end &+ 2) > 0x20 else { return false }
        key = unsafe MemberKey(start + first, end &- first, readable: 18)
        offset = end &+ 2
        return true
    }

    /// Gives every member of an object to `body`, in order, those with the same key too; a value that it does not read is skipped.
    public mutating func forEachMember(_ body: (String, inout JSONReader) -> Void) -> Bool {
        readMembers { reader in
            let (key, start) = (reader.key, reader.offset)
            body(String(decoding: UnsafeRawBufferPointer(start: key.start, count: key.count), as: UTF8.self), &reader)
            reader.endMember(from: start)
        }
    }

    /// Gives every element of an array to `body`, in order; one that it does not read is skipped.
    public mutating func forEachElement(_ body: (inout JSONReader) -> Void) -> Bool {
        guard var hasElement = open(UInt8(ascii: "[")) else { return false }
        while hasElement {
            let start = offset
            body(&self)
            if offset == start { skipValue() }
            hasElement = goOn(UInt8(ascii: "]"), .expectedCommaOrBracket)
        }
        return true
    }

    /// Goes into an object or array, and says whether anything is in it; nil when the value is something else.
    private mutating func open(_ opening: UInt8) -> Bool? {
        guard byte == opening else { return nil }
        do throws(JSONSyntaxError) {
            guard depth < Lexer.depthLimit else { throw JSONSyntaxError(.tooDeep, at: offset) }
            offset = try Lexer.next(text.bytes, offset &+ 1)
            let isEmpty = Lexer.byte(text.bytes, offset) == Lexer.closing(opening)
            if isEmpty { offset &+= 1 } else { depth &+= 1 }
            return !isEmpty
        } catch {
            fail(error)
            return false
        }
    }

    /// Goes to the next member or element, or out of the object or array.
    private mutating func goOn(_ closing: UInt8, _ mistake: JSONSyntaxError.Reason) -> Bool {
        do throws(JSONSyntaxError) {
            offset = try Lexer.next(text.bytes, offset)
            let byte = Lexer.byte(text.bytes, offset)
            if byte == UInt8(ascii: ",") {
                offset = try Lexer.next(text.bytes, offset &+ 1)
                return true
            }
            guard byte == closing else { throw JSONSyntaxError(mistake, at: offset) }
            offset &+= 1
            depth &-= 1
        } catch {
            fail(error)
        }
        return false
    }

    /// Reads a key and its colon, and goes to the value.
    private mutating func readKey() {
        do throws(JSONSyntaxError) {
            guard byte == UInt8(ascii: "\"") else { throw JSONSyntaxError(.expectedKey, at: offset) }
            let start = offset &+ 1
            var hasEscapes = false
            let end = try Lexer.string(text.bytes, start, &hasEscapes)
            key =
                unsafe hasEscapes
                ? unescapedKey(start..<end)
                : MemberKey(self.start + start, end &- start, readable: count &- start)
            offset = try Lexer.colon(text.bytes, end &+ 1)
        } catch {
            fail(error)
        }
    }
}
