/// Why a schema cannot be used.
package struct InvalidSchema: Error, Hashable, CustomStringConvertible {
    /// Everything that is wrong; never empty.
    package let problems: [SchemaProblem]

    /// The problems, a line each.
    package var description: String { problems.map(\.description).joined(separator: "\n") }
}

/// One thing that is wrong with a schema.
package struct SchemaProblem: Sendable, Hashable, CustomStringConvertible {
    /// Where in the schema: keys and indices from its root.
    package let path: [SchemaPathStep]
    /// Whether it is the key at the end of the path that is wrong, and not its value.
    package let isKey: Bool
    /// What is wrong.
    package let message: String
    /// What to do about it.
    package let help: String?

    /// The place and the message.
    package var description: String { path.isEmpty ? message : "\(path.text): \(message)" }
}
