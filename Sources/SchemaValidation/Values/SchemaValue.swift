import EventJSON

/// A JSON value with JSON Schema's equality: numbers by value in any spelling, strings by code points, and objects by
/// their members in any order.
struct SchemaValue: Sendable, Hashable {
    let value: JSONValue

    init(_ value: JSONValue) {
        self.value = value
    }

    static func == (left: SchemaValue, right: SchemaValue) -> Bool {
        switch (left.value, right.value) {
        case (.number(let left), .number(let right)):
            left == right || SchemaNumber(left) == SchemaNumber(right)
        case (.array(let left), .array(let right)):
            left.count == right.count && zip(left, right).allSatisfy { SchemaValue($0) == SchemaValue($1) }
        case (.object(let left), .object(let right)): members(left) == members(right)
        default: left.value == right.value
        }
    }

    func hash(into hasher: inout Hasher) {
        switch value {
        case .number(let number): hasher.combine(SchemaNumber(number))
        case .array(let elements): hasher.combine(elements.map(SchemaValue.init))
        case .object(let members): hasher.combine(Self.members(members))
        default: hasher.combine(value)
        }
    }

    private static func members(_ object: JSONObject) -> [MemberName: SchemaValue] {
        Dictionary(object.map { (MemberName($0.key), SchemaValue($0.value)) }) { _, last in last }
    }
}

/// The name of a member. It equals another name only if both have the same code points.
struct MemberName: Sendable, Hashable {
    let text: String

    init(_ text: String) {
        self.text = text
    }

    static func == (left: MemberName, right: MemberName) -> Bool {
        left.text.utf8.elementsEqual(right.text.utf8)
    }

    // Strings with the same code points are also canonically equivalent, so `String`'s hash agrees with `==`.
    func hash(into hasher: inout Hasher) {
        hasher.combine(text)
    }
}

/// A JSON number of any length, compared and divided without rounding.
struct SchemaNumber: Sendable, Hashable {
    private let isNegative: Bool
    /// The significant digits (0 to 9), without leading and trailing zeros; none for zero.
    private let digits: [UInt8]
    /// The power of ten by which the digits, read as a whole number, are multiplied; 0 for zero.
    private let exponent: Int

    init(_ number: JSONNumber) {
        let text = Array(number.text.utf8)
        let spelling = DecimalSpelling(text.span.bytes, 0..<text.count)
        isNegative = spelling.isNegative && spelling.count > 0
        digits = spelling.digits(in: text.span.bytes)
        exponent = spelling.exponent
    }

    /// Whether the number is whole, like `5.0`.
    var isWhole: Bool { exponent >= 0 }

    /// Whether the number is above zero.
    var isPositive: Bool { !digits.isEmpty && !isNegative }

    /// Whether the number can be a divisor: it must be positive and have at most 18 digits.
    var canBeDivisor: Bool { isPositive && digits.count <= 18 }

    /// Whether the number is a multiple of a divisor that ``canBeDivisor``.
    func isMultiple(of divisor: SchemaNumber) -> Bool {
        guard !digits.isEmpty else { return true }
        // The last digit is not zero, so no power of ten divides the digits.
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
