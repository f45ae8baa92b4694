public import EventJSON

extension WireString {
    /// Creates a value from its text on the wire.
    public init(_ text: String) {
        self.init(rawValue: text)
    }

    /// Creates a value from a literal of its text on the wire.
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

extension ClosedWireString {
    /// A string with all its values.
    public static var shape: WireShape { .string(known: known.map(\.rawValue), isClosed: true) }
}

/// A credential in an event, such as an MCP server's `authorization`.
///
/// Prints as `***`; only ``rawValue`` and the JSON form contain the text.
public struct SecretString: WireValue, RawRepresentable, CustomStringConvertible, CustomReflectable {
    /// The credential itself.
    public var rawValue: String

    /// Wraps a credential.
    public init(rawValue: String) {
        self.rawValue = rawValue
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

    /// The credential as a JSON string.
    public var json: JSONValue { .string(rawValue) }

    /// `***`.
    public var description: String { "***" }

    /// No children, so that `dump` does not show the credential.
    public var customMirror: Mirror { Mirror(self, children: []) }

    /// A string.
    public static var shape: WireShape { .string }
}
