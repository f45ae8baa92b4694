import EventJSON
import Testing

/// The parts of a number, on which all comparisons and conversions are based.
@Suite struct DecimalSpellingTests {
    @Test(arguments: [
        ("0", false, "", 0), ("-0", true, "", 0), ("0.000", false, "", 0), ("0e5", false, "", 0), ("5", false, "5", 0),
        ("-120", true, "12", 1), ("1.50", false, "15", -1), ("0.05", false, "5", -2), ("10.010", false, "1001", -2),
        ("100e-2", false, "1", 0), ("1.5E+3", false, "15", 2), ("0.00e9", false, "", 0),
        ("123456789012345678901234567890", false, "12345678901234567890123456789", 1),
        ("1e99999999999999999999", false, "1", 1 << 40), ("1e-99999999999999999999", false, "1", -(1 << 40)),
    ])
    func decimalSpelling_parts(_ number: String, _ isNegative: Bool, _ digits: String, _ exponent: Int) {
        // With other bytes before and after it.
        let text = Array("[\(number),9]".utf8)
        let span = text.span.bytes
        let decimal = DecimalSpelling(span, 1..<1 + number.utf8.count)
        #expect(decimal.isNegative == isNegative && decimal.count == digits.count && decimal.exponent == exponent)
        #expect(decimal.digits(in: span).map(String.init).joined() == digits)
        #expect(decimal.coefficient(in: span) == (digits.isEmpty ? 0 : UInt64(digits)))
    }

    @Test(
        arguments: [
            ("18446744073709551615", UInt64.max), ("18446744073709551616", nil), ("184467440737095516150", UInt64.max),
            ("99999999999999999999", nil), ("0.18446744073709551615", UInt64.max),
        ] as [(String, UInt64?)])
    func decimalSpelling_coefficient(_ number: String, _ coefficient: UInt64?) {
        let text = Array(number.utf8)
        let decimal = DecimalSpelling(text.span.bytes, 0..<text.count)
        #expect(decimal.coefficient(in: text.span.bytes) == coefficient)
    }

    @Test(
        arguments: [
            ("9223372036854775807", Int.max), ("-9223372036854775808", Int.min), ("9223372036854775808", nil),
            ("-9223372036854775809", nil), ("922337203685477580700e-2", Int.max), ("0.5e1", 5), ("50e-1", 5),
            ("5.5", nil),
            ("-0.0", 0), ("1e18", 1_000_000_000_000_000_000), ("1e19", nil), ("1e1099511627776", nil),
            ("0e1099511627776", 0),
            ("100000000000000000000000e-20", 1000),
        ] as [(String, Int?)])
    func number_int(_ number: String, _ value: Int?) {
        #expect(JSONNumber(text: number)?.int == value)
    }
}
