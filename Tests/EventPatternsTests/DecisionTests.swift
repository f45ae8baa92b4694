import ConfigSource
import EventJSON
import EventPatterns
import Testing

/// Cases in which other implementations of the language differ or are undefined, and our results.
struct DecisionTests {
    @Test(arguments: [
        // A bare value equals a list of one value; an operator has to be in a list.
        Row(#"{"a":"x"}"#, #"{"a":"x"}"#, true),
        Row(#"{"a":5}"#, #"{"a":5.0}"#, true),
        Row(#"{"a":null}"#, "{}", false),
        // A field can have the name of an operator if another field in the mapping does not.
        Row(#"{"a":{"prefix":["x"],"b":[1]}}"#, #"{"a":{"prefix":"x","b":1}}"#, true),
        // A dot is a character of a name; a name may be empty.
        Row(#"{"a.b":["x"]}"#, #"{"a":{"b":"x"}}"#, false),
        Row(#"{"a":{"b":["x"]}}"#, #"{"a.b":"x"}"#, false),
        Row(#"{"a":{"":["x"]}}"#, #"{"a":{"":"x"}}"#, true),
        // All values of a duplicate key count, also in objects.
        Row(#"{"a":[2]}"#, #"{"a":1,"a":2}"#, true),
        Row(#"{"a":[1]}"#, #"{"a":1,"a":2}"#, true),
        Row(#"{"a":{"b":[1],"c":[2]}}"#, #"{"a":{"b":1},"a":{"c":2}}"#, true),
        Row(#"{"a":[{"anything-but":1}]}"#, #"{"a":1,"a":2}"#, true),
        Row(#"{"a":[{"exists":false}]}"#, #"{"a":{},"a":2}"#, false),
        // An address in a list of values is text.
        Row(#"{"a":["10.0.0.1"]}"#, #"{"a":"10.0.0.01"}"#, false),
        Row(#"{"a":["::1"]}"#, #"{"a":"0:0:0:0:0:0:0:1"}"#, false),
        Row(#"{"a":[{"cidr":"10.0.0.1/32"}]}"#, #"{"a":"10.0.0.1"}"#, true),
        Row(#"{"a":[{"cidr":"::1/128"}]}"#, #"{"a":"0:0:0:0:0:0:0:1"}"#, true),
        // Absence is evaluated after all other fields, whichever name comes first.
        Row(#"{"a":{"b":["1"],"c":[{"exists":false}]}}"#, #"{"a":[{"b":"1"},{"c":"2"}]}"#, true),
        Row(#"{"a":{"b":["1"],"a":[{"exists":false}]}}"#, #"{"a":[{"b":"1"},{"a":"2"}]}"#, true),
        // Numbers are equal if their texts are, or if their exact values are.
        Row(#"{"a":[9007199254740993]}"#, #"{"a":9007199254740993}"#, true),
        Row(#"{"a":[9007199254740993]}"#, #"{"a":9007199254740992}"#, false),
        Row(#"{"a":[{"anything-but":9007199254740993}]}"#, #"{"a":9007199254740992}"#, true),
        // Letters fold one to one, and are never composed or decomposed.
        Row(#"{"a":[{"equals-ignore-case":"É"}]}"#, #"{"a":"é"}"#, true),
        Row(#"{"a":[{"equals-ignore-case":"É"}]}"#, #"{"a":"e\u0301"}"#, false),
        Row(#"{"a":[{"anything-but":"é"}]}"#, #"{"a":"e\u0301"}"#, true),
        Row(#"{"a":[{"anything-but":["é","x"]}]}"#, #"{"a":"e\u0301"}"#, true),
        Row(#"{"a":[{"prefix":"e"}]}"#, #"{"a":"e\u0301"}"#, true),
        Row(#"{"a":[{"suffix":"\u0301"}]}"#, #"{"a":"e\u0301"}"#, true),
        Row(#"{"a":[{"wildcard":"e*"}]}"#, #"{"a":"e\u0301"}"#, true),
        // A star matches whole characters.
        Row(#"{"a":[{"wildcard":"*é"}]}"#, #"{"a":"😀é"}"#, true),
        Row(#"{"a":[{"wildcard":"\u00c3*"}]}"#, #"{"a":"é"}"#, false),
        Row(#"{"a":[{"suffix":"\u00a9"}]}"#, #"{"a":"é"}"#, false),
        // `regexp` matches the whole string and has backslash escapes.
        Row(#"{"a":[{"regexp":"call_[0-9]+\\.x"}]}"#, #"{"a":"call_12.x"}"#, true),
        Row(#"{"a":[{"regexp":"[0-9]+"}]}"#, #"{"a":"call_12"}"#, false),
        Row(#"{"a":[{"anything-but":{"regexp":["[0-9]+","[a-z]+"]}}]}"#, #"{"a":"x1"}"#, true),
        Row(#"{"a":[{"anything-but":{"regexp":["[0-9]+","[a-z]+"]}}]}"#, #"{"a":"x"}"#, false),
        // Neither alternative alone holds.
        Row(#"{"a":[{"anything-but":{"wildcard":"*"}},{"equals-ignore-case":"e"}]}"#, #"{"a":"ab"}"#, false),
        Row(#"{"a":[{"anything-but":{"wildcard":"*"}}]}"#, #"{"a":"ab"}"#, false),
        Row(#"{"a":[{"equals-ignore-case":"e"}]}"#, #"{"a":"ab"}"#, false),
        // A field that a branch repeats means AND, at any depth.
        Row(#"{"a":["1"],"$or":[{"a":["2"]},{"a":["1"],"b":[1]}]}"#, #"{"a":"2"}"#, false),
        Row(#"{"a":["1"],"$or":[{"a":["2"]},{"a":["1"],"b":[1]}]}"#, #"{"a":"1","b":1}"#, true),
        Row(#"{"x":{"$or":[{"a":[1]},{"$or":[{"b":[1]},{"b":[2]}]}]}}"#, #"{"x":{"b":2}}"#, true),
    ])
    func matching_followsOurDecisions(_ row: Row) throws {
        #expect(try matches(row.pattern, row.event) == row.verdict)
    }

    /// Scanning invalid JSON throws an error; it never counts as a mismatch.
    @Test(arguments: [
        ("", "unexpected end of the text at byte 0"), (#"{"a":1} x"#, "unexpected text after the value at byte 8"),
        (#"{"a":1}{"a":1}"#, "unexpected text after the value at byte 7"),
        // Also in fields that no pattern uses.
        (#"{"a":1,"z":[tru]}"#, "expected `true`, `false` or `null` at byte 12"),
        (#"{"a":1,"z":{"y":01}}"#, "invalid number at byte 16"),
    ])
    func invalidJSON_throws(_ event: String, _ message: String) throws {
        var compiled = CompiledPatterns([try Pattern(json: #"{"a":1}"#)])
        let error = #expect(throws: JSONSyntaxError.self) { try compiled.matches(event) }
        #expect(error.map { "\($0)" } == message)
    }
}
