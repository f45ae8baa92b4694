public import EventJSON

/// A value that a field of the protocol may hold.
public protocol WireValue: Sendable, Hashable {
    /// Decodes a JSON value; nil when it has an odd type.
    init?(json: JSONValue)

    /// Decodes a value where it lies in an event's text; nil when it has an odd type, and then the reader still stands in front of it.
    ///
    /// The default makes a tree of it first.
    init?(reading reader: inout JSONReader)

    /// The value as JSON.
    var json: JSONValue { get }

    /// Writes the value as JSON text.
    func write(to writer: inout JSONWriter)

    /// The JSON form of such values.
    static var shape: WireShape { get }
}

/// The JSON form that a ``WireValue`` expects.
public indirect enum WireShape: Sendable {
    /// A string; `known` lists the values that the protocol names. Others are possible, unless the set is closed.
    case string(known: [String], isClosed: Bool = false)
    /// A number without a fraction.
    case integer
    /// A number.
    case number
    /// A boolean.
    case boolean
    /// Any JSON value.
    case any
    /// An array of elements of one form.
    case array(WireShape)
    /// An object with free keys and values of one form.
    case map(WireShape)
    /// An object with the fields of a type.
    case object(any WireObject.Type)
    /// One of several forms.
    case oneOf([WireShape])

    /// A string without listed values.
    public static var string: WireShape { .string(known: []) }
}

/// A string with values that the protocol names, and room for any other: an open set.
///
/// Known values are static members; a value that this version does not know keeps its text.
public protocol WireString: WireValue, RawRepresentable, ExpressibleByStringLiteral, CustomStringConvertible
where RawValue == String {
    /// A value from its text on the wire.
    init(rawValue: String)

    /// The values that the protocol names.
    static var known: [Self] { get }
}

/// A string whose values the router itself writes, so that ``WireString/known`` has all of them.
///
/// Decoding keeps any other text all the same: a recording may come from a later version.
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

/// What a ``WireObject`` passes its fields to.
///
/// The decoder, the encoders and the listing of fields are its conformances. They live in this module, so that the
/// compiler specialises them for every payload; the reader, which is met most, for those of other modules too.
public protocol FieldCoder {
    /// Reads or sets one field.
    ///
    /// - Parameters:
    ///   - name: The field's name on the wire.
    ///   - value: The field; nil is absent or null.
    mutating func field<Value: WireValue>(_ name: StaticString, _ value: inout Value?)

    /// Reads or sets a field that the payload keeps as plain text, and whose known values a ``WireString`` names.
    ///
    /// - Parameters:
    ///   - name: The field's name on the wire.
    ///   - value: The field; nil is absent or null.
    ///   - values: The type that lists the known values.
    mutating func field<Values: WireString>(_ name: StaticString, _ value: inout String?, of values: Values.Type)
}
