/// Reads one JSON text from its first byte to its last, for somebody who knows what to expect where.
///
/// Typed payloads are read so: the text is gone over once, checked as strictly as by ``JSONValue``, and nothing is made of what
/// nobody asks for. The reader stands in front of a value. A method that reads one goes behind it; when the value has another type
/// it stays where it is, and gives nil or false.
///
/// What is wrong with the text is found out on the way, and told to whoever lends the reader, at the end. From there on every method
/// finds nothing.
///
/// It is lent to whoever reads, for as long as the text's bytes are held in place: nobody else can make one, or copy it.
public struct JSONReader: ~Copyable {
    @usableFromInline let start: UnsafeRawPointer
    @usableFromInline let count: Int
    /// Where the reader stands.
    public internal(set) var offset = 0
    /// That of the member whose value the reader stands in front of.
    @usableFromInline var key = MemberKey.none
    /// How many objects and arrays are open.
    var depth = 0
    /// A string that may be among those of the text, and need not be made anew then.
    let shared: String
    /// Its bytes; none when it is short, and making it anew costs nothing.
    let sharedBytes: UnsafeRawBufferPointer
    private var error: JSONSyntaxError?
    /// The last key that had escapes, without them.
    private var unescapedKey: UnsafeMutableRawBufferPointer?

    /// Reads bytes that are one JSON value.
    ///
    /// - Parameters:
    ///   - shared: A string that the bytes probably hold: it is given in place of a new one.
    ///   - body: Reads the value, or gives false.
    /// - Returns: What `body` gave.
    package static func read(
        _ bytes: [UInt8], sharing shared: String = "", _ body: (inout JSONReader) -> Bool
    ) throws(JSONSyntaxError) -> Bool {
        let (isRead, error) = bytes.withUnsafeBytes { text in
            unsafe shared.utf8.withContiguousStorageIfAvailable { sharedBytes in
                unsafe read(text, shared, UnsafeRawBufferPointer(sharedBytes), body)
            } ?? read(text, "", UnsafeRawBufferPointer(start: nil, count: 0), body)
        }
        if let error { throw error }
        return isRead
    }

    private static func read(
        _ text: UnsafeRawBufferPointer, _ shared: String, _ sharedBytes: UnsafeRawBufferPointer,
        _ body: (inout JSONReader) -> Bool
    ) -> (Bool, JSONSyntaxError?) {
        var reader = unsafe JSONReader(text, shared, sharedBytes)
        return (reader.readWhole(body), reader.error)
    }

    private init(_ text: UnsafeRawBufferPointer, _ shared: String, _ sharedBytes: UnsafeRawBufferPointer) {
        // An empty array may have no bytes to point at; none are looked at then.
        unsafe start = text.baseAddress ?? UnsafeRawPointer(bitPattern: 1)!
        count = text.count
        self.shared = shared
        unsafe self.sharedBytes = sharedBytes.count > 15 ? sharedBytes : UnsafeRawBufferPointer(start: nil, count: 0)
    }

    deinit {
        unsafe unescapedKey?.deallocate()
    }

    private mutating func readWhole(_ body: (inout JSONReader) -> Bool) -> Bool {
        do throws(JSONSyntaxError) {
            offset = try Lexer.begin(text.bytes)
            let start = offset
            let isRead = body(&self)
            if offset == start { skipValue() }
            try Lexer.finish(text.bytes, offset)
            return isRead
        } catch {
            fail(error)
            return false
        }
    }

    /// The whole text.
    @inline(__always)
    var text: UnsafeRawBufferPointer {
        unsafe UnsafeRawBufferPointer(start: start, count: count)
    }

    /// The byte in front of which the reader stands; zero, with which no value begins, at the end.
    @inline(__always)
    var byte: UInt8 {
        offset < count ? Lexer.byte(text.bytes, offset) : 0
    }

    /// Notes the first mistake, and goes to the end.
    mutating func fail(_ error: JSONSyntaxError) {
        if self.error == nil { self.error = error }
        offset = count
        key = MemberKey.none
    }

    /// Goes back to where a value begins that was just read, for somebody who reads it otherwise.
    package mutating func goBack(to offset: Int) {
        if error == nil { self.offset = offset }
    }

    /// The key between two quotes, its escapes undone.
    mutating func unescapedKey(_ range: Range<Int>) -> MemberKey {
        var bytes: [UInt8] = []
        StringDecoding.append(text.bytes, range, to: &bytes)
        unsafe unescapedKey?.deallocate()
        let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: max(bytes.count, 1), alignment: 1)
        unsafe copy.copyBytes(from: bytes)
        unsafe unescapedKey = copy
        return unsafe MemberKey(UnsafeRawPointer(copy.baseAddress!), bytes.count, readable: copy.count)
    }
}

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
