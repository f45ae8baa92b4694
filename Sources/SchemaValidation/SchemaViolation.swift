/// One way in which a value does not fit a schema, in words for whoever made the value: a person, or a model that can correct itself.
package struct SchemaViolation: Sendable, Hashable, CustomStringConvertible {
    /// The place in the value.
    package let path: [SchemaPathStep]
    /// What is wrong there, beginning with the verb: "must be a string, and is a number".
    package let message: String

    /// The whole sentence: "`order.items[2].price` must be above 0, and is -1".
    package var description: String {
        path.isEmpty ? "the value \(message)" : "`\(path.text)` \(message)"
    }
}
