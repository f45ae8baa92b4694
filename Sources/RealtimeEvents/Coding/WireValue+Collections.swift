public import EventJSON

extension Array: WireValue where Element: WireValue {
    /// Decodes a JSON array; elements of an odd type are left out.
    public init?(json: JSONValue) {
        guard case .array(let elements) = json else { return nil }
        self = elements.compactMap(Element.init(json:))
    }

    /// Decodes a JSON array; elements of an odd type are left out.
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

    /// An array of the element's form.
    public static var shape: WireShape { .array(Element.shape) }
}

extension Dictionary: WireValue where Key == String, Value: WireValue {
    /// Decodes a JSON object with free keys; entries of an odd type are left out.
    public init?(json: JSONValue) {
        guard case .object(let object) = json else { return nil }
        self = [:]
        for (key, value) in object { self[key] = Value(json: value) }
    }

    /// Decodes a JSON object with free keys; entries of an odd type are left out.
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

    /// A map to the value's form.
    public static var shape: WireShape { .map(Value.shape) }
}
