/// A number exactly as a JSON text spells it.
///
/// Two are equal when they are spelled alike: `5` and `5.0` differ. Compare ``int`` or ``double`` to compare values.
public struct JSONNumber: Sendable, Hashable, CustomStringConvertible {
    /// The spelling, which is JSON.
    public let text: String

    /// Takes a spelling; nil when it is no number in the grammar of RFC 8259.
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

    /// The shortest spelling that reads back as `value`: `5.0`, `0.1`, `1e+16`.
    ///
    /// - Precondition: `value` is finite; JSON can say neither infinity nor NaN.
    public init(_ value: Double) {
        precondition(value.isFinite, "JSON has no spelling for \(value)")
        text = value.description
    }

    /// Takes a spelling that was already checked.
    init(unchecked text: String) {
        self.text = text
    }

    /// The value when it is a whole number that fits an `Int`, however it is spelled: `5`, `5.0` and `5e0` are 5.
    public var int: Int? {
        let bytes = Array(text.utf8)
        return DecimalReading.int(bytes.span.bytes, 0..<bytes.count)
    }

    /// The nearest double; nil when the number is beyond the greatest finite one.
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
