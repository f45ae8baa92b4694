public import EventJSON

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

extension WireString {
    /// A value from its text on the wire.
    public init(_ text: String) {
        self.init(rawValue: text)
    }

    /// A value from a literal of its text on the wire.
    public init(stringLiteral text: String) {
        self.init(rawValue: text)
    }

    /// Decodes a JSON string.
    public init?(json: JSONValue) {
        guard case .string(let text) = json else { return nil }
        self.init(rawValue: text)
    }

    /// Decodes a JSON string.
    public init?(reading reader: inout JSONReader) {
        guard let text = reader.string() else { return nil }
        self.init(rawValue: text)
    }

    /// The text as a JSON string.
    public var json: JSONValue { .string(rawValue) }

    /// Writes the text as a JSON string.
    public func write(to writer: inout JSONWriter) { writer.string(rawValue) }

    /// The text on the wire.
    public var description: String { rawValue }

    /// A string with its known values.
    public static var shape: WireShape { .string(known: known.map(\.rawValue)) }
}

/// A string whose values the router itself writes, so that ``WireString/known`` has all of them.
///
/// Decoding keeps any other text all the same: a recording may come from a later version.
public protocol ClosedWireString: WireString {}

extension ClosedWireString {
    /// A string with all its values.
    public static var shape: WireShape { .string(known: known.map(\.rawValue), isClosed: true) }
}
