/// Writes compact JSON into a reusable buffer.
///
/// The writer adds commas and colons. The caller must write a key before each value in an object, and must end each
/// object and array; the writer does not check this. It escapes only what JSON requires: quotes, backslashes and
/// control characters.
public struct JSONWriter: Sendable {
    /// The bytes written so far.
    public private(set) var bytes: [UInt8] = []
    private var needsComma = false

    /// Creates a writer with an empty buffer.
    public init() {}

    /// Creates a writer whose buffer has capacity for `capacity` bytes, which avoids copies while the buffer grows.
    public init(capacity: Int) {
        bytes.reserveCapacity(capacity)
    }

    /// Empties the buffer. With `keepingCapacity`, writing a text of the same length again allocates nothing.
    public mutating func removeAll(keepingCapacity: Bool = true) {
        bytes.removeAll(keepingCapacity: keepingCapacity)
        needsComma = false
    }

    /// Ends a line of JSON Lines; the next value begins a new JSON text.
    public mutating func endLine() {
        bytes.append(UInt8(ascii: "\n"))
        needsComma = false
    }

    /// Begins an object.
    public mutating func beginObject() { begin(UInt8(ascii: "{")) }

    /// Ends the innermost open object.
    public mutating func endObject() { end(UInt8(ascii: "}")) }

    /// Begins an array.
    public mutating func beginArray() { begin(UInt8(ascii: "[")) }

    /// Ends the innermost open array.
    public mutating func endArray() { end(UInt8(ascii: "]")) }

    private mutating func begin(_ byte: UInt8) {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        bytes.append(byte)
        needsComma = false
    }

    private mutating func end(_ byte: UInt8) {
        bytes.append(byte)
        needsComma = true
    }

    /// Writes a comma if the next value needs one before it.
    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        needsComma = true
    }
}

extension JSONWriter {
    /// Writes the key of the next member.
    public mutating func key(_ key: String) {
        var key = key
        key.withUTF8 { quote(unsafe $0.span.bytes, isKey: true) }
    }

    /// Writes the key of the next member.
    public mutating func key(_ key: StaticString) {
        key.withUTF8Buffer { quote(unsafe $0.span.bytes, isKey: true) }
    }

    /// Writes a string.
    public mutating func string(_ text: String) {
        var text = text
        text.withUTF8 { quote(unsafe $0.span.bytes, isKey: false) }
    }

    /// Writes a string from UTF-8 bytes. The bytes are not checked.
    public mutating func string(utf8 text: RawSpan) { quote(text, isKey: false) }

    /// Writes a JSON value unchanged. The text is not checked.
    public mutating func raw(json text: RawSpan) {
        separate()
        bytes.append(text)
    }

    /// Writes a JSON value unchanged. The bytes are not checked.
    public mutating func raw(json text: [UInt8]) {
        raw(json: text.span.bytes)
    }

    /// Writes a whole number.
    public mutating func int(_ value: Int) {
        separate()
        var rest = value.magnitude
        var power: UInt = 1
        while power <= rest / 10 { power *= 10 }
        bytes.append(addingCapacity: 20) { output in
            if value < 0 { output.append(UInt8(ascii: "-")) }
            while power > 0 {
                output.append(UInt8(ascii: "0") &+ UInt8(rest / power))
                rest %= power
                power /= 10
            }
        }
    }

    /// Writes a number in the shortest spelling that parses to `value`.
    ///
    /// - Precondition: `value` is finite; JSON has no infinity and no NaN.
    public mutating func double(_ value: Double) {
        number(JSONNumber(value))
    }

    /// Writes a number in its own spelling.
    public mutating func number(_ value: JSONNumber) {
        separate()
        bytes.append(contentsOf: value.text.utf8)
    }

    /// Writes `true` or `false`.
    public mutating func bool(_ value: Bool) {
        separate()
        bytes.append(contentsOf: (value ? "true" : "false").utf8)
    }

    /// Writes `null`.
    public mutating func null() {
        separate()
        bytes.append(contentsOf: "null".utf8)
    }

    /// Writes any JSON value.
    public mutating func value(_ value: JSONValue) {
        switch value {
        case .null: null()
        case .bool(let value): bool(value)
        case .number(let value): number(value)
        case .string(let value): string(value)
        case .array(let elements):
            beginArray()
            for element in elements { self.value(element) }
            endArray()
        case .object(let members):
            beginObject()
            for member in members {
                key(member.key)
                self.value(member.value)
            }
            endObject()
        }
    }

    /// Writes a text in quotes. Most texts need no escapes and are appended as a whole.
    private mutating func quote(_ text: RawSpan, isKey: Bool) {
        let firstStop = Lexer.plainEnd(text, 0)
        if firstStop < text.byteCount {
            separate()
            quote(text, firstStop: firstStop)
            if isKey { bytes.append(UInt8(ascii: ":")) }
        } else {
            let needsComma = needsComma
            bytes.append(addingCapacity: text.byteCount + 4) { output in
                if needsComma { output.append(UInt8(ascii: ",")) }
                output.append(UInt8(ascii: "\""))
                output.append(text)
                output.append(UInt8(ascii: "\""))
                if isKey { output.append(UInt8(ascii: ":")) }
            }
        }
        needsComma = !isKey
    }

    /// Writes a text that needs escapes.
    ///
    /// - Parameter firstStop: The offset of the first byte that may need an escape.
    private mutating func quote(_ text: RawSpan, firstStop: Int) {
        bytes.append(UInt8(ascii: "\""))
        var run = 0
        var offset = firstStop
        while offset < text.byteCount {
            let byte = Lexer.byte(text, offset)
            if byte < 0x80 {
                bytes.append(text.extracting(run..<offset))
                escape(byte)
                run = offset + 1
            }
            offset = Lexer.plainEnd(text, offset + 1)
        }
        bytes.append(text.extracting(run...))
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func escape(_ byte: UInt8) {
        bytes.append(UInt8(ascii: "\\"))
        switch byte {
        case 0x08: bytes.append(UInt8(ascii: "b"))
        case 0x09: bytes.append(UInt8(ascii: "t"))
        case 0x0A: bytes.append(UInt8(ascii: "n"))
        case 0x0C: bytes.append(UInt8(ascii: "f"))
        case 0x0D: bytes.append(UInt8(ascii: "r"))
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes.append(byte)
        default:
            bytes.append(contentsOf: "u00".utf8)
            for digit in [byte >> 4, byte & 0xF] {
                bytes.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
            }
        }
    }
}

extension JSONWriter {
    /// Writes a member, or nothing when the value is unknown.
    public mutating func field(_ name: StaticString, _ value: String?) {
        guard let value else { return }
        key(name)
        string(value)
    }

    /// Writes a member, or nothing when the value is unknown.
    public mutating func field(_ name: StaticString, _ value: Int?) {
        guard let value else { return }
        key(name)
        int(value)
    }

    /// Writes a member, or nothing when the value is unknown.
    public mutating func field(_ name: StaticString, _ value: Double?) {
        guard let value else { return }
        key(name)
        double(value)
    }

    /// Writes a member, or nothing when the value is unknown.
    public mutating func field(_ name: StaticString, _ value: JSONValue?) {
        guard let value else { return }
        key(name)
        self.value(value)
    }

    /// Writes names and values as an object, sorted by name; writes nothing if there are none.
    public mutating func field(_ name: StaticString, _ labels: [String: String]?) {
        guard let labels, !labels.isEmpty else { return }
        key(name)
        beginObject()
        for (label, value) in labels.sorted(by: { $0.key < $1.key }) {
            key(label)
            string(value)
        }
        endObject()
    }
}

extension JSONValue: CustomStringConvertible {
    /// The value as compact JSON.
    public var description: String {
        var writer = JSONWriter()
        writer.value(self)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    /// Writes the value with `writer`.
    public func write(into writer: inout JSONWriter) {
        writer.value(self)
    }
}
