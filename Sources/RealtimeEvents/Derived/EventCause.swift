public import EventJSON

/// The wire event behind a derived event: a string or a number in JSON.
public enum EventCause: WireValue {
    /// The `event_id` that the server gave it.
    case event(String)
    /// The line it stands on, from 1, when it has no `event_id`.
    case line(Int)

    /// Decodes a string or a whole number.
    public init?(json: JSONValue) {
        if let id = json.string {
            self = .event(id)
        } else if let line = json.int {
            self = .line(line)
        } else {
            return nil
        }
    }

    /// Decodes a string or a whole number.
    public init?(reading reader: inout JSONReader) {
        if let id = reader.string() {
            self = .event(id)
        } else if let line = reader.int() {
            self = .line(line)
        } else {
            return nil
        }
    }

    /// The id as a string, or the line as a number.
    public var json: JSONValue {
        switch self {
        case .event(let id): .string(id)
        case .line(let line): .number(JSONNumber(line))
        }
    }

    /// Writes the id as a string, or the line as a number.
    public func write(to writer: inout JSONWriter) {
        switch self {
        case .event(let id): writer.string(id)
        case .line(let line): writer.int(line)
        }
    }

    /// A string or an integer.
    public static var shape: WireShape { .oneOf([.string, .integer]) }
}
