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
