public import EventJSON

/// A field that holds a plain string or an object, such as `tool_choice`, `voice` or `tracing`.
public enum NameOrObject<Name: WireValue, Object: WireObject>: WireValue {
    /// A string.
    case name(Name)
    /// An object.
    case object(Object)
    /// A value of another JSON type.
    case other(JSONValue)

    /// Decodes any JSON value.
    public init?(json: JSONValue) {
        if let name = Name(json: json) {
            self = .name(name)
        } else if let object = Object(json: json) {
            self = .object(object)
        } else {
            self = .other(json)
        }
    }

    /// The value as JSON.
    public var json: JSONValue {
        switch self {
        case .name(let name): name.json
        case .object(let object): object.json
        case .other(let value): value
        }
    }

    /// The string, when it is one.
    public var name: Name? {
        if case .name(let name) = self { name } else { nil }
    }

    /// The object, when it is one.
    public var object: Object? {
        if case .object(let object) = self { object } else { nil }
    }

    /// The string's form or the object's.
    public static var shape: WireShape { .oneOf([Name.shape, Object.shape]) }
}
