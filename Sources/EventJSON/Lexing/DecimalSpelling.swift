/// The parts of a number in JSON's grammar: its sign, its significant digits and their power of ten. Nothing is
/// rounded.
///
/// All code that computes a number's value uses these parts.
package struct DecimalSpelling {
    /// Whether the number has a minus sign. Zero may have one too.
    package private(set) var isNegative = false
    /// The number of significant digits, without leading and trailing zeros; 0 for zero.
    package private(set) var count = 0
    /// The power of ten by which the digits, read as a whole number, are multiplied; 0 for zero.
    package private(set) var exponent = 0
    /// The offset of the first significant digit. A decimal point may be between the digits.
    private var start = 0

    /// Exponents are clamped: a text below 2 GiB has too few digits to offset a larger one.
    private static let greatestExponent = 1 << 40

    /// Splits a number that `Lexer` has accepted.
    package init(_ text: RawSpan, _ range: Range<Int>) {
        var offset = range.lowerBound
        if Lexer.byte(text, offset) == UInt8(ascii: "-") {
            isNegative = true
            offset += 1
        }
        var zeros = 0
        var isFraction = false
        while offset < range.upperBound {
            let byte = Lexer.byte(text, offset)
            if byte | 0x20 == UInt8(ascii: "e") { break }
            if byte == UInt8(ascii: ".") {
                isFraction = true
            } else {
                if isFraction { exponent -= 1 }
                if byte != UInt8(ascii: "0") {
                    if count == 0 { (start, zeros) = (offset, 0) }
                    count += zeros + 1
                    zeros = 0
                } else {
                    zeros += 1
                }
            }
            offset += 1
        }
        guard count > 0 else {
            exponent = 0
            return
        }
        exponent += zeros
        if offset < range.upperBound { exponent += Self.exponent(text, offset + 1..<range.upperBound) }
    }

    private static func exponent(_ text: RawSpan, _ range: Range<Int>) -> Int {
        var value = 0
        var isNegative = false
        for offset in range {
            let byte = Lexer.byte(text, offset)
            if byte == UInt8(ascii: "-") { isNegative = true }
            guard byte &- UInt8(ascii: "0") <= 9 else { continue }
            value = min(value * 10 + Int(byte &- UInt8(ascii: "0")), greatestExponent)
        }
        return isNegative ? -value : value
    }

    /// The significant digits as a whole number; nil if they do not fit 64 bits.
    ///
    /// - Parameter text: The text that was passed to the initialiser.
    package func coefficient(in text: RawSpan) -> UInt64? {
        guard count <= 20 else { return nil }
        var (value, hasOverflown) = (0 as UInt64, false)
        forEachDigit(in: text) { digit in
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) = product.addingReportingOverflow(UInt64(digit))
            hasOverflown = hasOverflown || overflow || carry
            value = sum
        }
        return hasOverflown ? nil : value
    }

    /// The significant digits (0 to 9), the most significant first.
    ///
    /// - Parameter text: The text that was passed to the initialiser.
    package func digits(in text: RawSpan) -> [UInt8] {
        var digits: [UInt8] = []
        digits.reserveCapacity(count)
        forEachDigit(in: text) { digits.append($0) }
        return digits
    }

    @inline(__always)
    private func forEachDigit(in text: RawSpan, _ body: (UInt8) -> Void) {
        var (offset, rest) = (start, count)
        while rest > 0 {
            let byte = Lexer.byte(text, offset)
            offset += 1
            if byte == UInt8(ascii: ".") { continue }
            body(byte &- UInt8(ascii: "0"))
            rest -= 1
        }
    }
}

/// Computes the value of numbers that `Lexer` has accepted, directly from their bytes.
enum DecimalValue {
    /// The value if it is a whole number that fits an `Int`, otherwise nil, without rounding: `5.0` and `50e-1` are 5,
    /// `5.5` is nil.
    static func int(_ text: RawSpan, _ range: Range<Int>) -> Int? {
        // Most whole numbers are indices of one digit.
        if range.count == 1 { return Int(Lexer.byte(text, range.lowerBound) &- UInt8(ascii: "0")) }
        let decimal = DecimalSpelling(text, range)
        guard decimal.exponent >= 0, var magnitude = decimal.coefficient(in: text) else { return nil }
        for _ in 0..<decimal.exponent {
            let (product, overflow) = magnitude.multipliedReportingOverflow(by: 10)
            guard !overflow else { return nil }
            magnitude = product
        }
        guard decimal.isNegative else { return Int(exactly: magnitude) }
        return magnitude <= Int.min.magnitude ? Int(truncatingIfNeeded: 0 &- magnitude) : nil
    }

    /// The nearest double; nil if the number is beyond the greatest finite double.
    static func double(_ text: RawSpan, _ range: Range<Int>) -> Double? {
        let decimal = DecimalSpelling(text, range)
        // Both the digits and the power of ten are exact doubles, so the single operation rounds once, and correctly
        // (Clinger).
        if decimal.exponent.magnitude <= 22, let coefficient = decimal.coefficient(in: text), coefficient <= 1 << 53 {
            let digits = Double(coefficient)
            let power = powersOfTen[Int(decimal.exponent.magnitude)]
            let magnitude = decimal.exponent < 0 ? digits / power : digits * power
            return decimal.isNegative ? -magnitude : magnitude
        }
        let spelling = unsafe text.extracting(range).withUnsafeBytes { unsafe String(decoding: $0, as: UTF8.self) }
        guard let value = Double(spelling), value.isFinite else { return nil }
        return value
    }

    private static let powersOfTen: [Double] = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22,
    ]
}
