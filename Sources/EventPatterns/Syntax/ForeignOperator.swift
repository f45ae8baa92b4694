import ConfigSource

/// What to write in place of an operator that other languages have.
enum ForeignOperator {
    /// The help for an operator and its argument; nil if no language at hand has it.
    static func help(for entry: Node.Entry) -> String? {
        let argument = sketch(entry.value)
        if let comparison = comparison(entry.name) {
            let number = entry.value.scalar?.text ?? ""
            return "write `[{numeric: [\"\(comparison)\", \(Node.number(number).number ?? "5")]}]`"
        }
        switch plainName(entry.name) {
        case "shellstyle", "glob", "like": return "write `[{wildcard: \(starred(entry.value) ?? "\"a*b\"")}]`"
        case "regex", "re", "matches", "pattern", "=~", "~": return "write `[{regexp: \(argument)}]`"
        case "contains", "includes", "substring":
            let text = entry.value.string.flatMap { isShort($0) ? $0 : nil } ?? "text"
            return "write `[{wildcard: \"*\(text)*\"}]`, or `[{phrase: \"\(text)\"}]` for what people say"
        case "equals", "eq", "is", "=", "==", "term": return "write the value itself: `[\(argument)]`"
        case "in", "any", "oneof", "anyof", "terms":
            let isShown = entry.value.list != nil && argument != "…"
            return "write the values in one list: `\(isShown ? argument : "[a, b]")`, or `[{list: name}]`"
        case "not", "ne", "!=", "<>", "none", "notin", "nin", "nequals", "notequals":
            return "write `[{anything-but: \(argument)}]`"
        case "!~": return "write `[{anything-but: {regexp: \(argument)}}]`"
        case "startswith", "beginswith": return "write `[{prefix: \(argument)}]`"
        case "endswith": return "write `[{suffix: \(argument)}]`"
        case "between", "range": return "write `[{numeric: [\">=\", \(bounds(entry.value))]}]`"
        case "missing", "absent", "isnull": return "write `[{exists: false}]`"
        case "present": return "write `[{exists: true}]`"
        default: return nil
        }
    }

    /// The comparison of `numeric` that other languages call so.
    static func comparison(_ name: String) -> String? {
        switch plainName(name) {
        case "<", "lt": "<"
        case "<=", "lte", "le": "<="
        case ">", "gt": ">"
        case ">=", "gte", "ge": ">="
        default: nil
        }
    }

    /// `$startsWith`, `starts_with` and `starts-with` are one name.
    private static func plainName(_ name: String) -> String {
        name.lowercased().filter { !"$_-".contains($0) }
    }

    /// An argument as a message repeats it: only when it is short and plain.
    static func sketch(_ node: Node) -> String {
        if let elements = node.list, (1...4).contains(elements.count), elements.allSatisfy({ $0.scalar != nil }) {
            let parts = elements.map { sketch($0) }
            return parts.contains("…") ? "…" : "[\(parts.joined(separator: ", "))]"
        }
        guard let scalar = node.scalar, isShort(scalar.text) else { return "…" }
        return scalar.isQuoted ? "\"\(scalar.text)\"" : scalar.text
    }

    private static func isShort(_ text: String) -> Bool { (1...30).contains(text.utf8.count) }

    /// The text of a `like`, in which `%` is any run of characters.
    private static func starred(_ node: Node) -> String? {
        guard let text = node.string, isShort(text) else { return nil }
        return "\"\(String(text.map { $0 == "%" ? "*" : $0 }))\""
    }

    private static func bounds(_ node: Node) -> String {
        let numbers = (node.list ?? []).compactMap(\.number)
        return numbers.count == 2 ? "\(numbers[0]), \"<=\", \(numbers[1])" : "0, \"<=\", 10"
    }
}
