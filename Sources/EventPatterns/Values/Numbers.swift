import EventJSON

/// A decimal number of up to 17 significant digits, the most that binary64 can distinguish.
///
/// Numbers that binary64 holds exactly compare as decimals just as they do as doubles, so comparing them needs no
/// conversion. A number is exact here if it is the shortest spelling of its nearest double.
struct ExactDecimal: Sendable, Hashable {
    var isNegative = false
    /// The significant digits without trailing zeros; 0 for zero.
    var coefficient: UInt64 = 0
    /// The power of ten by which the coefficient is multiplied; 0 for zero.
    var exponent = 0

    /// Parses a number with JSON's grammar; returns nil if it has more significant digits than binary64 holds.
    init?(_ text: RawSpan) {
        let spelling = DecimalSpelling(text, 0..<text.byteCount)
        guard spelling.count <= 17, let coefficient = spelling.coefficient(in: text) else { return nil }
        guard coefficient != 0 else { return }
        isNegative = spelling.isNegative
        self.coefficient = coefficient
        exponent = spelling.exponent
    }

    /// Whether the number is the shortest spelling of its nearest double.
    ///
    /// For up to 15 digits this is true unless the double is subnormal or out of range. For 16 and 17 digits, the
    /// double has to be computed.
    var isExactInBinary64: Bool {
        guard coefficient != 0 else { return true }
        let magnitude = exponent + digitCount
        if digitCount <= 15, magnitude > -300, magnitude < 300 { return true }
        guard magnitude > -330, magnitude < 310,
            let double = Double("\(isNegative ? "-" : "")\(coefficient)e\(exponent)"), double.isFinite
        else { return false }
        let shortest = Array(double.description.utf8)
        return ExactDecimal(shortest.span.bytes) == self
    }

    private var digitCount: Int {
        var count = 1
        var limit: UInt64 = 10
        while coefficient >= limit {
            limit *= 10
            count += 1
        }
        return count
    }

    private static func power(of exponent: Int) -> UInt64 {
        var power: UInt64 = 1
        for _ in 0..<exponent { power *= 10 }
        return power
    }
}

extension ExactDecimal: Comparable {
    /// By value.
    static func < (left: ExactDecimal, right: ExactDecimal) -> Bool {
        let leftSign = left.coefficient == 0 ? 0 : left.isNegative ? -1 : 1
        let rightSign = right.coefficient == 0 ? 0 : right.isNegative ? -1 : 1
        if leftSign != rightSign { return leftSign < rightSign }
        guard leftSign != 0 else { return false }
        return leftSign > 0 ? isCloserToZero(left, right) : isCloserToZero(right, left)
    }

    /// Whether the left number is closer to zero; neither is zero.
    private static func isCloserToZero(_ left: ExactDecimal, _ right: ExactDecimal) -> Bool {
        let (leftDigits, rightDigits) = (left.digitCount, right.digitCount)
        let (leftMagnitude, rightMagnitude) = (left.exponent + leftDigits, right.exponent + rightDigits)
        if leftMagnitude != rightMagnitude { return leftMagnitude < rightMagnitude }
        let digits = max(leftDigits, rightDigits)
        return left.coefficient * power(of: digits - leftDigits) < right.coefficient * power(of: digits - rightDigits)
    }
}

/// A number as written in a pattern.
///
/// It equals any number with the same text. If binary64 holds it exactly, it also equals every other spelling of its
/// value. A number that binary64 cannot hold, such as 9007199254740993, equals no other spelling, so rounding cannot
/// confuse identifiers.
struct NumberLiteral: Sendable, Hashable {
    var text: String
    /// The value; nil if binary64 cannot hold it exactly.
    var exact: ExactDecimal?

    /// Creates a literal from a number with JSON's grammar.
    init(_ text: String) {
        self.text = text
        let bytes = Array(text.utf8)
        exact = ExactDecimal(bytes.span.bytes).flatMap { $0.isExactInBinary64 ? $0 : nil }
    }
}

/// The numbers between two optional bounds.
struct NumericRange: Sendable, Hashable {
    /// A bound of the range.
    struct Bound: Sendable, Hashable {
        var value: ExactDecimal
        var isIncluded: Bool
    }

    var lower: Bound?
    var upper: Bound?

    /// Whether the range contains a number.
    func contains(_ value: ExactDecimal) -> Bool {
        if let lower, value < lower.value || (value == lower.value && !lower.isIncluded) { return false }
        if let upper, value > upper.value || (value == upper.value && !upper.isIncluded) { return false }
        return true
    }
}
