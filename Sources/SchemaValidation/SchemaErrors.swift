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

/// A step into a JSON value.
package enum SchemaPathStep: Sendable, Hashable {
    /// To a member of an object.
    case key(String)
    /// To an element of an array, counted from 0.
    case index(Int)
}

extension [SchemaPathStep] {
    /// The path as people write it: `order.items[2].price`, and `["a key"]` where a name is no word.
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
