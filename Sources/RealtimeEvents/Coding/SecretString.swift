public import EventJSON

/// A credential that travels inside an event, such as an MCP server's `authorization`.
///
/// It prints as `***`; only ``rawValue`` and the JSON form hold the text.
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

    /// Without children, so that `dump` shows nothing either.
    public var customMirror: Mirror { Mirror(self, children: []) }

    /// A string.
    public static var shape: WireShape { .string }
}
