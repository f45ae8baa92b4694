/// A value of a configuration, with its place in the file.
///
/// Nodes come from a parser of a file (YAML) or are created in code. Nodes created in code have no ``file``, and their
/// diagnostics have no place.
public struct Node: Sendable {
    /// The content of a node.
    public enum Content: Sendable {
        /// A string, a number, true, false or null.
        case scalar(Scalar)
        /// A sequence of values.
        case list([Node])
        /// Keys with their values, in the order of the file. No key is repeated: the parser reports that as an error.
        case mapping([Entry])
    }

    /// A key with its value.
    public struct Entry: Sendable {
        /// The key. It is always a scalar, and only its text matters, not its quotes.
        public var key: Node
        /// The value.
        public var value: Node

        /// A key with its value.
        public init(key: Node, value: Node) {
            self.key = key
            self.value = value
        }

        /// The key's text.
        public var name: String { key.scalar?.text ?? "" }
    }

    /// The node's content.
    public var content: Content
    /// The place at which the node begins; meaningless if ``file`` is nil.
    public var location: SourceLocation
    /// The file that contains the node; nil if the node was created in code.
    public var file: SourceFile?

    /// Creates a node from its parts. A node without a file counts as created in code.
    public init(
        _ content: Content, at location: SourceLocation = SourceLocation(line: 1, column: 1), in file: SourceFile? = nil
    ) {
        self.content = content
        self.location = location
        self.file = file
    }
}

extension Node {
    /// The scalar, if the node is a scalar; otherwise nil.
    public var scalar: Scalar? {
        if case .scalar(let scalar) = content { scalar } else { nil }
    }

    /// The elements, if the node is a list; otherwise nil.
    public var list: [Node]? {
        if case .list(let elements) = content { elements } else { nil }
    }

    /// The entries, if the node is a mapping; otherwise nil.
    public var entries: [Entry]? {
        if case .mapping(let entries) = content { entries } else { nil }
    }

    /// The text, if the node is a string: quoted, or plain and not a number, a boolean or null. Otherwise nil.
    public var string: String? {
        if case .string(let text)? = scalar?.value { text } else { nil }
    }

    /// The boolean, if the node is true or false; otherwise nil.
    public var bool: Bool? {
        guard let scalar else { return nil }
        if scalar.isReplaced { return Bool(scalar.text) }
        return if case .bool(let value) = scalar.value { value } else { nil }
    }

    /// The text of the number, if the node is a number; otherwise nil.
    public var number: String? {
        guard let scalar else { return nil }
        if scalar.isReplaced { return Scalar.isNumber(scalar.text.utf8) ? scalar.text : nil }
        return if case .number(let text) = scalar.value { text } else { nil }
    }

    /// Whether the node is null: `null`, `~`, or a missing value.
    public var isNull: Bool { scalar?.value == .null }

    /// The value of a key; nil if there is no such key or the node is not a mapping.
    public subscript(key: String) -> Node? {
        entries?.first { $0.key.scalar?.text == key }?.value
    }

    /// The kind of the node for a message: "a list", "a mapping", "a string", "a number", "true", "false", "empty" or
    /// "null".
    public var kindName: String {
        switch content {
        case .list: "a list"
        case .mapping: "a mapping"
        case .scalar(let scalar):
            switch scalar.value {
            case .string: "a string"
            case .number: "a number"
            case .bool(let value): value ? "true" : "false"
            case .null: scalar.text.isEmpty ? "empty" : "null"
            }
        }
    }
}

extension Node {
    /// Creates a string.
    public static func string(_ text: String) -> Node { Node(.scalar(Scalar(text, isQuoted: true))) }

    /// Creates a number. The text must be a number in JSON's grammar; any other text becomes a string.
    public static func number(_ text: String) -> Node { Node(.scalar(Scalar(text, isQuoted: false))) }

    /// Creates a boolean.
    public static func bool(_ value: Bool) -> Node { Node(.scalar(Scalar(value ? "true" : "false", isQuoted: false))) }

    /// Creates a null node.
    public static var null: Node { Node(.scalar(Scalar("null", isQuoted: false))) }

    /// Creates a list.
    public static func list(_ elements: [Node]) -> Node { Node(.list(elements)) }

    /// Creates a mapping. If a key is repeated, its first value is used.
    public static func mapping(_ entries: [(key: String, value: Node)]) -> Node {
        Node(.mapping(entries.map { Entry(key: .string($0.key), value: $0.value) }))
    }
}

extension Node: ExpressibleByStringInterpolation, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    /// A string.
    public init(stringLiteral value: String) { self = .string(value) }
    /// A whole number.
    public init(integerLiteral value: Int) { self = .number(String(value)) }
    /// A number.
    public init(floatLiteral value: Double) { self = .number(String(value)) }
    /// True or false.
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    /// A list.
    public init(arrayLiteral elements: Node...) { self = .list(elements) }
    /// A mapping, in the order in which it is written.
    public init(dictionaryLiteral elements: (String, Node)...) { self = .mapping(elements.map { ($0, $1) }) }
}
