public import EventJSON

/// A value that a field of the protocol may hold.
public protocol WireValue: Sendable, Hashable {
    /// Decodes a JSON value; nil if it has an unexpected type.
    init?(json: JSONValue)

    /// Decodes a value directly from an event's text. Returns nil if the value has an unexpected type, and then leaves
    /// the reader in front of the value.
    ///
    /// The default implementation parses a `JSONValue` first.
    init?(reading reader: inout JSONReader)

    /// The value as JSON.
    var json: JSONValue { get }

    /// Writes the value as JSON text.
    func write(to writer: inout JSONWriter)

    /// The JSON shape of such values.
    static var shape: WireShape { get }
}

/// The JSON shape that a ``WireValue`` expects.
public indirect enum WireShape: Sendable {
    /// A string; `known` lists the values that the protocol names. Other values are possible unless `isClosed` is true.
    case string(known: [String], isClosed: Bool = false)
    /// A number without a fraction.
    case integer
    /// A number.
    case number
    /// A boolean.
    case boolean
    /// Any JSON value.
    case any
    /// An array of elements of one shape.
    case array(WireShape)
    /// An object with arbitrary keys and values of one shape.
    case map(WireShape)
    /// An object with the fields of a type.
    case object(any WireObject.Type)
    /// One of several shapes.
    case oneOf([WireShape])

    /// A string without known values.
    public static var string: WireShape { .string(known: []) }
}

/// A string with values that the protocol names, as an open set.
///
/// Known values are static members; a value that this version does not know keeps its text.
public protocol WireString: WireValue, RawRepresentable, ExpressibleByStringLiteral, CustomStringConvertible
where RawValue == String {
    /// A value from its text on the wire.
    init(rawValue: String)

    /// The values that the protocol names.
    static var known: [Self] { get }
}

/// A string whose values the router itself writes, so that ``WireString/known`` is complete.
///
/// Decoding still keeps any other text, because a recording may come from a later version.
public protocol ClosedWireString: WireString {}

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
/// Decoding is lenient: it skips unknown fields, and a field that is absent, null or of an unexpected JSON type becomes
/// nil without affecting the others.
public protocol WireObject: WireValue {
    /// An object whose fields are all nil.
    init()

    /// Passes every field with its name to the coder, which reads or sets the field.
    mutating func code<C: FieldCoder>(_ coder: inout C)

    /// Sets the fields directly from a JSON object in an event's text; false if the value is not an object.
    mutating func readFields(from reader: inout JSONReader) -> Bool

    /// Writes the fields that are not nil as a JSON object, without the copy that ``WireValue/write(to:)`` makes. Does
    /// not change the fields.
    mutating func writeFields(to writer: inout JSONWriter)
}

/// Reads or sets the fields that a ``WireObject`` passes to it.
///
/// The conformances are the decoder, the encoders and the type that lists fields. They are in this module, so that the
/// compiler specialises them for its payloads. The reader, which is used most, is also specialised for payloads in
/// other modules.
public protocol FieldCoder {
    /// Reads or sets one field.
    ///
    /// - Parameters:
    ///   - name: The field's name on the wire.
    ///   - value: The field; nil means absent or null.
    mutating func field<Value: WireValue>(_ name: StaticString, _ value: inout Value?)

    /// Reads or sets a field that the payload stores as plain text and whose known values a ``WireString`` lists.
    ///
    /// - Parameters:
    ///   - name: The field's name on the wire.
    ///   - value: The field; nil means absent or null.
    ///   - values: The type that lists the known values.
    mutating func field<Values: WireString>(_ name: StaticString, _ value: inout String?, of values: Values.Type)
}
