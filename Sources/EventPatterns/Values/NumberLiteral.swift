/// A number as a pattern spells it.
///
/// It equals a number that is spelled the same, and, if binary64 holds it exactly, every other spelling of its value. One that
/// binary64 cannot hold (9007199254740993) is no other's equal, so that identifiers are never mixed up by rounding.
struct NumberLiteral: Sendable, Hashable {
    var text: String
    /// The value; nil when binary64 cannot hold it exactly.
    var exact: ExactDecimal?

    /// Takes a number in JSON's grammar.
    init(_ text: String) {
        self.text = text
        let bytes = Array(text.utf8)
        exact = ExactDecimal(bytes.span.bytes).flatMap { $0.isExactInBinary64 ? $0 : nil }
    }
}
