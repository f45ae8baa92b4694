import LinearExpressions

/// What an alternative demands of a value.
enum Condition: Sendable, Hashable {
    case null
    case bool(Bool)
    case number(NumberLiteral)
    case string(String)
    case prefix(String)
    case suffix(String)
    case equalsIgnoringCase(String)
    case prefixIgnoringCase(String)
    case suffixIgnoringCase(String)
    case wildcard(Wildcard)
    case phrase(Phrase)
    case regexp(Regexp)
    case numeric(NumericRange)
    case cidr(AddressBlock)
    /// Any scalar, or none at all.
    case exists(Bool)
    /// A scalar for which none of these holds.
    case anythingBut([Condition])
}
