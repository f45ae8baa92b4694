public import ConfigSource
public import EventJSON

extension JSONValue {
    /// The value that a part of a configuration stands for, for options that are JSON themselves: a schema, an event.
    public init(_ node: Node) {
        switch node.content {
        case .list(let elements): self = .array(elements.map { JSONValue($0) })
        case .mapping(let entries):
            self = .object(JSONObject(entries.map { (key: $0.name, value: JSONValue($0.value)) }))
        case .scalar(let scalar):
            switch scalar.value {
            case .null: self = .null
            case .bool(let value): self = .bool(value)
            case .string(let text): self = .string(text)
            case .number(let text): self = JSONNumber(text: text).map { .number($0) } ?? .string(text)
            }
        }
    }
}
