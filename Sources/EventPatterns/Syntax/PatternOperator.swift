/// The operators of the pattern language, by the names under which they stand in a list of alternatives.
enum PatternOperator: String, CaseIterable, Sendable {
    case exactly
    case prefix
    case suffix
    case equalsIgnoreCase = "equals-ignore-case"
    case wildcard
    case phrase
    case regexp
    case numeric
    case cidr
    case exists
    case anythingBut = "anything-but"
    case list

    /// The names of all of them.
    static let names = allCases.map(\.rawValue)

    /// Those that `anything-but` takes in place of values.
    static let negatable: [PatternOperator] = [.prefix, .suffix, .equalsIgnoreCase, .wildcard, .phrase, .regexp]

    /// What to write in place of a name that other languages have for an operator.
    static func replacement(for name: String) -> String? {
        switch name {
        case "shellstyle", "glob", "like": "write `wildcard`: `[{wildcard: \"a*b\"}]`"
        case "regex", "matches", "pattern": "write `regexp`: `[{regexp: \"a+b\"}]`"
        case "contains", "includes": "write `[{wildcard: \"*text*\"}]`, or `[{phrase: words}]` for what people say"
        case "equals", "eq", "is", "=": "write the value itself: `[value]`"
        case "in", "any", "one-of", "anyOf": "write the values in one list: `[a, b]`, or `[{list: name}]`"
        case "not", "ne", "!=", "none", "not-in": "write `[{anything-but: value}]`"
        case "startsWith", "starts-with": "write `[{prefix: text}]`"
        case "endsWith", "ends-with": "write `[{suffix: text}]`"
        case "<", "<=", ">", ">=", "lt", "lte", "gt", "gte": "write `[{numeric: [\">=\", 5]}]`"
        case "missing", "absent": "write `[{exists: false}]`"
        default: nil
        }
    }
}
