extension JSONReader {
    /// Whether the value is null.
    @inlinable @inline(__always)
    public var isNull: Bool {
        unsafe offset < count && start.load(fromByteOffset: offset, as: UInt8.self) == UInt8(ascii: "n")
    }

    /// Reads a string and decodes its escapes.
    public mutating func string() -> String? {
        guard byte == UInt8(ascii: "\"") else { return nil }
        let first = offset &+ 1
        let end = Lexer.plainEnd(text.bytes, first)
        guard end < count, Lexer.byte(text.bytes, end) == UInt8(ascii: "\"") else { return generalString(first) }
        offset = end &+ 1
        let (bytes, length) = unsafe (start + first, end &- first)
        if length == sharedBytes.count, length > 0, unsafe Lexer.isEqual(bytes, sharedBytes.baseAddress!, length) {
            return shared
        }
        return unsafe Self.ascii(bytes, length)
    }

    /// Reads a whole number in any spelling; returns nil if it does not fit an `Int`.
    public mutating func int() -> Int? {
        let start = offset
        var value = 0
        var end = start
        // 18 digits always fit.
        while end < count, end &- start < 18 {
            let digit = Lexer.byte(text.bytes, end) &- UInt8(ascii: "0")
            if digit > 9 { break }
            value = value &* 10 &+ Int(digit)
            end &+= 1
        }
        // A leading zero is an error, and a number that continues otherwise is read in general form.
        if end > start, end < count, end &- start == 1 || byte != UInt8(ascii: "0"),
            Lexer.byte(text.bytes, end) == UInt8(ascii: ",") || Lexer.byte(text.bytes, end) == UInt8(ascii: "}")
        {
            offset = end
            return value
        }
        return number { DecimalValue.int($0, $1) }
    }

    /// Reads a number as the nearest double. A number beyond the greatest finite double counts as a value of another
    /// type.
    public mutating func double() -> Double? {
        number { DecimalValue.double($0, $1) }
    }

    /// Reads `true` or `false`.
    public mutating func bool() -> Bool? {
        let isTrue = byte == UInt8(ascii: "t")
        guard isTrue || byte == UInt8(ascii: "f") else { return nil }
        skipValue()
        return isTrue
    }

    /// Reads any value as a tree; returns nil only after a syntax error.
    public mutating func json() -> JSONValue? {
        if let text = string() { return .string(text) }
        let start = offset
        skipValue()
        // `skipValue()` has checked the text.
        return try? JSONValue(parsing: text.bytes.extracting(min(start, offset)..<offset))
    }

    /// Moves after a value of any kind.
    public mutating func skipValue() {
        do throws(JSONSyntaxError) {
            offset = try Lexer.value(text.bytes, Lexer.next(text.bytes, offset), depth)
        } catch {
            fail(error)
        }
    }

    private mutating func number<Value>(_ value: (RawSpan, Range<Int>) -> Value?) -> Value? {
        guard byte == UInt8(ascii: "-") || byte &- UInt8(ascii: "0") <= 9 else { return nil }
        do throws(JSONSyntaxError) {
            let end = try Lexer.number(text.bytes, offset)
            guard let value = value(text.bytes, offset..<end) else { return nil }
            offset = end
            return value
        } catch {
            fail(error)
            return nil
        }
    }

    /// Reads a string that has escapes, is not ASCII, or is invalid.
    private mutating func generalString(_ start: Int) -> String? {
        do throws(JSONSyntaxError) {
            var hasEscapes = false
            let end = try Lexer.string(text.bytes, start, &hasEscapes)
            offset = end &+ 1
            guard hasEscapes else { return unsafe String(decoding: text[start..<end], as: UTF8.self) }
            var bytes: [UInt8] = []
            StringDecoding.append(text.bytes, start..<end, to: &bytes)
            return String(decoding: bytes, as: UTF8.self)
        } catch {
            fail(error)
            return nil
        }
    }

    /// A string from bytes that are known to be ASCII, without checking them again.
    @inline(__always)
    private static func ascii(_ start: UnsafeRawPointer, _ count: Int) -> String {
        let bytes = unsafe UnsafeBufferPointer(start: start.assumingMemoryBound(to: UInt8.self), count: count)
        guard #available(macOS 26, iOS 26, watchOS 26, tvOS 26, visionOS 26, *) else {
            return unsafe String(decoding: bytes, as: UTF8.self)
        }
        return unsafe String(copying: UTF8Span(unchecked: bytes.span, isKnownASCII: true))
    }
}
