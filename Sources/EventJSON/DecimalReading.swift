/// Reads the value of numbers that a `Lexer` has accepted, straight from their bytes.
enum DecimalReading {
    /// The value when it is whole and fits, without rounding: `5.0` and `50e-1` are 5, `5.5` is nil.
    static func int(_ text: RawSpan, _ range: Range<Int>) -> Int? {
        // Most are indices.
        if range.count == 1 { return Int(Lexer.byte(text, range.lowerBound) &- UInt8(ascii: "0")) }
        let decimal = Decimal(text, range)
        guard decimal.isComplete else { return slowInt(text, range) }
        return int(magnitude: decimal.digits, exponent: decimal.exponent, isNegative: decimal.isNegative)
    }

    /// The nearest double; nil when the number is beyond the greatest finite one.
    static func double(_ text: RawSpan, _ range: Range<Int>) -> Double? {
        let decimal = Decimal(text, range)
        // Both the digits and the power of ten are exact doubles, so one operation rounds once: correctly (Clinger).
        if decimal.isComplete, decimal.digits <= 1 << 53, decimal.exponent.magnitude <= 22 {
            let digits = Double(decimal.digits)
            let power = powersOfTen[Int(decimal.exponent.magnitude)]
            let magnitude = decimal.exponent < 0 ? digits / power : digits * power
            return decimal.isNegative ? -magnitude : magnitude
        }
        let spelling = unsafe text.extracting(range).withUnsafeBytes { unsafe String(decoding: $0, as: UTF8.self) }
        guard let value = Double(spelling), value.isFinite else { return nil }
        return value
    }

    private static func int(magnitude: UInt64, exponent: Int, isNegative: Bool) -> Int? {
        var magnitude = magnitude
        var exponent = exponent
        if magnitude == 0 { return 0 }
        while exponent < 0 {
            guard magnitude % 10 == 0 else { return nil }
            magnitude /= 10
            exponent += 1
        }
        while exponent > 0 {
            let (product, overflow) = magnitude.multipliedReportingOverflow(by: 10)
            guard !overflow else { return nil }
            magnitude = product
            exponent -= 1
        }
        if isNegative { return magnitude <= Int.min.magnitude ? Int(truncatingIfNeeded: 0 &- magnitude) : nil }
        return Int(exactly: magnitude)
    }

    /// For more digits than 64 bits hold: those behind the last one that is not zero do not count.
    private static func slowInt(_ text: RawSpan, _ range: Range<Int>) -> Int? {
        let decimal = Decimal(text, range, ignoringTrailingZeros: true)
        guard decimal.isComplete else { return nil }
        return int(magnitude: decimal.digits, exponent: decimal.exponent, isNegative: decimal.isNegative)
    }

    private static let powersOfTen: [Double] = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22,
    ]
}

/// A number as whole digits and a power of ten.
private struct Decimal {
    var isNegative = false
    var digits: UInt64 = 0
    var exponent = 0
    /// Whether all digits found room.
    var isComplete = true

    init(_ text: RawSpan, _ range: Range<Int>, ignoringTrailingZeros: Bool = false) {
        var offset = range.lowerBound
        if Lexer.byte(text, offset) == UInt8(ascii: "-") {
            isNegative = true
            offset += 1
        }
        var isFraction = false
        var zeros = 0
        while offset < range.upperBound {
            let byte = Lexer.byte(text, offset)
            if byte | 0x20 == UInt8(ascii: "e") { break }
            offset += 1
            if byte == UInt8(ascii: ".") {
                isFraction = true
                continue
            }
            if isFraction { exponent -= 1 }
            if ignoringTrailingZeros, byte == UInt8(ascii: "0") {
                zeros += 1
                continue
            }
            // Zeros that turned out to stand inside the digits, not behind them.
            while zeros > 0, digits > 0, isComplete {
                append(0)
                zeros -= 1
            }
            zeros = 0
            append(UInt64(byte &- UInt8(ascii: "0")))
            if !isComplete { return }
        }
        exponent += zeros
        if offset < range.upperBound { addExponent(text, offset + 1..<range.upperBound) }
    }

    private mutating func append(_ digit: UInt64) {
        let (product, overflow) = digits.multipliedReportingOverflow(by: 10)
        let (sum, carry) = product.addingReportingOverflow(digit)
        if overflow || carry { isComplete = false } else { digits = sum }
    }

    private mutating func addExponent(_ text: RawSpan, _ range: Range<Int>) {
        var value = 0
        var isNegative = false
        for offset in range {
            let byte = Lexer.byte(text, offset)
            if byte == UInt8(ascii: "-") { isNegative = true }
            guard byte &- UInt8(ascii: "0") <= 9 else { continue }
            // Beyond this no digits in a text below 2 GiB can bring the value back into any range.
            value = min(value * 10 + Int(byte &- UInt8(ascii: "0")), 1 << 40)
        }
        exponent += isNegative ? -value : value
    }
}
