public import EventJSON

extension FieldCoder {
    /// Reads or sets the field as any other text.
    @inlinable @inline(__always)
    public mutating func field<Values: WireString>(
        _ name: StaticString, _ value: inout String?, of values: Values.Type
    ) {
        field(name, &value)
    }
}

/// Sets fields from a JSON object.
struct FieldDecoder: FieldCoder {
    private let object: JSONObject

    init(_ object: JSONObject) {
        self.object = object
    }

    mutating func field<Value: WireValue>(_ name: StaticString, _ value: inout Value?) {
        guard let json = object[name.description], json != .null else {
            value = nil
            return
        }
        value = Value(json: json)
    }
}

/// Sets a field from the member of an event's text that a reader stands at.
@usableFromInline
struct FieldReader: FieldCoder {
    @usableFromInline let reader: UnsafeMutablePointer<JSONReader>

    @inlinable
    init(_ reader: UnsafeMutablePointer<JSONReader>) {
        unsafe self.reader = reader
    }

    @inlinable @inline(__always)
    mutating func field<Value: WireValue>(_ name: StaticString, _ value: inout Value?) {
        if unsafe reader.pointee.isAt(name) { value = unsafe reader.pointee.readMember() }
    }
}

extension JSONReader {
    @inlinable
    mutating func readMember<Value: WireValue>() -> Value? {
        let start = offset
        let value = isNull ? nil : Value(reading: &self)
        endMember(from: start)
        return value
    }
}

/// Collects fields in a JSON object.
struct FieldEncoder: FieldCoder {
    private(set) var object: JSONObject = [:]

    mutating func field<Value: WireValue>(_ name: StaticString, _ value: inout Value?) {
        guard let value else { return }
        object.append(name.description, value.json)
    }
}

/// Writes fields as JSON text, without a tree of values in between.
struct FieldWriter: FieldCoder {
    var writer = JSONWriter()

    mutating func field<Value: WireValue>(_ name: StaticString, _ value: inout Value?) {
        guard let value else { return }
        writer.key(name)
        value.write(to: &writer)
    }
}

/// Lists fields, whatever their values are.
struct FieldShapeCoder: FieldCoder {
    private(set) var fields: [(name: String, shape: WireShape)] = []

    mutating func field<Value: WireValue>(_ name: StaticString, _ value: inout Value?) {
        fields.append((name.description, Value.shape))
    }

    mutating func field<Values: WireString>(_ name: StaticString, _ value: inout String?, of values: Values.Type) {
        fields.append((name.description, Values.shape))
    }
}
