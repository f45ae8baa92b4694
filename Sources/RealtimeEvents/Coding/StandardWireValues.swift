public import EventJSON

extension WireValue {
    /// Parses a `JSONValue` and decodes it.
    public init?(reading reader: inout JSONReader) {
        let start = reader.offset
        guard let json = reader.json() else { return nil }
        guard let value = Self(json: json) else {
            reader.goBack(to: start)
            return nil
        }
        self = value
    }

    /// Writes ``json``.
    public func write(to writer: inout JSONWriter) {
        writer.value(json)
    }

    /// The value as compact JSON text in UTF-8.
    public var jsonBytes: [UInt8] {
        var writer = JSONWriter(capacity: 512)
        write(to: &writer)
        return writer.bytes
    }
}

extension String: WireValue {
    /// Decodes a JSON string.
    public init?(json: JSONValue) {
        guard case .string(let text) = json else { return nil }
        self = text
    }

    /// Decodes a JSON string.
    public init?(reading reader: inout JSONReader) {
        guard let value = reader.string() else { return nil }
        self = value
    }

    /// The text as a JSON string.
    public var json: JSONValue { .string(self) }

    /// Writes the text as a JSON string.
    public func write(to writer: inout JSONWriter) { writer.string(self) }

    /// A string.
    public static var shape: WireShape { .string }
}

extension Int: WireValue {
    /// Decodes a JSON number that is an integer, such as `5` or `5.0`.
    public init?(json: JSONValue) {
        guard case .number(let number) = json, let value = number.int else { return nil }
        self = value
    }

    /// Decodes a JSON number that is an integer, such as `5` or `5.0`.
    public init?(reading reader: inout JSONReader) {
        guard let value = reader.int() else { return nil }
        self = value
    }

    /// The integer as a JSON number.
    public var json: JSONValue { .number(JSONNumber(self)) }

    /// Writes the integer as a JSON number.
    public func write(to writer: inout JSONWriter) { writer.int(self) }

    /// An integer.
    public static var shape: WireShape { .integer }
}

extension Double: WireValue {
    /// Decodes a JSON number.
    public init?(json: JSONValue) {
        guard case .number(let number) = json, let value = number.double else { return nil }
        self = value
    }

    /// Decodes a JSON number.
    public init?(reading reader: inout JSONReader) {
        guard let value = reader.double() else { return nil }
        self = value
    }

    /// The number as a JSON number; null if it is not finite.
    public var json: JSONValue { isFinite ? .number(JSONNumber(self)) : .null }

    /// A number.
    public static var shape: WireShape { .number }
}

extension Bool: WireValue {
    /// Decodes a JSON boolean.
    public init?(json: JSONValue) {
        guard case .bool(let value) = json else { return nil }
        self = value
    }

    /// Decodes a JSON boolean.
    public init?(reading reader: inout JSONReader) {
        guard let value = reader.bool() else { return nil }
        self = value
    }

    /// The value as a JSON boolean.
    public var json: JSONValue { .bool(self) }

    /// Writes the value as a JSON boolean.
    public func write(to writer: inout JSONWriter) { writer.bool(self) }

    /// A boolean.
    public static var shape: WireShape { .boolean }
}

extension JSONValue: WireValue {
    /// Accepts any JSON value.
    public init?(json: JSONValue) {
        self = json
    }

    /// The value itself.
    public var json: JSONValue { self }

    /// Writes the value unchanged.
    public func write(to writer: inout JSONWriter) {
        writer.value(self)
    }

    /// Any JSON value.
    public static var shape: WireShape { .any }
}

extension Array: WireValue where Element: WireValue {
    /// Decodes a JSON array; leaves out elements of an unexpected type.
    public init?(json: JSONValue) {
        guard case .array(let elements) = json else { return nil }
        self = elements.compactMap(Element.init(json:))
    }

    /// Decodes a JSON array; leaves out elements of an unexpected type.
    @inlinable
    public init?(reading reader: inout JSONReader) {
        self = []
        guard reader.forEachElement({ if let element = Element(reading: &$0) { append(element) } }) else { return nil }
    }

    /// The elements as a JSON array.
    public var json: JSONValue { .array(map(\.json)) }

    /// Writes the elements as a JSON array.
    public func write(to writer: inout JSONWriter) {
        writer.beginArray()
        for element in self { element.write(to: &writer) }
        writer.endArray()
    }

    /// An array of the element's shape.
    public static var shape: WireShape { .array(Element.shape) }
}

extension Dictionary: WireValue where Key == String, Value: WireValue {
    /// Decodes a JSON object with arbitrary keys; leaves out entries of an unexpected type.
    public init?(json: JSONValue) {
        guard case .object(let object) = json else { return nil }
        self = [:]
        for (key, value) in object { self[key] = Value(json: value) }
    }

    /// Decodes a JSON object with arbitrary keys; leaves out entries of an unexpected type.
    public init?(reading reader: inout JSONReader) {
        self = [:]
        guard reader.forEachMember({ self[$0] = Value(reading: &$1) }) else { return nil }
    }

    /// The entries as a JSON object, sorted by key.
    public var json: JSONValue {
        var object: JSONObject = [:]
        for (key, value) in sorted(by: { $0.key < $1.key }) { object.append(key, value.json) }
        return .object(object)
    }

    /// A map to the value's shape.
    public static var shape: WireShape { .map(Value.shape) }
}
