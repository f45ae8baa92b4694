public import EventJSON

/// A field that holds either a plain value, mostly a string, or an object: `tool_choice`, `voice`, `tracing`.
public enum PlainOrObject<Plain: WireValue, Object: WireObject>: WireValue {
    /// A plain value.
    case plain(Plain)
    /// An object.
    case object(Object)
    /// A value of another JSON type, kept unchanged.
    case other(JSONValue)

    /// Decodes any JSON value.
    public init?(json: JSONValue) {
        if let plain = Plain(json: json) {
            self = .plain(plain)
        } else if let object = Object(json: json) {
            self = .object(object)
        } else {
            self = .other(json)
        }
    }

    /// Decodes any JSON value.
    public init?(reading reader: inout JSONReader) {
        if let plain = Plain(reading: &reader) {
            self = .plain(plain)
        } else if let object = Object(reading: &reader) {
            self = .object(object)
        } else if let value = reader.json() {
            self = .other(value)
        } else {
            return nil
        }
    }

    /// The value as JSON.
    public var json: JSONValue {
        switch self {
        case .plain(let plain): plain.json
        case .object(let object): object.json
        case .other(let value): value
        }
    }

    /// The plain value; nil for other cases.
    public var plain: Plain? {
        if case .plain(let plain) = self { plain } else { nil }
    }

    /// The object; nil for other cases.
    public var object: Object? {
        if case .object(let object) = self { object } else { nil }
    }

    /// The plain value's shape or the object's.
    public static var shape: WireShape { .oneOf([Plain.shape, Object.shape]) }
}
