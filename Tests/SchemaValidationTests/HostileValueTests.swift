import EventJSON
import SchemaValidation
import Testing

/// Values that are designed to exhaust time, memory or the stack.
struct HostileValueTests {
    @Test func recursiveSchema_isGivenUp() throws {
        let schema = try JSONSchema(
            [
                "anyOf": [["properties": ["a": ["$ref": "#"]]], ["properties": ["a": ["$ref": "#"]]]],
                "maxProperties": 1,
            ])
        var value: JSONValue = ["b": 1, "c": 2]
        for _ in 0..<60 { value = ["a": value] }
        #expect(schema.violations(in: value)?.map(\.description) == ["the value takes too long to check"])
    }

    @Test func givenUpCheck_isInvalid() throws {
        let schema = try JSONSchema(
            [
                "not": ["$ref": "#/$defs/a"],
                "$defs": ["a": ["properties": ["a": ["$ref": "#/$defs/a"]], "maxProperties": 0]],
            ])
        var value: JSONValue = [:]
        for _ in 0..<500 { value = ["a": value] }
        #expect(!schema.accepts(value))
        let violation = try #require(schema.violations(in: value)?.first)
        #expect(violation.message == "is nested more than 128 levels deep")
    }

    @Test func uniqueItems_takesLinearTime() throws {
        let schema = try JSONSchema(["uniqueItems": true])
        let value = JSONValue.array((0..<100_000).map { ["n": .number(JSONNumber($0)), "t": "same"] })
        #expect(schema.accepts(value))
    }

    @Test(arguments: [
        "1e1000000000", "-1e1000000000", "1e-1000000000", "0e1000000000",
        "1.\(String(repeating: "0", count: 100_000))1",
    ])
    func numbers_ofAnySize(_ text: String) throws {
        let value = JSONValue.number(try #require(JSONNumber(text: text)))
        let schema = try JSONSchema(["multipleOf": 7, "type": "integer"])
        #expect(schema.accepts(value) == text.hasPrefix("0e"))
        #expect(try JSONSchema(["minimum": 2]).accepts(value) == (text == "1e1000000000"))
    }

    @Test func numbers_areNotRounded() throws {
        let large = try #require(JSONNumber(text: "9007199254740993"))
        #expect(try !JSONSchema(["const": 9_007_199_254_740_992]).accepts(.number(large)))
        #expect(try JSONSchema(["multipleOf": 0.0001]).accepts(.number(#require(JSONNumber(text: "0.0075")))))
        #expect(
            try JSONSchema(["multipleOf": 3]).accepts(
                .number(#require(JSONNumber(text: "1" + String(repeating: "0", count: 30) + "2")))))
    }

    @Test func names_areComparedByCodePoint() throws {
        let schema = try JSONSchema(["properties": ["\u{E9}": true], "additionalProperties": false])
        #expect(schema.accepts(["\u{E9}": 1]))
        #expect(!schema.accepts(["e\u{301}": 1]))
    }
}
