/// Reads one JSON text in a single pass, for callers that know which fields to expect.
///
/// Typed payloads are decoded with it. The reader checks the text as strictly as ``JSONValue`` does, and creates
/// nothing for the parts that no caller reads. The reader is always at the start of a value. A method that reads a
/// value moves past it. If the value has another type, the method leaves the reader where it is, and returns nil or
/// false.
///
/// After a syntax error, every method returns nil or false, and `read(_:sharing:_:)` throws the error at the end.
///
/// The reader is valid only while the closure that receives it runs, because it points to the text's bytes. No other
/// code can create or copy a reader.
public struct JSONReader: ~Copyable {
    @usableFromInline let start: UnsafeRawPointer
    @usableFromInline let count: Int
    /// The reader's offset.
    public internal(set) var offset = 0
    /// The key of the current member.
    @usableFromInline var key = MemberKey.none
    /// The number of open objects and arrays.
    var depth = 0
    /// A string that the text probably contains. The reader returns it instead of a new copy.
    let shared: String
    /// The bytes of `shared`. Empty if it is short, because a new short string needs no allocation.
    let sharedBytes: UnsafeRawBufferPointer
    private var error: JSONSyntaxError?
    /// The decoded form of the last key with escapes.
    private var unescapedKey: UnsafeMutableRawBufferPointer?

    /// Reads bytes that are one JSON value.
    ///
    /// - Parameters:
    ///   - shared: A string that the bytes probably contain. The reader returns it instead of a new copy.
    ///   - body: Reads the value; returns false if it cannot.
    /// - Returns: The result of `body`.
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
        // An empty array may have no base address. The reader loads no bytes in that case.
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

    /// The byte at the reader's offset. At the end it is zero, with which no value begins.
    @inline(__always)
    var byte: UInt8 {
        offset < count ? Lexer.byte(text.bytes, offset) : 0
    }

    /// Records the first syntax error, and moves to the end.
    mutating func fail(_ error: JSONSyntaxError) {
        if self.error == nil { self.error = error }
        offset = count
        key = MemberKey.none
    }

    /// Moves back to the start of a value that was just read, so that it can be read as another type.
    package mutating func goBack(to offset: Int) {
        if error == nil { self.offset = offset }
    }

    /// The key between two quotes, with its escapes decoded.
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
    /// Reads the members of an object; returns false if the value is not an object.
    ///
    /// `body` compares the current member's key with the names that it knows by ``isAt(_:)``, reads the value of a
    /// member that matches, and ends that member with ``endMember(from:)``. The reader calls `body` until no member is
    /// left: once, if the members come in the order of the comparisons. It skips a member that `body` does not read.
    public mutating func readMembers(_ body: (inout JSONReader) -> Void) -> Bool {
        guard byte == UInt8(ascii: "{") else { return false }
        if depth < Lexer.depthLimit, advanceToCompactMember() {
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

    /// Whether the current member's key is `name`.
    @inlinable @inline(__always)
    public func isAt(_ name: StaticString) -> Bool {
        key.isEqual(to: name)
    }

    /// Ends the member whose value began at `start`, and moves to the next one. Skips the value if it was not read.
    public mutating func endMember(from start: Int) {
        if offset == start { skipValue() }
        if byte == UInt8(ascii: ","), advanceToCompactMember() { return }
        if advance(UInt8(ascii: "}"), .expectedCommaOrBrace) { readKey() } else { key = MemberKey.none }
    }

    /// Moves to the next member, after a comma or a brace, if there is no whitespace and the key is short and without
    /// escapes.
    @inline(__always)
    private mutating func advanceToCompactMember() -> Bool {
        let text = text.bytes
        let first = offset &+ 2
        guard first &+ 18 < count, Lexer.byte(text, offset &+ 1) == UInt8(ascii: "\"") else { return false }
        let end = first &+ Lexer.stops(text, first).trailingZeroBitCount &>> 2
        guard Lexer.load16(text, end) == Lexer.quoteColon, Lexer.byte(text, end &+ 2) > 0x20 else { return false }
        key = unsafe MemberKey(start + first, end &- first, readable: 18)
        offset = end &+ 2
        return true
    }

    /// Calls `body` for every member of an object in order, including members with repeated keys. Skips a value that
    /// `body` does not read. Returns false if the value is not an object.
    public mutating func forEachMember(_ body: (String, inout JSONReader) -> Void) -> Bool {
        readMembers { reader in
            let (key, start) = (reader.key, reader.offset)
            body(String(decoding: UnsafeRawBufferPointer(start: key.start, count: key.count), as: UTF8.self), &reader)
            reader.endMember(from: start)
        }
    }

    /// Calls `body` for every element of an array in order. Skips an element that `body` does not read. Returns false
    /// if the value is not an array.
    public mutating func forEachElement(_ body: (inout JSONReader) -> Void) -> Bool {
        guard var hasElement = open(UInt8(ascii: "[")) else { return false }
        while hasElement {
            let start = offset
            body(&self)
            if offset == start { skipValue() }
            hasElement = advance(UInt8(ascii: "]"), .expectedCommaOrBracket)
        }
        return true
    }

    /// Enters an object or array; returns whether it has members or elements, or nil if the value is something else.
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

    /// Moves to the next member or element and returns true, or leaves the object or array and returns false.
    private mutating func advance(_ closing: UInt8, _ reason: JSONSyntaxError.Reason) -> Bool {
        do throws(JSONSyntaxError) {
            offset = try Lexer.next(text.bytes, offset)
            let byte = Lexer.byte(text.bytes, offset)
            if byte == UInt8(ascii: ",") {
                offset = try Lexer.next(text.bytes, offset &+ 1)
                return true
            }
            guard byte == closing else { throw JSONSyntaxError(reason, at: offset) }
            offset &+= 1
            depth &-= 1
        } catch {
            fail(error)
        }
        return false
    }

    /// Reads a key and its colon, and moves to the value.
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
