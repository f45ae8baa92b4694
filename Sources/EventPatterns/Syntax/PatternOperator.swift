/// An operator in a list of alternatives. The raw value is its name in a pattern.
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

    /// The names of all operators.
    static let names = allCases.map(\.rawValue)

    /// The operators that are allowed inside `anything-but`.
    static let negatable: [PatternOperator] = [.prefix, .suffix, .equalsIgnoreCase, .wildcard, .phrase, .regexp]
}

/// The comparisons of `numeric`, by their position.
enum NumericComparison {
    /// The comparison in `[">", 5]`.
    static let alone = ["=", "<", "<=", ">", ">="]
    /// The first comparison in `[">=", 0, "<", 10]`.
    static let lower = [">", ">="]
    /// The second comparison in `[">=", 0, "<", 10]`.
    static let upper = ["<", "<="]
}
