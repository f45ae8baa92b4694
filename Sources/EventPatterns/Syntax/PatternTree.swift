import ConfigSource

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
