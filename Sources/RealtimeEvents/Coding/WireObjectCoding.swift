public import EventJSON

extension WireObject {
    /// Decodes the fields of a JSON object; nil if the value is not an object.
    public init?(json: JSONValue) {
        guard case .object(let object) = json else { return nil }
        self.init(object)
    }

    /// Decodes the fields of a JSON object.
    public init(_ object: JSONObject) {
        self.init()
        var decoder = FieldDecoder(object)
        code(&decoder)
    }

    /// Decodes the fields directly from a JSON object in an event's text; nil if the value is not an object.
    @inlinable
    public init?(reading reader: inout JSONReader) {
        self.init()
        guard readFields(from: &reader) else { return nil }
    }

    /// Sets the fields directly from a JSON object in an event's text; false if the value is not an object.
    @inlinable
    public mutating func readFields(from reader: inout JSONReader) -> Bool {
        reader.readMembers { reader in
            unsafe withUnsafeMutablePointer(to: &reader) { reader in
                var fields = unsafe FieldReader(reader)
                code(&fields)
            }
        }
    }

    /// The fields that are not nil, as a JSON object.
    public var json: JSONValue {
        var encoder = FieldEncoder()
        var copy = self
        copy.code(&encoder)
        return .object(encoder.object)
    }

    /// Writes the fields that are not nil as a JSON object.
    public func write(to writer: inout JSONWriter) {
        var copy = self
        copy.writeFields(to: &writer)
    }

    /// Writes the fields that are not nil as a JSON object. Does not change them.
    public mutating func writeFields(to writer: inout JSONWriter) {
        writer.beginObject()
        var encoder = FieldWriter()
        swap(&encoder.writer, &writer)  // moved, because a shared buffer would be copied on the first write
        code(&encoder)
        swap(&encoder.writer, &writer)
        writer.endObject()
    }

    /// `.object` with this type, whose ``fieldShapes`` describe the fields.
    public static var shape: WireShape { .object(Self.self) }

    /// The names and JSON shapes of all fields, in the order of ``code(_:)``.
    public static var fieldShapes: [(name: String, shape: WireShape)] {
        var coder = FieldShapeCoder()
        var object = Self()
        object.code(&coder)
        return coder.fields
    }
}

extension FieldCoder {
    /// Reads or sets the field like any other text.
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

/// Sets the field whose member in an event's text the reader has reached.
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

/// Writes fields directly as JSON text, without building a `JSONValue`.
struct FieldWriter: FieldCoder {
    var writer = JSONWriter()

    mutating func field<Value: WireValue>(_ name: StaticString, _ value: inout Value?) {
        guard let value else { return }
        writer.key(name)
        value.write(to: &writer)
    }
}

/// Lists the names and shapes of fields.
struct FieldShapeCoder: FieldCoder {
    private(set) var fields: [(name: String, shape: WireShape)] = []

    mutating func field<Value: WireValue>(_ name: StaticString, _ value: inout Value?) {
        fields.append((name.description, Value.shape))
    }

    mutating func field<Values: WireString>(_ name: StaticString, _ value: inout String?, of values: Values.Type) {
        fields.append((name.description, Values.shape))
    }
}
