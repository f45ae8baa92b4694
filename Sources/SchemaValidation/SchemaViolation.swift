/// One way in which a value does not fit a schema, in words for whoever made the value: a person, or a model that can correct itself.
package struct SchemaViolation: Sendable, Hashable, CustomStringConvertible {
    /// The place in the value.
    package let path: [SchemaPathStep]
    /// What is wrong there, beginning with the verb: "must be a string, and is a number".
    package let message: String
    /// Which kind of rule the value breaks.
    package var rule = Rule.other

    /// The kinds of rules that callers tell apart.
    package enum Rule: Sendable, Hashable {
        /// A member that must be there.
        case required
        /// Members that may be there, where no others may.
        case known
        /// The type of a value.
        case type
        /// The list of values.
        case value
        /// Any other rule.
        case other
    }

    /// The whole sentence: "`order.items[2].price` must be above 0, and is -1".
    package var description: String {
        path.isEmpty ? "the value \(message)" : "`\(path.text)` \(message)"
    }
}
