import EventJSON

/// A number of at most 17 significant digits, which is all that binary64 can tell apart, as digits and a power of ten.
///
/// Two numbers that binary64 holds exactly (that is: whose shortest spelling is the same decimal) are equal, less or greater there
/// exactly when they are so as decimals, so that no conversion is needed to compare them.
struct ExactDecimal: Sendable, Hashable {
    var isNegative = false
    /// The significant digits, without zeros at the end; 0 for zero.
    var coefficient: UInt64 = 0
    /// The power of ten that the coefficient is multiplied by; 0 for zero.
    var exponent = 0

    /// Reads a number in JSON's grammar; nil when it has more significant digits than binary64 holds.
    init?(_ text: RawSpan) {
        let spelling = DecimalSpelling(text, 0..<text.byteCount)
        guard spelling.count <= 17, let coefficient = spelling.coefficient(in: text) else { return nil }
        guard coefficient != 0 else { return }
        isNegative = spelling.isNegative
        self.coefficient = coefficient
        exponent = spelling.exponent
    }

    /// Whether binary64 holds the number exactly: its nearest double is spelled, at its shortest, with the same decimal.
    ///
    /// Up to 15 digits that is so wherever doubles are not yet subnormal; for 16 and 17 it has to be tried.
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
        return leftSign > 0 ? isSmaller(left, right) : isSmaller(right, left)
    }

    /// Whether one is nearer to zero than another; neither is zero.
    private static func isSmaller(_ left: ExactDecimal, _ right: ExactDecimal) -> Bool {
        let (leftDigits, rightDigits) = (left.digitCount, right.digitCount)
        let (leftMagnitude, rightMagnitude) = (left.exponent + leftDigits, right.exponent + rightDigits)
        if leftMagnitude != rightMagnitude { return leftMagnitude < rightMagnitude }
        let digits = max(leftDigits, rightDigits)
        return left.coefficient * power(of: digits - leftDigits) < right.coefficient * power(of: digits - rightDigits)
    }
}

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

/// What `numeric` demands: a bound below, one above, or one value.
struct NumericRange: Sendable, Hashable {
    /// An end of the range.
    struct Bound: Sendable, Hashable {
        var value: ExactDecimal
        var isIncluded: Bool
    }

    var lower: Bound?
    var upper: Bound?

    /// Whether an exact number lies in the range.
    func contains(_ value: ExactDecimal) -> Bool {
        if let lower, value < lower.value || (value == lower.value && !lower.isIncluded) { return false }
        if let upper, value > upper.value || (value == upper.value && !upper.isIncluded) { return false }
        return true
    }
}
