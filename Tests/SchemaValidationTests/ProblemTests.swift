import EventJSON
import SchemaValidation
import Testing

/// The problems of a schema, compared as whole messages.
struct ProblemTests {
    private func problems(_ text: String) throws -> [String] {
        do {
            _ = try JSONSchema(JSONValue(parsing: text))
            return []
        } catch let error as InvalidSchema {
            return error.problems.map { "\($0.description)\($0.help.map { " (\($0))" } ?? "")" }
        }
    }

    private static let rows: [(schema: String, problems: [String])] = [
        ("3", ["a schema must be an object, true or false, and this is a number"]),
        (#"{"properties": []}"#, ["properties: `properties` must be an object of schemas, and is an empty array"]),
        (
            #"{"properties": {"a": "string"}}"#,
            ["properties.a: a schema must be an object, true or false, and this is a string"]
        ),
        (
            #"{"type": "text"}"#,
            [
                #"type: "text" is no type (the types are `null`, `boolean`, `integer`, `number`, `string`, `array`, `object`)"#
            ]
        ),
        (#"{"type": ["string", null]}"#, [#"type[1]: null is no type (quote it: `"null"`)"#]),
        (#"{"propertes": {}}"#, [#"propertes: JSON Schema has no keyword "propertes" (did you mean `properties`?)"#]),
        (#"{"note": "mine"}"#, [#"note: JSON Schema has no keyword "note" (did you mean `not`?)"#]),
        (
            #"{"owner": "me", "x-owner": "me"}"#,
            [#"owner: JSON Schema has no keyword "owner" (names of your own begin with `x-`)"#]
        ),
        (#"{"nullable": true}"#, [#"nullable: `nullable` is not supported (write `type: [string, "null"]`)"#]),
        (
            #"{"unevaluatedProperties": false}"#,
            [
                "unevaluatedProperties: `unevaluatedProperties` is not supported (write `additionalProperties` beside the `properties`)"
            ]
        ),
        (#"{"items": {"$id": "x"}}"#, ["items.$id: `$id` below the root is not supported (remove it)"]),
        (#"{"required": "city"}"#, ["required: `required` must be a list of names, and is a string"]),
        (
            #"{"required": ["a", 1, "a"]}"#,
            [
                "required[1]: a name must be a string, and this is a number",
                #"required[2]: "a" stands twice in `required`"#,
            ]
        ),
        (#"{"enum": []}"#, ["enum: `enum` must be a list of values that is not empty, and is an empty array"]),
        (#"{"minLength": -1}"#, ["minLength: `minLength` must be a whole number from 0 on, and is a number"]),
        (#"{"minimum": "1"}"#, ["minimum: `minimum` must be a number, and is a string"]),
        (
            #"{"minimum": 1, "exclusiveMinimum": true}"#,
            [
                "exclusiveMinimum: `exclusiveMinimum` must be a number, and is true (write the bound here, in place of `minimum`)"
            ]
        ),
        (#"{"multipleOf": 0}"#, ["multipleOf: `multipleOf` must be above 0 and have at most 18 digits"]),
        (#"{"uniqueItems": 1}"#, ["uniqueItems: `uniqueItems` must be true or false, and is a number"]),
        (
            #"{"pattern": "a("}"#,
            [
                "pattern: `(` is not closed, at character 2 of the expression (write `\\(` for the character)"
            ]
        ),
        (
            #"{"patternProperties": {"(?=a)": true}}"#,
            [
                #"patternProperties["(?=a)"]: `(?` begins neither `(?:…)` nor `(?<name>…)`, at character 2 of the expression (there is no look-around, and there are no flags)"#
            ]
        ),
        (#"{"anyOf": []}"#, ["anyOf: `anyOf` must be a list of schemas that is not empty, and is an empty array"]),
        (
            ##"{"$ref": "#/$defs/citi", "$defs": {"city": {}}}"##,
            [
                ##"$ref: "#/$defs/citi" leads nowhere: there is no "citi" (did you mean `city`?)"##
            ]
        ),
        (
            #"{"$ref": "other.json"}"#,
            [
                #"$ref: "other.json" does not refer to a place in this schema (references to other documents and to anchors are not supported; write `#/$defs/…`)"#
            ]
        ),
        (##"{"$ref": "#"}"##, ["the schema refers back to itself without going into the value"]),
        (
            ##"{"allOf": [{"$ref": "#/$defs/a"}], "$defs": {"a": {"anyOf": [{"$ref": "#"}]}}}"##,
            [
                "$defs.a.anyOf[0]: the schema refers back to itself without going into the value"
            ]
        ),
        (
            #"{"$defs": {"a": {"type": "text"}}, "minItems": 1.5}"#,
            [
                "minItems: `minItems` must be a whole number from 0 on, and is 1.5",
                #"$defs.a.type: "text" is no type (the types are `null`, `boolean`, `integer`, `number`, `string`, `array`, `object`)"#,
            ]
        ),
    ]

    @Test(arguments: rows)
    func problem_isReportedAtItsPath(_ schema: String, _ expected: [String]) throws {
        #expect(try problems(schema) == expected)
    }

    @Test(arguments: [
        #"{"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": "x", "title": "t", "format": "date", "default": 1}"#,
        ##"{"properties": {"next": {"$ref": "#"}}}"##, ##"{"$ref": "#/mine/a", "mine": {"a": {"type": "string"}}}"##,
        "true", "{}",
    ])
    func schema_withoutProblems(_ schema: String) throws {
        #expect(try problems(schema) == [])
    }

    @Test func hostileSchema_isRejected() throws {
        var schema: JSONValue = true
        for _ in 0..<300 { schema = ["items": schema] }
        let error = #expect(throws: InvalidSchema.self) { try JSONSchema(schema) }
        #expect(error?.problems.map(\.message) == ["schemas are nested more than 128 deep"])
    }
}
