import EventJSON
import Testing

struct JSONNumberTests {
    /// The value as the tree and as the slots read it.
    private func readings(_ text: String) throws -> (tree: JSONNumber, int: Int?, double: Double?) {
        let plan = FieldPlan([["n"]])
        var slots = FieldSlots(plan)
        let bytes = Array(#"{"n":\#(text)}"#.utf8)
        try plan.scan(bytes.span.bytes, into: &slots)
        let number = try #require(JSONNumber(text: text))
        return (number, slots.int(slot: 0, in: bytes.span.bytes), slots.double(slot: 0, in: bytes.span.bytes))
    }

    @Test(
        arguments: [
            ("0", 0), ("-0", 0), ("5", 5), ("-5", -5), ("5.0", 5), ("5e0", 5), ("50e-1", 5), ("0.5e1", 5), ("5.5", nil),
            ("1e18", 1_000_000_000_000_000_000), ("1e19", nil), ("0e99999999999999999999", 0), ("0.000", 0),
            ("9223372036854775807", .max), ("-9223372036854775808", .min), ("9223372036854775808", nil),
            ("-9223372036854775809", nil), ("18446744073709551615", nil), ("18446744073709551616", nil),
            ("9007199254740993", 9_007_199_254_740_993), ("1e-1", nil), ("1e-99999999999999999999", nil),
            ("1e99999999999999999999", nil), ("5.00000000000000000000000000000", 5),
            ("500000000000000000000000000000e-29", 5), ("5.00000000000000000000000000001", nil),
            ("0.00000000000000000000000000005e29", 5), ("100.10", nil), ("100.0", 100),
            ("1000000000000000000000e-20", 10),
        ] as [(String, Int?)])
    func int_isExact(text: String, value: Int?) throws {
        let readings = try readings(text)
        #expect(readings.tree.int == value)
        #expect(readings.int == value)
    }

    @Test(arguments: [
        "0", "-0", "-0.0", "5", "5.5", "0.1", "1e22", "1e23", "123456789012345678", "9007199254740993",
        "1.7976931348623157e308",
        "5e-324", "2.2250738585072011e-308", "1e-400", "0.30000000000000004", "100000000000000000000000",
        "3.14159265358979",
        "1.00000000000000011102230246251565", "9007199254740992e-22", "9007199254740993e1", "-9007199254740995e-3",
        "9007199254740991e22", "8.5e-22",
    ])
    func double_isTheNearest(text: String) throws {
        let readings = try readings(text)
        let value = Double(text)
        #expect(readings.tree.double?.bitPattern == value?.bitPattern)
        #expect(readings.double?.bitPattern == value?.bitPattern)
    }

    @Test(arguments: ["1e309", "-1e400", "1.7976931348623159e308"])
    func double_isNilBeyondTheGreatest(text: String) throws {
        let readings = try readings(text)
        #expect(readings.tree.double == nil)
        #expect(readings.double == nil)
    }

    @Test(arguments: [
        (5.0, "5.0"), (0.1, "0.1"), (-0.0, "-0.0"), (1e16, "1e+16"), (.leastNonzeroMagnitude, "5e-324"),
        (-2.5e-7, "-2.5e-07"),
        (1.7976931348623157e308, "1.7976931348623157e+308"),
    ])
    func double_roundTrips(value: Double, text: String) throws {
        #expect(JSONNumber(value).text == text)
        #expect(try JSONValue(parsing: text).double?.bitPattern == value.bitPattern)
    }

    @Test(arguments: ["", " 1", "1 ", "01", "+1", "1.", ".5", "NaN", "0x1", "1e", "-", "1,", "١"])
    func text_mustBeANumber(text: String) {
        #expect(JSONNumber(text: text) == nil)
    }

    @Test func equality_comparesSpelling() {
        #expect(JSONNumber(text: "5") == 5)
        #expect(JSONNumber(text: "5.0") == 5.0)
        #expect(JSONNumber(text: "5.0") != 5)
        #expect(JSONNumber(.min).text == "-9223372036854775808")
    }
}
