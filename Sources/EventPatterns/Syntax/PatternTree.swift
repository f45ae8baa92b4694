import ConfigSource
import LinearExpressions

/// Fields that all have to match, and choices of which one branch each has to.
struct FieldGroup: Sendable {
    var fields: [Field] = []
    var choices: [Choice] = []
}

/// A field of the pattern.
struct Field: Sendable {
    /// What stands under a field's name.
    enum Content: Sendable {
        /// Fields inside it.
        case group(FieldGroup)
        /// What its value may be.
        case leaf(Leaf)
    }

    var name: String
    var content: Content
}

/// What the value of a field may be: one of the alternatives.
struct Leaf: Sendable {
    var alternatives: [Alternative]
    /// Where the field's name stands.
    var location: SourceLocation
}

/// One alternative of a field.
struct Alternative: Sendable {
    var condition: Condition
    /// Where it stands; one that came out of a list has the place of the reference.
    var location: SourceLocation
}

/// A `$or`.
struct Choice: Sendable {
    var branches: [FieldGroup]
}

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
