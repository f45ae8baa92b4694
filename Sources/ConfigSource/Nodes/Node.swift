/// A value of a configuration with the place where it stands.
///
/// Nodes come from a reader (a YAML file) or are made in code; those made in code have no ``file``, and their
/// diagnostics have no place.
public struct Node: Sendable {
    /// What a node is.
    public enum Content: Sendable {
        /// Text, a number, true, false or null.
        case scalar(Scalar)
        /// A sequence of values.
        case list([Node])
        /// Keys with their values, in the order of the file. No key stands twice: a reader reports that.
        case mapping([Entry])
    }

    /// A key with its value.
    public struct Entry: Sendable {
        /// The key: always a scalar, whose text counts however it is written.
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

    /// What it is.
    public var content: Content
    /// Where it begins; meaningless when ``file`` is nil.
    public var location: SourceLocation
    /// The file it stands in; nil when it was made in code.
    public var file: SourceFile?

    /// A node from its parts; without a file, one that was made in code.
    public init(
        _ content: Content, at location: SourceLocation = SourceLocation(line: 1, column: 1), in file: SourceFile? = nil
    ) {
        self.content = content
        self.location = location
        self.file = file
    }
}

extension Node {
    /// The scalar, when it is one.
    public var scalar: Scalar? {
        if case .scalar(let scalar) = content { scalar } else { nil }
    }

    /// The elements, when it is a list.
    public var list: [Node]? {
        if case .list(let elements) = content { elements } else { nil }
    }

    /// The entries, when it is a mapping.
    public var entries: [Entry]? {
        if case .mapping(let entries) = content { entries } else { nil }
    }

    /// The text, when it is a string: quoted, or plain and nothing else.
    public var string: String? {
        if case .string(let text)? = scalar?.value { text } else { nil }
    }

    /// True or false, when it is one of them.
    public var bool: Bool? {
        guard let scalar else { return nil }
        if scalar.isReplaced { return Bool(scalar.text) }
        return if case .bool(let value) = scalar.value { value } else { nil }
    }

    /// The text of a number, when it is one.
    public var number: String? {
        guard let scalar else { return nil }
        if scalar.isReplaced { return Scalar.isNumber(scalar.text.utf8) ? scalar.text : nil }
        return if case .number(let text) = scalar.value { text } else { nil }
    }

    /// Whether it is null: `null`, `~`, or nothing where a value could stand.
    public var isNull: Bool { scalar?.value == .null }

    /// The value under a key; nil when there is none, or when this is no mapping.
    public subscript(key: String) -> Node? {
        entries?.first { $0.key.scalar?.text == key }?.value
    }

    /// What it is, for a sentence: "a list", "a mapping", "a string", "a number", "true", "false", "empty" or "null".
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
    /// A string, made in code.
    public static func string(_ text: String) -> Node { Node(.scalar(Scalar(text, isQuoted: true))) }

    /// A number, made in code; the text has to be one in JSON's grammar, or it is a string.
    public static func number(_ text: String) -> Node { Node(.scalar(Scalar(text, isQuoted: false))) }

    /// A boolean, made in code.
    public static func bool(_ value: Bool) -> Node { Node(.scalar(Scalar(value ? "true" : "false", isQuoted: false))) }

    /// Null, made in code.
    public static var null: Node { Node(.scalar(Scalar("null", isQuoted: false))) }

    /// A list, made in code.
    public static func list(_ elements: [Node]) -> Node { Node(.list(elements)) }

    /// A mapping, made in code. Of two equal keys the first counts.
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
