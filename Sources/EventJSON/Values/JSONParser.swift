extension JSONValue {
    /// Parses a text that is one JSON value, optionally with whitespace around it.
    ///
    /// Parsing is as strict as RFC 8259: it checks UTF-8, escapes, numbers and control characters, and rejects a byte
    /// order mark and nesting deeper than 512. A surrogate without its other half becomes U+FFFD.
    public init(parsing text: RawSpan) throws(JSONSyntaxError) {
        var builder = JSONParser()
        self = try builder.build(text)
    }

    /// Parses bytes that are one JSON value.
    public init(parsing bytes: [UInt8]) throws(JSONSyntaxError) {
        try self.init(parsing: bytes.span.bytes)
    }

    /// Parses a string that is one JSON value.
    public init(parsing text: String) throws(JSONSyntaxError) {
        try self.init(parsing: Array(text.utf8))
    }
}

/// Builds a tree without recursion, so that deep nesting cannot exhaust the small stack of a thread.
private struct JSONParser {
    /// An object or array that is still open.
    private struct Container {
        var isObject: Bool
        /// The index in `values` at which the container's elements begin.
        var values: Int
        /// The index in `keys` at which the container's keys begin.
        var keys: Int
    }

    private var open: [Container] = []
    private var values: [JSONValue] = []
    private var keys: [String] = []
    private var decoded: [UInt8] = []

    /// Reserves the capacity that most events need.
    init() {
        open.reserveCapacity(8)
        values.reserveCapacity(32)
        keys.reserveCapacity(32)
    }

    mutating func build(_ text: RawSpan) throws(JSONSyntaxError) -> JSONValue {
        var offset = try Lexer.begin(text)
        repeat {
            offset = try readValue(text, offset)
            // A value is complete. It may complete its container, which may in turn complete the container around it.
            while let container = open.last, values.count > container.values || isEmpty(container, text, offset) {
                offset = try Lexer.next(text, offset)
                let byte = Lexer.byte(text, offset)
                if byte == UInt8(ascii: ","), values.count > container.values {
                    offset = try Lexer.next(text, offset + 1)
                    if container.isObject { offset = try readKey(text, offset) }
                    break
                }
                guard byte == (container.isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) else {
                    throw JSONSyntaxError(
                        container.isObject ? .expectedCommaOrBrace : .expectedCommaOrBracket, at: offset)
                }
                offset += 1
                close()
            }
        } while !open.isEmpty
        try Lexer.finish(text, offset)
        return values[0]
    }

    /// Whether the next byte closes a container that has no members or elements.
    private func isEmpty(_ container: Container, _ text: RawSpan, _ offset: Int) -> Bool {
        guard keys.count == container.keys, offset < text.byteCount else { return false }
        return Lexer.byte(text, offset) == (container.isObject ? UInt8(ascii: "}") : UInt8(ascii: "]"))
    }

    /// Reads a scalar, or opens a container and moves to its first value or its end.
    private mutating func readValue(_ text: RawSpan, _ start: Int) throws(JSONSyntaxError) -> Int {
        switch Lexer.byte(text, start) {
        case UInt8(ascii: "\""):
            var offset = start + 1
            values.append(.string(try readString(text, &offset)))
            return offset
        case UInt8(ascii: "{"): return try openContainer(text, start, isObject: true)
        case UInt8(ascii: "["): return try openContainer(text, start, isObject: false)
        case UInt8(ascii: "t"): return try readLiteral(text, start, "rue", .bool(true))
        case UInt8(ascii: "f"): return try readLiteral(text, start, "alse", .bool(false))
        case UInt8(ascii: "n"): return try readLiteral(text, start, "ull", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            let end = try Lexer.number(text, start)
            values.append(.number(JSONNumber(unchecked: Self.string(text, start..<end))))
            return end
        default: throw JSONSyntaxError(.expectedValue, at: start)
        }
    }

    private mutating func openContainer(
        _ text: RawSpan, _ start: Int, isObject: Bool
    ) throws(JSONSyntaxError) -> Int {
        guard open.count < Lexer.depthLimit else { throw JSONSyntaxError(.tooDeep, at: start) }
        open.append(Container(isObject: isObject, values: values.count, keys: keys.count))
        let offset = try Lexer.next(text, start + 1)
        let end = isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")
        if Lexer.byte(text, offset) == end { return offset }
        return isObject ? try readKey(text, offset) : offset
    }

    private mutating func close() {
        let container = open.removeLast()
        let value = container.isObject ? object(of: container) : JSONValue.array(Array(values[container.values...]))
        if container.isObject { keys.removeSubrange(container.keys...) }
        // `values` must not be shared here, or removal would copy it.
        values.removeSubrange(container.values...)
        values.append(value)
    }

    private func object(of container: Container) -> JSONValue {
        var object = JSONObject()
        object.reserveCapacity(values.count - container.values)
        for (key, value) in zip(keys[container.keys...], values[container.values...]) { object.append(key, value) }
        return .object(object)
    }

    /// Reads a key and its colon, and returns the offset of the value.
    private mutating func readKey(_ text: RawSpan, _ start: Int) throws(JSONSyntaxError) -> Int {
        guard Lexer.byte(text, start) == UInt8(ascii: "\"") else { throw JSONSyntaxError(.expectedKey, at: start) }
        var offset = start + 1
        keys.append(try readString(text, &offset))
        return try Lexer.colon(text, offset)
    }

    private mutating func readLiteral(
        _ text: RawSpan, _ start: Int, _ rest: StaticString, _ value: JSONValue
    ) throws(JSONSyntaxError) -> Int {
        let end = try Lexer.literal(text, start, rest)
        values.append(value)
        return end
    }

    /// Reads a string from the byte after its opening quote, and moves `offset` to the byte after its closing quote.
    private mutating func readString(_ text: RawSpan, _ offset: inout Int) throws(JSONSyntaxError) -> String {
        let start = offset
        var hasEscapes = false
        let end = try Lexer.string(text, start, &hasEscapes)
        offset = end + 1
        guard hasEscapes else { return Self.string(text, start..<end) }
        decoded.removeAll(keepingCapacity: true)
        StringDecoding.append(text, start..<end, to: &decoded)
        return String(decoding: decoded, as: UTF8.self)
    }

    private static func string(_ text: RawSpan, _ range: Range<Int>) -> String {
        unsafe text.extracting(range).withUnsafeBytes { unsafe String(decoding: $0, as: UTF8.self) }
    }
}
