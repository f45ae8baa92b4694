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
}

/// The comparisons of `numeric`, by what else stands beside them.
enum NumericComparison {
    /// In `[">", 5]`.
    static let alone = ["=", "<", "<=", ">", ">="]
    /// The first in `[">=", 0, "<", 10]`.
    static let lower = [">", ">="]
    /// The second one there.
    static let upper = ["<", "<="]
}
