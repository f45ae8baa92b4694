public import EventJSON

/// Why a text is not an event.
public enum EventDecodingError: Error, Hashable, CustomStringConvertible {
    /// The text is not JSON.
    case syntax(JSONSyntaxError)
    /// The text is JSON, but not an object.
    case notAnObject

    /// The reason in words.
    public var description: String {
        switch self {
        case .syntax(let error): error.description
        case .notAnObject: "an event must be a JSON object"
        }
    }
}
