public import EventJSON

extension WireObject {
    /// Decodes the fields of a JSON object; nil when the value is not an object.
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

    /// Decodes the fields of a JSON object where it lies in an event's text; nil when the value is not an object.
    @inlinable
    public init?(reading reader: inout JSONReader) {
        self.init()
        guard readFields(from: &reader) else { return nil }
    }

    /// Sets the fields from a JSON object where it lies in an event's text; false when the value is not an object.
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

    /// Writes the fields that are not nil as a JSON object; they stay as they are.
    public mutating func writeFields(to writer: inout JSONWriter) {
        writer.beginObject()
        var encoder = FieldWriter()
        swap(&encoder.writer, &writer)  // moved, because a shared buffer would be copied on the first write
        code(&encoder)
        swap(&encoder.writer, &writer)
        writer.endObject()
    }

    /// `.object`, with the type whose ``fieldShapes`` say more.
    public static var shape: WireShape { .object(Self.self) }

    /// The names and JSON forms of all fields, in the order of ``code(_:)``.
    public static var fieldShapes: [(name: String, shape: WireShape)] {
        var coder = FieldShapeCoder()
        var object = Self()
        object.code(&coder)
        return coder.fields
    }
}
