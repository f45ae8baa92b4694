import ConfigSource
import EventJSON

extension PatternReader {
    /// The values of the list that a reference names.
    mutating func listed(_ node: Node) -> [JSONValue]? {
        guard let name = node.string else {
            fail("`list` takes the name of a list, not \(node.kindName)", at: node)
            return nil
        }
        guard let values = lists[name] else {
            fail(
                "there is no list \(quoted(name))", at: node,
                help: suggestion(for: name, among: lists.keys.sorted(), called: "lists"))
            return nil
        }
        guard !values.isEmpty else {
            fail("the list \(quoted(name)) is empty: it never matches", at: node)
            return nil
        }
        return values
    }

    /// The condition of being equal to a value of a list.
    mutating func literal(_ value: JSONValue, at node: Node) -> Condition? {
        switch value {
        case .null: return .null
        case .bool(let value): return .bool(value)
        case .number(let number):
            return isShortEnough(number.text, at: node) ? .number(NumberLiteral(number.text)) : nil
        case .string(let text): return isShortEnough(text, at: node) ? .string(canonical(text)) : nil
        case .array, .object:
            fail("a list holds strings, numbers, true, false and null, no lists and mappings", at: node)
            return nil
        }
    }
}
