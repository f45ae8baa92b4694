/// A number exactly as a JSON text spells it.
///
/// Two numbers are equal if they have the same spelling: `5` and `5.0` differ. To compare values, compare ``int`` or
/// ``double``.
public struct JSONNumber: Sendable, Hashable, CustomStringConvertible {
    /// The spelling, which is JSON.
    public let text: String

    /// Creates a number from its spelling; returns nil if the text is not a number in the grammar of RFC 8259.
    public init?(text: String) {
        let bytes = Array(text.utf8)
        guard let first = bytes.first, first == UInt8(ascii: "-") || (0x30...0x39).contains(first),
            (try? Lexer.number(bytes.span.bytes, 0)) == bytes.count
        else { return nil }
        self.text = text
    }

    /// The number `value`.
    public init(_ value: Int) {
        text = String(value)
    }

    /// The shortest spelling that parses to `value`: `5.0`, `0.1`, `1e+16`.
    ///
    /// - Precondition: `value` is finite; JSON has no infinity and no NaN.
    public init(_ value: Double) {
        precondition(value.isFinite, "JSON has no spelling for \(value)")
        text = value.description
    }

    /// Creates a number from a spelling that is known to be valid.
    init(unchecked text: String) {
        self.text = text
    }

    /// The value if it is a whole number that fits an `Int`, in any spelling, otherwise nil: `5`, `5.0` and `5e0` are
    /// 5.
    public var int: Int? {
        let bytes = Array(text.utf8)
        return DecimalValue.int(bytes.span.bytes, 0..<bytes.count)
    }

    /// The nearest double; nil if the number is beyond the greatest finite double.
    public var double: Double? {
        guard let value = Double(text), value.isFinite else { return nil }
        return value
    }

    /// The spelling.
    public var description: String { text }
}

extension JSONNumber: ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral {
    /// The number `value`.
    public init(integerLiteral value: Int) {
        self.init(value)
    }

    /// The number `value`, in its shortest spelling.
    public init(floatLiteral value: Double) {
        self.init(value)
    }
}
