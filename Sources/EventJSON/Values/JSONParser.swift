extension JSONValue {
    /// Reads a text that is one JSON value, with nothing but blanks around it.
    ///
    /// As strict as RFC 8259: UTF-8, escapes, numbers and control characters are checked, a byte order mark is refused, and
    /// so is nesting beyond 512. A surrogate without its other half becomes U+FFFD.
    public init(parsing text: RawSpan) throws(JSONSyntaxError) {
        var builder = ValueBuilder()
        self = try builder.build(text)
    }

    /// Reads bytes that are one JSON value.
    public init(parsing bytes: [UInt8]) throws(JSONSyntaxError) {
        try self.init(parsing: bytes.span.bytes)
    }

    /// Reads a string that is one JSON value.
    public init(parsing text: String) throws(JSONSyntaxError) {
        try self.init(parsing: Array(text.utf8))
    }
}

/// Builds a tree without recursion, so that no depth of nesting can exhaust a small thread's stack.
private struct ValueBuilder {
    /// An object or array that is still open.
    private struct Container {
        var isObject: Bool
        /// Where its elements begin in `values`.
        var values: Int
        /// Where its keys begin in `keys`.
        var keys: Int
    }

    private var open: [Container] = []
    private var values: [JSONValue] = []
    private var keys: [String] = []
    private var decoded: [UInt8] = []

    /// With room for what most events have.
    init() {
        open.reserveCapacity(8)
        values.reserveCapacity(32)
        keys.reserveCapacity(32)
    }

    mutating func build(_ text: RawSpan) throws(JSONSyntaxError) -> JSONValue {
        var offset = try Lexer.begin(text)
        repeat {
            offset = try readValue(text, offset)
            // A value is complete: so may be the containers that it was the last of.
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

    /// Whether a container that was just opened is closed at once.
    private func isEmpty(_ container: Container, _ text: RawSpan, _ offset: Int) -> Bool {
        guard keys.count == container.keys, offset < text.byteCount else { return false }
        return Lexer.byte(text, offset) == (container.isObject ? UInt8(ascii: "}") : UInt8(ascii: "]"))
    }

    /// Reads a scalar, or opens a container and goes to its first value or its end.
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
        // No slice of the list is alive here: it would be copied whole for every container that closes.
        values.removeSubrange(container.values...)
        values.append(value)
    }

    private func object(of container: Container) -> JSONValue {
        var object = JSONObject()
        object.reserveCapacity(values.count - container.values)
        for (key, value) in zip(keys[container.keys...], values[container.values...]) { object.append(key, value) }
        return .object(object)
    }

    /// Reads a key and its colon, and goes to the value.
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

    /// Reads a string from behind its opening quote; leaves `offset` behind its closing one.
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
