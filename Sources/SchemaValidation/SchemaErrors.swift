/// The error for a schema that cannot be used.
package struct InvalidSchema: Error, Hashable, CustomStringConvertible {
    /// All problems; never empty.
    package let problems: [SchemaProblem]

    /// The problems, one per line.
    package var description: String { problems.map(\.description).joined(separator: "\n") }
}

/// One error in a schema.
package struct SchemaProblem: Sendable, Hashable, CustomStringConvertible {
    /// The path in the schema: keys and indices from its root.
    package let path: [SchemaPathStep]
    /// Whether the key at the end of the path is wrong, not its value.
    package let isKey: Bool
    /// What is wrong.
    package let message: String
    /// What to write instead.
    package let help: String?

    /// The path and the message.
    package var description: String { path.isEmpty ? message : "\(path.text): \(message)" }
}

/// One violation of a schema by a value, described for the author of the value: a person, or a model that can correct
/// itself.
package struct SchemaViolation: Sendable, Hashable, CustomStringConvertible {
    /// The path in the value.
    package let path: [SchemaPathStep]
    /// What is wrong, beginning with the verb: "must be a string, and is a number".
    package let message: String
    /// The kind of the violated rule.
    package var rule = Rule.other

    /// The kinds of rules that callers distinguish.
    package enum Rule: Sendable, Hashable {
        /// A required member is missing.
        case required
        /// A member is not among the allowed ones.
        case known
        /// The value has the wrong type.
        case type
        /// The value is not among the allowed ones.
        case value
        /// Any other rule.
        case other
    }

    /// The whole sentence: "`order.items[2].price` must be above 0, and is -1".
    package var description: String {
        path.isEmpty ? "the value \(message)" : "`\(path.text)` \(message)"
    }
}

/// A step into a JSON value.
package enum SchemaPathStep: Sendable, Hashable {
    /// To a member of an object.
    case key(String)
    /// To an element of an array, counted from 0.
    case index(Int)
}

extension [SchemaPathStep] {
    /// The path in JavaScript's notation: `order.items[2].price`, and `["a key"]` for a name that is not a word.
    package var text: String {
        var text = ""
        for step in self {
            switch step {
            case .index(let index): text += "[\(index)]"
            case .key(let key) where key.isPlainWord: text += text.isEmpty ? key : ".\(key)"
            case .key(let key): text += "[\(quoted(key))]"
            }
        }
        return text
    }
}

extension String {
    private static let plainBytes = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_$-".utf8)

    fileprivate var isPlainWord: Bool {
        !isEmpty && utf8.count <= 64 && utf8.allSatisfy(Self.plainBytes.contains)
    }
}
