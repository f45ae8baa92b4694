import ConfigSource
import EventJSON

extension Node {
    /// The node as JSON: what is a number, a boolean or null to JSON is one, all else is text.
    var json: JSONValue {
        switch content {
        case .list(let elements): return .array(elements.map(\.json))
        case .mapping(let entries):
            return .object(JSONObject(entries.lazy.map { (key: $0.name, value: $0.value.json) }))
        case .scalar(let scalar):
            switch scalar.value {
            case .null: return .null
            case .bool(let value): return .bool(value)
            case .number(let text): return JSONNumber(text: text).map { .number($0) } ?? .string(text)
            case .string(let text): return .string(text)
            }
        }
    }
}
