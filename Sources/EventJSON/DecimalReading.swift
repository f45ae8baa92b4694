/// Reads the value of numbers that a `Lexer` has accepted, straight from their bytes.
enum DecimalReading {
    /// The value when it is whole and fits, without rounding: `5.0` and `50e-1` are 5, `5.5` is nil.
    static func int(_ text: RawSpan, _ range: Range<Int>) -> Int? {
        // Most are indices.
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

    /// The nearest double; nil when the number is beyond the greatest finite one.
    static func double(_ text: RawSpan, _ range: Range<Int>) -> Double? {
        let decimal = DecimalSpelling(text, range)
        // Both the digits and the power of ten are exact doubles, so one operation rounds once: correctly (Clinger).
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
