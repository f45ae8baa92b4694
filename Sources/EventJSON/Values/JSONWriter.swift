/// Writes compact JSON into a buffer that is used again and again.
///
/// Commas and colons are the writer's business. It trusts the caller to call a key before each value in an object and to end
/// what was begun. Only what JSON demands is escaped: quotes, backslashes and control characters.
public struct JSONWriter: Sendable {
    /// What was written.
    public private(set) var bytes: [UInt8] = []
    private var needsComma = false

    /// Makes a writer that has written nothing.
    public init() {}

    /// Makes a writer with room for so many bytes: what grows step by step is copied again and again.
    public init(capacity: Int) {
        bytes.reserveCapacity(capacity)
    }

    /// Forgets what was written; with `keepingCapacity` the next text of that length allocates nothing.
    public mutating func removeAll(keepingCapacity: Bool = true) {
        bytes.removeAll(keepingCapacity: keepingCapacity)
        needsComma = false
    }

    /// Ends a line of JSON Lines; the next value begins a text of its own.
    public mutating func endLine() {
        bytes.append(UInt8(ascii: "\n"))
        needsComma = false
    }

    /// Begins an object.
    public mutating func beginObject() { begin(UInt8(ascii: "{")) }

    /// Ends the object that was begun last.
    public mutating func endObject() { end(UInt8(ascii: "}")) }

    /// Begins an array.
    public mutating func beginArray() { begin(UInt8(ascii: "[")) }

    /// Ends the array that was begun last.
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

    /// Writes a comma where one is due before a value.
    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        needsComma = true
    }
}

extension JSONWriter {
    /// Writes the key of the member that comes next.
    public mutating func key(_ key: String) {
        var key = key
        key.withUTF8 { quote(unsafe $0.span.bytes, isKey: true) }
    }

    /// Writes the key of the member that comes next.
    public mutating func key(_ key: StaticString) {
        key.withUTF8Buffer { quote(unsafe $0.span.bytes, isKey: true) }
    }

    /// Writes a string.
    public mutating func string(_ text: String) {
        var text = text
        text.withUTF8 { quote(unsafe $0.span.bytes, isKey: false) }
    }

    /// Writes a string of bytes that are UTF-8, which is not checked.
    public mutating func string(utf8 text: RawSpan) { quote(text, isKey: false) }

    /// Writes a text that is one JSON value, as it is; that it is one is not checked.
    public mutating func raw(json text: RawSpan) {
        separate()
        bytes.append(text)
    }

    /// Writes bytes that are one JSON value, as they are; that they are is not checked.
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

    /// Writes a number in the shortest spelling that reads back as `value`.
    ///
    /// - Precondition: `value` is finite; JSON can say neither infinity nor NaN.
    public mutating func double(_ value: Double) {
        number(JSONNumber(value))
    }

    /// Writes a number as it is spelled.
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

    /// Writes a tree.
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

    /// Writes a text in quotes; most have nothing to escape, and go out in one go.
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

    /// - Parameter firstStop: the offset of the first byte that is not plain.
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

    /// Writes names and values as an object, sorted by name, or nothing when there are none.
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

    /// Writes the value at the writer's place.
    public func write(into writer: inout JSONWriter) {
        writer.value(self)
    }
}
