import EventJSON
import SchemaValidation
import Testing

/// The violations of a value, in the words that a model receives.
struct ViolationTests {
    private func violations(_ schema: String, _ value: String) throws -> [String] {
        let schema = try JSONSchema(JSONValue(parsing: schema))
        return try schema.violations(in: JSONValue(parsing: value))?.map(\.description) ?? []
    }

    private static let order = #"""
        {"type": "object", "additionalProperties": false, "required": ["items", "city"],
         "properties": {"city": {"type": "string", "minLength": 2}, "units": {"enum": ["C", "F"]},
          "items": {"type": "array", "minItems": 1, "uniqueItems": true, "items": {"type": "object",
            "properties": {"price": {"type": "number", "exclusiveMinimum": 0}, "count": {"type": "integer", "maximum": 9}}}}}}
        """#

    private static let rows: [(schema: String, value: String, violations: [String])] = [
        (order, #"{"city": "Oslo", "items": [{"price": 1.5, "count": 2.0}], "units": "C"}"#, []),
        (
            order, #"{"units": "K"}"#,
            [
                "`items` is missing", "`city` is missing", #"`units` must be one of "C", "F", and is "K""#,
            ]
        ),
        (
            order, #"{"city": "X", "items": [{"price": -1}, {"price": "1", "count": 2.5}], "citi": 1}"#,
            [
                "`city` must have at least 2 characters, and has 1", "`items[0].price` must be above 0, and is -1",
                "`items[1].price` must be a number, and is a string",
                "`items[1].count` must be a whole number, and is 2.5",
                "`citi` is not known; did you mean `city`?",
            ]
        ),
        (
            order, #"{"city": "Oslo", "items": [], "size": 1}"#,
            [
                "`items` must have at least 1 element, and has 0",
                "`size` is not known; known are `city`, `units`, `items`",
            ]
        ),
        (
            order, #"{"city": "Oslo", "items": [{"count": 1}, {"count": 2}, {"count": 1.0}]}"#,
            [
                "`items` must not hold anything twice, and [0] and [2] are the same"
            ]
        ),
        (order, "[]", ["the value must be an object, and is an empty array"]),
        (#"{"type": ["string", "null"]}"#, "5", ["the value must be a string or null, and is a number"]),
        (#"{"const": 5}"#, "6", ["the value must be 5, and is 6"]),
        (#"{"properties": {"a key": false}}"#, #"{"a key": 1}"#, [#"`["a key"]` is not allowed"#]),
        (#"{"multipleOf": 0.01}"#, "0.015", ["the value must be a multiple of 0.01, and is 0.015"]),
        (
            #"{"minimum": 1, "maximum": -1}"#, "0",
            ["the value must be at least 1, and is 0", "the value must be at most -1, and is 0"]
        ),
        (#"{"exclusiveMaximum": 1e400}"#, "1e400", ["the value must be below 1e400, and is 1e400"]),
        (#"{"pattern": "^[A-Z]+$"}"#, #""abc""#, [#"the value must match the pattern "^[A-Z]+$", and is "abc""#]),
        (#"{"maxLength": 1}"#, #""😀😀""#, ["the value must have at most 1 character, and has 2"]),
        (
            #"{"contains": {"type": "string"}, "maxContains": 1}"#, "[1]",
            [
                "the value must hold 1 element of the kind in `contains`, and holds 0"
            ]
        ),
        (
            #"{"contains": {"type": "string"}, "maxContains": 1}"#, #"["a", "b"]"#,
            [
                "the value may hold 1 element of the kind in `contains`, and holds 2"
            ]
        ),
        (#"{"maxProperties": 1}"#, #"{"a": 1, "b": 2}"#, ["the value must have at most 1 member, and has 2"]),
        (#"{"propertyNames": {"maxLength": 1}}"#, #"{"ab": 1}"#, ["`ab` has a name that is not allowed"]),
        (
            #"{"dependentRequired": {"card": ["address"]}}"#, #"{"card": 1}"#,
            ["`address` is missing, and needed beside `card`"]
        ),
        (#"{"not": {"type": "string"}}"#, #""a""#, ["the value must not match the schema under `not`"]),
        (
            #"{"if": {"required": ["a"]}, "then": {"required": ["b"]}, "else": {"required": ["c"]}}"#, #"{"a": 1}"#,
            ["`b` is missing"]
        ),
        (
            #"{"if": {"required": ["a"]}, "then": {"required": ["b"]}, "else": {"required": ["c"]}}"#, "{}",
            ["`c` is missing"]
        ),
        (
            #"{"anyOf": [{"type": "string"}, {"required": ["a"], "properties": {"a": {"type": "string"}}, "type": "object"}]}"#,
            #"{"a": 1}"#,
            [
                "the value fits none of the 2 forms that it may have; nearest is number 2",
                "`a` must be a string, and is a number",
            ]
        ),
        (
            #"{"oneOf": [{"type": "number"}, {"type": "integer"}]}"#, "1",
            [
                "the value must fit only one of the 2 forms that it may have, and fits number 1 and 2"
            ]
        ),
        (
            #"{"properties": {"a": {"type": "string"}}}"#, #"{"a": "x", "a": 1}"#,
            ["`a` must be a string, and is a number"]
        ),
        (
            ##"{"$ref": "#/$defs/a", "maxLength": 1, "$defs": {"a": {"type": "string"}}}"##, #""xy""#,
            [
                "the value must have at most 1 character, and has 2"
            ]
        ),
    ]

    @Test(arguments: rows)
    func violation_isDescribed(_ schema: String, _ value: String, _ expected: [String]) throws {
        #expect(try violations(schema, value) == expected)
    }

    @Test func longText_isTruncated() throws {
        let value = JSONValue.string(String(repeating: "a", count: 1000))
        let schema = try JSONSchema(["enum": ["x"]])
        #expect(
            schema.violations(in: value)?.map(\.description)
                == ["the value must be \"x\", and is \"\(String(repeating: "a", count: 60))\"…"])
    }

    @Test func violations_areLimited() throws {
        let schema = try JSONSchema(["items": ["type": "string"]])
        let value = JSONValue.array((0..<100).map { JSONValue(integerLiteral: $0) })
        #expect(schema.violations(in: value, limit: 3)?.map(\.path) == [[.index(0)], [.index(1)], [.index(2)]])
    }

    @Test func reference_siblingsApplyOnlyInNewDrafts() throws {
        let schema: JSONValue = ["$ref": "#/definitions/a", "maxLength": 1, "definitions": ["a": ["type": "string"]]]
        #expect(try JSONSchema(schema, draft: .draft7).accepts("xy"))
        #expect(try !JSONSchema(schema).accepts("xy"))
        var declared = try #require(schema.object)
        declared["$schema"] = "http://json-schema.org/draft-07/schema#"
        #expect(try JSONSchema(.object(declared)).accepts("xy"))
    }
}
