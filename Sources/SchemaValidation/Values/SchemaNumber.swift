import EventJSON

/// A JSON number of any length, compared and divided without rounding.
struct SchemaNumber: Sendable, Hashable {
    private let isNegative: Bool
    /// The significant digits (0 to 9), without zeros at either end; none for zero.
    private let digits: [UInt8]
    /// The power of ten that the digits, read as a whole number, are multiplied by; 0 for zero.
    private let exponent: Int

    init(_ number: JSONNumber) {
        var digits: [UInt8] = []
        var exponent = 0
        var rest = number.text.utf8[...]
        let isNegative = rest.first == UInt8(ascii: "-")
        if isNegative { rest.removeFirst() }
        var isFraction = false
        while let byte = rest.first, byte | 0x20 != UInt8(ascii: "e") {
            rest.removeFirst()
            if byte == UInt8(ascii: ".") {
                isFraction = true
                continue
            }
            if isFraction { exponent -= 1 }
            if byte != UInt8(ascii: "0") || !digits.isEmpty { digits.append(byte - UInt8(ascii: "0")) }
        }
        exponent += Self.exponent(rest.dropFirst())
        let zeros = digits.reversed().prefix { $0 == 0 }.count
        digits.removeLast(zeros)
        self.isNegative = isNegative && !digits.isEmpty
        self.exponent = digits.isEmpty ? 0 : exponent + zeros
        self.digits = digits
    }

    /// No text in memory has the digits to bring an exponent beyond this back into any range.
    private static let greatestExponent = 1 << 48

    private static func exponent(_ text: Substring.UTF8View) -> Int {
        var value = 0
        for byte in text where byte != UInt8(ascii: "-") && byte != UInt8(ascii: "+") {
            value = min(value * 10 + Int(byte - UInt8(ascii: "0")), greatestExponent)
        }
        return text.first == UInt8(ascii: "-") ? -value : value
    }

    /// Whether it has no fraction; `5.0` has none.
    var isWhole: Bool { exponent >= 0 }

    /// Whether it is above zero.
    var isPositive: Bool { !digits.isEmpty && !isNegative }

    /// The value where a divisor has to be small enough to calculate with: at most 18 digits.
    var canDivide: Bool { isPositive && digits.count <= 18 }

    /// Whether it is a whole number of times a divisor that ``canDivide``.
    func isMultiple(of divisor: SchemaNumber) -> Bool {
        guard !digits.isEmpty else { return true }
        // The digits end in no zero: no power of ten divides them.
        guard exponent >= divisor.exponent else { return false }
        let modulus = divisor.digits.reduce(0 as UInt64) { $0 * 10 + UInt64($1) }
        let remainder = digits.reduce(0 as UInt64) { Self.product($0, 10, modulus, plus: UInt64($1)) }
        return Self.product(remainder, Self.power(exponent - divisor.exponent, modulus), modulus) == 0
    }

    private static func product(_ left: UInt64, _ right: UInt64, _ modulus: UInt64, plus rest: UInt64 = 0) -> UInt64 {
        let (high, low) = (left % modulus).multipliedFullWidth(by: right % modulus)
        let remainder = modulus.dividingFullWidth((high, low)).remainder
        return (remainder + rest % modulus) % modulus
    }

    /// A power of ten modulo `modulus`, by squaring.
    private static func power(_ exponent: Int, _ modulus: UInt64) -> UInt64 {
        var (result, base, rest) = (1 % modulus, 10 % modulus, exponent)
        while rest > 0 {
            if rest & 1 == 1 { result = product(result, base, modulus) }
            base = product(base, base, modulus)
            rest >>= 1
        }
        return result
    }
}

extension SchemaNumber: Comparable {
    static func < (left: SchemaNumber, right: SchemaNumber) -> Bool {
        if left.sign != right.sign { return left.sign < right.sign }
        return left.isNegative ? right.isNearerToZero(than: left) : left.isNearerToZero(than: right)
    }

    private var sign: Int { digits.isEmpty ? 0 : isNegative ? -1 : 1 }

    private func isNearerToZero(than other: SchemaNumber) -> Bool {
        let (magnitude, otherMagnitude) = (exponent + digits.count, other.exponent + other.digits.count)
        if digits.isEmpty || other.digits.isEmpty || magnitude == otherMagnitude {
            return digits.lexicographicallyPrecedes(other.digits)
        }
        return magnitude < otherMagnitude
    }
}
