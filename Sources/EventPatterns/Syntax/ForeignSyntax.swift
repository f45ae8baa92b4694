import ConfigSource

/// Suggestions for operators of other pattern languages.
enum ForeignOperator {
    /// Returns what to write in place of an operator with an argument; nil if no known language has the operator.
    static func help(for entry: Node.Entry) -> String? {
        let argument = preview(entry.value)
        if let comparison = comparison(entry.name) {
            let number = entry.value.scalar?.text ?? ""
            return "write `[{numeric: [\"\(comparison)\", \(Node.number(number).number ?? "5")]}]`"
        }
        switch normalizedName(entry.name) {
        case "shellstyle", "glob", "like": return "write `[{wildcard: \(wildcardText(entry.value) ?? "\"a*b\"")}]`"
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

    /// Returns the `numeric` comparison that a name stands for in other languages; nil if there is none.
    static func comparison(_ name: String) -> String? {
        switch normalizedName(name) {
        case "<", "lt": "<"
        case "<=", "lte", "le": "<="
        case ">", "gt": ">"
        case ">=", "gte", "ge": ">="
        default: nil
        }
    }

    /// Removes the differences between `$startsWith`, `starts_with` and `starts-with`.
    private static func normalizedName(_ name: String) -> String {
        name.lowercased().filter { !"$_-".contains($0) }
    }

    /// Returns an argument for display in a message; `…` if it is nested or longer than 30 bytes.
    static func preview(_ node: Node) -> String {
        if let elements = node.list, (1...4).contains(elements.count), elements.allSatisfy({ $0.scalar != nil }) {
            let parts = elements.map { preview($0) }
            return parts.contains("…") ? "…" : "[\(parts.joined(separator: ", "))]"
        }
        guard let scalar = node.scalar, isShort(scalar.text) else { return "…" }
        return scalar.isQuoted ? "\"\(scalar.text)\"" : scalar.text
    }

    private static func isShort(_ text: String) -> Bool { (1...30).contains(text.utf8.count) }

    /// Returns the wildcard for the text of a `like`, in which `%` stands for any characters.
    private static func wildcardText(_ node: Node) -> String? {
        guard let text = node.string, isShort(text) else { return nil }
        return "\"\(String(text.map { $0 == "%" ? "*" : $0 }))\""
    }

    private static func bounds(_ node: Node) -> String {
        let numbers = (node.list ?? []).compactMap(\.number)
        return numbers.count == 2 ? "\(numbers[0]), \"<=\", \(numbers[1])" : "0, \"<=\", 10"
    }
}

/// An operator of other languages that combines patterns. This language has only `$or`.
enum ForeignCombination {
    case and
    case not
    case or

    /// Names that are always an error, even with a value that a field could have.
    static let refusedNames = ["$and", "$not", "$nor", "$Or", "$OR"]

    /// Returns nil if an entry of a pattern is a field.
    ///
    /// A field may be called `or` or `any`. Such a name counts as an operator only if its value is a list of patterns,
    /// which no field can have.
    init?(_ entry: Node.Entry) {
        switch entry.name {
        case "$and": self = .and
        case "$not", "$nor": self = .not
        case _ where Self.refusedNames.contains(entry.name): self = .or
        case _ where Self.isPatternList(entry.value):
            switch entry.name.lowercased().filter({ !"$_-".contains($0) }) {
            case "or", "any", "anyof", "oneof", "either", "should": self = .or
            case "and", "all", "allof", "must": self = .and
            case "not", "nor", "none", "noneof", "mustnot": self = .not
            default: return nil
            }
        default: return nil
        }
    }

    /// What to write instead.
    var help: String {
        switch self {
        case .and: "all fields in one mapping have to match: write them without an operator"
        case .not: "write `[{anything-but: value}]` at the field"
        case .or: "did you mean `$or`?"
        }
    }

    /// Whether a value is a list of patterns.
    private static func isPatternList(_ node: Node) -> Bool {
        guard let elements = node.list, !elements.isEmpty else { return false }
        return elements.allSatisfy { element in
            element.entries.map { !$0.isEmpty && $0.allSatisfy { PatternOperator(rawValue: $0.name) == nil } } ?? false
        }
    }

    /// Returns what to write for a node that is not a pattern.
    static func help(forPattern node: Node) -> String {
        if isPatternList(node) { return "if one of several patterns has to match, write `$or: [{…}, {…}]`" }
        if let types = node.list?.map(\.string), !types.isEmpty, types.allSatisfy({ $0 != nil }) {
            let list = ForeignOperator.preview(node)
            return "write the types under `type`: `type: \(list == "…" ? "[a, b]" : list)`"
        }
        if node.string != nil {
            let type = ForeignOperator.preview(node)
            if type != "…" { return "write a field and what it may be: `type: \(type)`" }
        }
        return "write a field and what it may be: `type: response.done`"
    }
}
