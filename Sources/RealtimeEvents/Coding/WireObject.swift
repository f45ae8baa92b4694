public import EventJSON

/// A JSON object of the protocol with typed fields, all of them optional.
///
/// One declaration, ``code(_:)``, serves decoding, encoding and ``WireShape``:
///
/// ```swift
/// public struct Conversation: WireObject {
///     public var id: String?
///     public init() {}
///     public mutating func code<C: FieldCoder>(_ coder: inout C) {
///         coder.field("id", &id)
///     }
/// }
/// ```
///
/// Decoding is lenient by construction. An unknown field is skipped; a field that is absent, null or of an odd JSON type
/// is nil, and nothing else is lost by it.
public protocol WireObject: WireValue {
    /// An object whose fields are all nil.
    init()

    /// Passes every field with its name to the coder, which reads or sets it.
    mutating func code<C: FieldCoder>(_ coder: inout C)

    /// Sets the fields from a JSON object where it lies in an event's text; false when the value is not an object.
    mutating func readFields(from reader: inout JSONReader) -> Bool

    /// Writes the fields that are not nil as a JSON object, without the copy that ``WireValue/write(to:)`` has to make; they stay as
    /// they are.
    mutating func writeFields(to writer: inout JSONWriter)
}

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
