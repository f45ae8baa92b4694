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
