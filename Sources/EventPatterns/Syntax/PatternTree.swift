import ConfigSource
import LinearExpressions

/// Fields and disjunctions, all of which have to match. A disjunction matches if one of its branches does.
struct FieldGroup: Sendable {
    var fields: [Field] = []
    var disjunctions: [Disjunction] = []
}

/// A field of the pattern.
struct Field: Sendable {
    /// The content of a field.
    enum Content: Sendable {
        /// Fields inside the field.
        case group(FieldGroup)
        /// Conditions on the field's value.
        case leaf(Leaf)
    }

    var name: String
    var content: Content
}

/// The alternative conditions on a field's value; at least one has to hold.
struct Leaf: Sendable {
    var alternatives: [Alternative]
    /// The location of the field's name.
    var location: SourceLocation
}

/// One alternative of a field.
struct Alternative: Sendable {
    var condition: Condition
    /// The location of the alternative. For a value of a list, it is the location of the reference to the list.
    var location: SourceLocation
}

/// A `$or`: one of the branches has to match.
struct Disjunction: Sendable {
    var branches: [FieldGroup]
}

/// A condition on a value.
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
    case cidr(CIDRBlock)
    /// true: any scalar. false: no scalar.
    case exists(Bool)
    /// A scalar that satisfies none of the conditions.
    case anythingBut([Condition])
}
