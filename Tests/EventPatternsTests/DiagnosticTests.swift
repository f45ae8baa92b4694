import ConfigSource
import EventJSON
import EventPatterns
import Testing

/// Diagnostics for invalid patterns: the location, the mistake, and what to write.
struct DiagnosticTests {
    struct Mistake: Sendable, CustomTestStringConvertible {
        let pattern: String
        let column: Int
        let message: String
        let help: String?

        init(_ pattern: String, _ column: Int, _ message: String, help: String? = nil) {
            self.pattern = pattern
            self.column = column
            self.message = message
            self.help = help
        }

        var testDescription: String { pattern }

        var rendered: String {
            let caret = String(repeating: " ", count: column - 1) + "^"
            return "pattern:1:\(column): error: \(message)\n    1 | \(pattern)\n      | \(caret)"
                + (help.map { "\n   help: \($0)" } ?? "")
        }
    }

    @Test(arguments: [
        Mistake(
            "[]", 1, "a pattern is a mapping of fields, not a list",
            help: "write a field and what it may be: `type: response.done`"),
        Mistake(
            #""x""#, 1, "a pattern is a mapping of fields, not a string",
            help: #"write a field and what it may be: `type: "x"`"#),
        Mistake(
            #"["response.done", "error"]"#, 1, "a pattern is a mapping of fields, not a list",
            help: #"write the types under `type`: `type: ["response.done", "error"]`"#),
        Mistake(
            #"[{"a": 1}, {"b": 2}]"#, 1, "a pattern is a mapping of fields, not a list",
            help: "if one of several patterns has to match, write `$or: [{…}, {…}]`"),
        Mistake(#"{"or": [{"a": 1}, {"b": 2}]}"#, 2, "there is no `or`", help: "did you mean `$or`?"),
        Mistake(#"{"any_of": [{"a": 1}]}"#, 2, "there is no `any_of`", help: "did you mean `$or`?"),
        Mistake(
            #"{"all": [{"a": 1}, {"b": 2}]}"#, 2, "there is no `all`",
            help: "all fields in one mapping have to match: write them without an operator"),
        Mistake(
            #"{"not": [{"a": 1}]}"#, 2, "there is no `not`", help: "write `[{anything-but: value}]` at the field"),
        Mistake(
            "{}", 1, "the pattern names no field", help: "an empty pattern would match every event: leave it out"),
        Mistake(
            #"{"a": {}}"#, 7, "there is no field and no value under `a`", help: "write `[{exists: true}]` for any value"
        ),
        Mistake(
            #"{"a": []}"#, 7, "an empty list of alternatives never matches",
            help: "write `[{exists: true}]` for any value, or leave the field out"),
        Mistake(
            #"{"a": [["x"]]}"#, 8, "a list inside a list of alternatives",
            help: "write all alternatives in one list: `[a, b]`"),
        Mistake(
            #"{"a": [{}]}"#, 8, "an empty mapping is no alternative", help: "write `[{exists: true}]` for any value"),
        Mistake(
            #"{"type": {"prefix": "response."}}"#, 11, "`prefix` is an operator and goes in a list",
            help: #"write `[{prefix: "response."}]`"#),
        Mistake(
            #"{"a": {"anything-but": ["x", "y"]}}"#, 8, "`anything-but` is an operator and goes in a list",
            help: #"write `[{anything-but: ["x", "y"]}]`"#),
        Mistake(
            #"{"prefix": "x"}"#, 2, "`prefix` is an operator, and a pattern begins with a field",
            help: "write `field: [{prefix: …}]`"),
        Mistake(#"{"a": [{"prefx": "x"}]}"#, 9, "unknown operator `prefx`", help: "did you mean `prefix`?"),
        Mistake(
            #"{"a": [{"contains": "x"}]}"#, 9, "unknown operator `contains`",
            help: #"write `[{wildcard: "*x*"}]`, or `[{phrase: "x"}]` for what people say"#),
        Mistake(
            #"{"a": [{">=": 5}]}"#, 9, "unknown operator `>=`", help: #"write `[{numeric: [">=", 5]}]`"#),
        Mistake(
            #"{"a": [{"city": "x"}]}"#, 9, "unknown operator `city`",
            help: "operators: `exactly`, `prefix`, `suffix`, `equals-ignore-case`, `wildcard`, `phrase`, `regexp`, "
                + "`numeric`, `cidr`, `exists`, `anything-but`, `list`"),
        Mistake(
            #"{"item": [{"type": ["x"]}]}"#, 12, "unknown operator `type`",
            help: "fields inside `item` are written without the list"),
        Mistake(
            #"{"item": [{"type": "x", "role": "user"}]}"#, 11, "fields inside a list of alternatives",
            help: "fields inside `item` are written without the list"),
        Mistake(
            #"{"a": [{"prefix": "x", "suffix": "y"}]}"#, 24, "a mapping in a list of alternatives takes one operator",
            help: "for either of them write `[{prefix: …}, {suffix: …}]`; one field cannot demand both"),
        Mistake(
            #"{"$and": [{"a": 1}]}"#, 2, "there is no `$and`",
            help: "all fields in one mapping have to match: write them without an operator"),
        Mistake(#"{"$not": {"a": 1}}"#, 2, "there is no `$not`", help: "write `[{anything-but: value}]` at the field"),
        Mistake(#"{"$OR": [{"a": 1}]}"#, 2, "there is no `$OR`", help: "did you mean `$or`?"),
    ])
    func shape_reportsMistakes(_ mistake: Mistake) {
        #expect(diagnosis(mistake.pattern) == mistake.rendered)
    }

    @Test(arguments: [
        Mistake(
            #"{"a": [{"prefix": 5}]}"#, 19, "`prefix` takes a string, not a number",
            help: #"only strings can match it; for the text write `"5"`"#),
        Mistake(
            #"{"a": [{"suffix": ["x", "y"]}]}"#, 19, "`suffix` takes a string, not a list",
            help: "write an alternative for each: `[{suffix: …}, {suffix: …}]`"),
        Mistake(
            #"{"a": [{"equals-ignore-case": ["x"]}]}"#, 31, "`equals-ignore-case` takes a string, not a list",
            help: "write an alternative for each: `[{equals-ignore-case: …}, {equals-ignore-case: …}]`"),
        Mistake(
            #"{"a": [{"prefix": {"wildcard": "x"}}]}"#, 19,
            "`prefix` takes a string or `{equals-ignore-case: …}`, not another operator",
            help: "write `[{prefix: {equals-ignore-case: text}}]`"),
        Mistake(#"{"a": [{"wildcard": {"x": 1}}]}"#, 21, "`wildcard` takes a string, not a mapping"),
        Mistake(
            #"{"a": [{"exists": "true"}]}"#, 19, "`exists` takes true or false, not a string",
            help: "leave the quotes out"),
        Mistake(#"{"a": [{"exists": null}]}"#, 19, "`exists` takes true or false, not null"),
        Mistake(
            #"{"a": [{"wildcard": "a**b"}]}"#, 21, "`**` in a wildcard says no more than `*`", help: "write `*` once"),
        Mistake(
            #"{"a": [{"wildcard": "a\\b"}]}"#, 21, "a backslash in a wildcard stands before `*` or `\\`",
            help: #"write `\\` for a backslash itself"#),
        Mistake(
            #"{"a": [{"wildcard": "a\\"}]}"#, 21, "a backslash in a wildcard stands before `*` or `\\`",
            help: #"write `\\` for a backslash itself"#),
        Mistake(
            #"{"a": [{"wildcard": "*a*b*c*d*e*f*g*h*"}]}"#, 21, "9 stars in a wildcard: at most 8",
            help: "`regexp` has no such limit: `.*` is any run of characters"),
        Mistake(
            #"{"a": [{"list": "colors"}]}"#, 17, "there is no list `colors`", help: "did you mean `colours`?"),
        Mistake(#"{"a": [{"list": "x"}]}"#, 17, "there is no list `x`", help: "lists: `colours`, `empty`, `mixed`"),
        Mistake(#"{"a": [{"list": "empty"}]}"#, 17, "the list `empty` is empty: it never matches"),
        Mistake(#"{"a": [{"list": 5}]}"#, 17, "`list` takes the name of a list, not a number"),
        Mistake(
            #"{"a": [{"phrase": {"list": "mixed"}}]}"#, 28,
            "`phrase` takes strings, and the list holds other values too"),
        Mistake(#"{"a": [{"phrase": []}]}"#, 19, "`phrase` takes at least one string"),
        Mistake(
            #"{"a": [{"cidr": "10.0.0.0"}]}"#, 17, "`10.0.0.0` is not a block of addresses",
            help: #"write an address and its prefix length in bits: `10.0.0.0/8`, `"2001:db8::/32"`"#),
        Mistake(
            #"{"a": [{"cidr": "10.0.0/8"}]}"#, 17, "`10.0.0` is not an IP address",
            help: #"write an address and its prefix length in bits: `10.0.0.0/8`, `"2001:db8::/32"`"#),
        Mistake(
            #"{"a": [{"cidr": "10.0.0.0/33"}]}"#, 17, "the prefix length of an IPv4 block is 0 to 32, not `33`"),
        Mistake(#"{"a": [{"cidr": "::/129"}]}"#, 17, "the prefix length of an IPv6 block is 0 to 128, not `129`"),
    ])
    func operators_reportMistakes(_ mistake: Mistake) {
        let lists: [String: [JSONValue]] = ["colours": ["red"], "empty": [], "mixed": ["red", 5]]
        #expect(diagnosis(mistake.pattern, lists: lists) == mistake.rendered)
    }

    @Test(arguments: [
        Mistake(
            #"{"a": [{"anything-but": true}]}"#, 25, "`anything-but` takes strings or numbers",
            help: "to exclude true, false or null, list the values that are allowed"),
        Mistake(
            #"{"a": [{"anything-but": ["x", null]}]}"#, 31, "`anything-but` takes strings or numbers",
            help: "to exclude true, false or null, list the values that are allowed"),
        Mistake(
            #"{"a": [{"anything-but": ["x", 5]}]}"#, 31, "`anything-but` takes strings or numbers, not both",
            help: "a string never equals a number: keep the values of the field's type"),
        Mistake(
            #"{"a": [{"anything-but": []}]}"#, 25, "`anything-but` takes at least one value",
            help: "write `[{exists: true}]` for any value"),
        Mistake(
            #"{"a": [{"anything-but": [["x"]]}]}"#, 26,
            "`anything-but` takes values or one operator, not a list among values",
            help: "write `[{anything-but: [a, b]}]` or `[{anything-but: {prefix: [a, b]}}]`"),
        Mistake(
            #"{"a": [{"anything-but": {"prefix": ""}}]}"#, 36,
            "every string has the empty prefix: no string would match",
            help: "leave it out"),
        Mistake(
            #"{"a": [{"anything-but": {"numeric": ["<", 5]}}]}"#, 26, "`anything-but` does not take `numeric`",
            help: "it takes values, `prefix`, `suffix`, `equals-ignore-case`, `wildcard`, `phrase`, `regexp`"),
        Mistake(
            #"{"a": [{"anything-but": {"exists": true}}]}"#, 26, "`anything-but` does not take `exists`",
            help: "write `[{exists: …}]` as an alternative of its own"),
        Mistake(
            #"{"a": [{"anything-but": {"sufix": "x"}}]}"#, 26, "`anything-but` does not take `sufix`",
            help: "did you mean `suffix`?"),
        Mistake(
            #"{"a": [{"anything-but": {"prefix": "x", "suffix": "y"}}]}"#, 25,
            "`anything-but` takes one operator, not 2"),
        Mistake(
            #"{"a": [{"anything-but": {"prefix": 5}}]}"#, 36, "`prefix` takes a string, not a number",
            help: #"only strings can match it; for the text write `"5"`"#),
        Mistake(
            #"{"a": [{"anything-but": {"suffix": ["x", ""]}}]}"#, 42,
            "every string has the empty suffix: no string would match",
            help: "leave it out"),
        Mistake(
            #"{"a": [{"anything-but": {"cidr": "10.0.0.0/8"}}]}"#, 26, "`anything-but` does not take `cidr`",
            help: "it takes values, `prefix`, `suffix`, `equals-ignore-case`, `wildcard`, `phrase`, `regexp`"),
        Mistake(
            #"{"a": [{"anything-but": {"anything-but": "x"}}]}"#, 26, "`anything-but` does not take `anything-but`",
            help: "it takes values, `prefix`, `suffix`, `equals-ignore-case`, `wildcard`, `phrase`, `regexp`"),
        Mistake(
            #"{"a": [{"anything-but": null}]}"#, 25, "`anything-but` takes strings or numbers",
            help: "to exclude true, false or null, list the values that are allowed"),
        Mistake(
            #"{"a": [{"anything-but": {"prefix": []}}]}"#, 36, "`prefix` takes at least one string"),
        Mistake(
            #"{"a": [{"anything-but": {}}]}"#, 25, "`anything-but` takes one operator, not 0"),
    ])
    func anythingBut_reportsMistakes(_ mistake: Mistake) {
        #expect(diagnosis(mistake.pattern) == mistake.rendered)
    }

    private static let numericHelp =
        #"write a comparison and a number, `[">=", 5]`, or a lower bound and an upper one, `[">=", 0, "<", 10]`"#

    @Test(arguments: [
        Mistake(#"{"a": [{"numeric": 5}]}"#, 20, "`numeric` takes a list, not a number", help: numericHelp),
        Mistake(
            #"{"a": [{"numeric": ["<", 5, ">"]}]}"#, 20,
            "`numeric` takes one comparison or two, and its list has 3 elements", help: numericHelp),
        Mistake(
            #"{"a": [{"numeric": ["!=", 5]}]}"#, 21,
            "the comparison in `numeric` is one of `=`, `<`, `<=`, `>`, `>=`, not `!=`", help: numericHelp),
        Mistake(
            #"{"a": [{"numeric": ["<", 5, ">", 1]}]}"#, 21,
            "the first of two comparisons in `numeric` is one of `>`, `>=`, not `<`", help: numericHelp),
        Mistake(
            #"{"a": [{"numeric": [">=", 0, ">", 1]}]}"#, 30,
            "the second comparison in `numeric` is one of `<`, `<=`, not `>`", help: numericHelp),
        Mistake(
            #"{"a": [{"numeric": [">=", 5, "<=", 5]}]}"#, 27, "the lower bound has to lie below the upper one",
            help: "for exactly this number write `[\"=\", 5]`"),
        Mistake(
            #"{"a": [{"numeric": [">", 10, "<", 5]}]}"#, 26, "the lower bound has to lie below the upper one",
            help: "no number is above 10 and below 5"),
        Mistake(
            #"{"a": [{"numeric": [">", 5, "<", 5]}]}"#, 26, "the lower bound has to lie below the upper one",
            help: "no number is above 5 and below 5"),
        Mistake(
            #"{"a": [{"numeric": [1, 5]}]}"#, 21,
            "the comparison in `numeric` is one of `=`, `<`, `<=`, `>`, `>=`, not a number", help: numericHelp),
        Mistake(
            #"{"a": [{"numeric": []}]}"#, 20,
            "`numeric` takes one comparison or two, and its list has 0 elements", help: numericHelp),
        Mistake(
            #"{"a": [{"numeric": [">=", 0, "<", 10, "=", 5]}]}"#, 20,
            "`numeric` takes one comparison or two, and its list has 6 elements", help: numericHelp),
        Mistake(
            #"{"a": [{"numeric": [">", 1e400]}]}"#, 26,
            "binary64 cannot hold `1e400` exactly, so it cannot be compared",
            help: "write it with at most 15 digits"),
        Mistake(#"{"a": [{"numeric": [">", true]}]}"#, 26, "`numeric` compares with a number, not true"),
        Mistake(
            #"{"a": [{"numeric": [">", "5"]}]}"#, 26, "`numeric` compares with a number, not a string",
            help: "leave the quotes out"),
        Mistake(#"{"a": [{"numeric": [">", []]}]}"#, 26, "`numeric` compares with a number, not a list"),
        Mistake(
            #"{"a": [{"numeric": [">", 9007199254740993]}]}"#, 26,
            "binary64 cannot hold `9007199254740993` exactly, so it cannot be compared",
            help: "write it with at most 15 digits"),
    ])
    func numeric_reportsMistakes(_ mistake: Mistake) {
        #expect(diagnosis(mistake.pattern) == mistake.rendered)
    }

    @Test(arguments: [
        Mistake(
            #"{"$or": {"a": 1}}"#, 9, "`$or` takes a list of patterns, not a mapping",
            help: "write `$or: [{a: [1]}, {b: [2]}]`"),
        Mistake(
            #"{"$or": [{"a": 1}]}"#, 9, "`$or` needs at least two patterns to choose from",
            help: "a single one is written without `$or`"),
        Mistake(
            #"{"$or": [{"a": 1}, "x"]}"#, 20, "a branch of `$or` is a mapping of fields, not a string"),
        Mistake(#"{"$or": [{"a": 1}, {}]}"#, 20, "a branch of `$or` is a mapping of fields, not an empty mapping"),
        Mistake(
            #"{"$or": "x"}"#, 9, "`$or` takes a list of patterns, not a string",
            help: "write `$or: [{a: [1]}, {b: [2]}]`"),
        Mistake(
            #"{"$or": []}"#, 9, "`$or` needs at least two patterns to choose from",
            help: "a single one is written without `$or`"),
        Mistake(#"{"$or": [{"a": 1}, [{"b": 1}]]}"#, 20, "a branch of `$or` is a mapping of fields, not a list"),
        Mistake(
            #"{"$or": [{"a": 1}, {"b": {}}]}"#, 26, "there is no field and no value under `b`",
            help: "write `[{exists: true}]` for any value"),
        Mistake(
            #"{"a": {"$or": [{"prefix": "x"}, {"b": 1}]}}"#, 17,
            "`prefix` is an operator, and a branch of `$or` begins with a field",
            help: "alternatives of one field need no `$or`: `field: [{prefix: …}, …]`"),
    ])
    func or_reportsMistakes(_ mistake: Mistake) {
        #expect(diagnosis(mistake.pattern) == mistake.rendered)
    }

    @Test func diagnostics_reportAllMistakesTogether() {
        let pattern = """
            {
              "type": {"prefix": "response."},
              "status": [{"prefx": "x"}, ["y"], {"exists": "yes"}],
              "type": ["z"]
            }
            """
        #expect(
            diagnosis(pattern) == """
                pattern:2:12: error: `prefix` is an operator and goes in a list
                    2 |   "type": {"prefix": "response."},
                      |            ^
                   help: write `[{prefix: "response."}]`

                pattern:3:15: error: unknown operator `prefx`
                    3 |   "status": [{"prefx": "x"}, ["y"], {"exists": "yes"}],
                      |               ^
                   help: did you mean `prefix`?

                pattern:3:30: error: a list inside a list of alternatives
                    3 |   "status": [{"prefx": "x"}, ["y"], {"exists": "yes"}],
                      |                              ^
                   help: write all alternatives in one list: `[a, b]`

                pattern:3:48: error: `exists` takes true or false, not a string
                    3 |   "status": [{"prefx": "x"}, ["y"], {"exists": "yes"}],
                      |                                                ^

                pattern:4:3: error: `type` is a duplicate key
                    4 |   "type": ["z"]
                      |   ^
                   help: put the alternatives into one list
                pattern:2:3: note: the first is here
                    2 |   "type": {"prefix": "response."},
                      |   ^
                """)
    }

    @Test(arguments: [
        ("{\"a\": [1,]}", "pattern:1:10: error: the pattern is not JSON: expected a value at byte 9"),
        ("", "pattern:1:1: error: the pattern is not JSON: unexpected end of the text at byte 0"),
        ("{\"a\":\n [\"é\" x]}", "pattern:2:7: error: the pattern is not JSON: expected `,` or `]` at byte 13"),
    ])
    func invalidJSON_isReported(_ pattern: String, _ message: String) {
        #expect(diagnosis(pattern).hasPrefix(message + "\n"))
    }

    @Test(arguments: [
        (Node.Scalar("yes", isQuoted: false), "plain `yes` is a string, not true"),
        (Node.Scalar("0x1F", isQuoted: false), "plain `0x1F` is a string, not a number"),
        (Node.Scalar("1_000", isQuoted: false), "plain `1_000` is a string, not a number"),
        (Node.Scalar("", isQuoted: false), "a value is missing"),
    ])
    func ambiguousScalars_areReported(_ scalar: Node.Scalar, _ message: String) {
        let value = Node(.scalar(scalar))
        for pattern: Node in [
            ["a": value], ["a": [value]], ["a": [["prefix": value]]], ["a": [["anything-but": value]]],
        ] {
            let diagnostics = Diagnostics()
            #expect(Pattern(pattern, diagnostics) == nil)
            #expect(diagnostics.items.map(\.message) == [message])
        }
        let quoted = Node(.scalar(Node.Scalar(scalar.text, isQuoted: true)))
        #expect(Pattern(["a": [quoted]], Diagnostics()) != nil)
    }

    @Test func help_isPartOfTheError() {
        let diagnostics = Diagnostics()
        _ = Pattern(["a": Node(.scalar(Node.Scalar("", isQuoted: false)))], diagnostics)
        #expect(
            diagnostics.rendered()
                == "error: a value is missing\n   help: write `null` for null, or `\"\"` for an empty string")
    }

    @Test func warnings_areReported() throws {
        let diagnostics = Diagnostics()
        let pattern = Pattern(
            ["a": [["anything-but": "x"], ["anything-but": "y"]], "b": [["regexp": "^a$"]]], diagnostics)
        #expect(pattern != nil)
        #expect(
            diagnostics.rendered() == """
                warning: `^` and `$` are plain characters in I-Regexp
                   help: leave them out: an expression has to match the whole string; write `\\^` or `\\$` if they are meant

                warning: one of several `anything-but` is enough: together they match nearly every value of `a`
                   help: put the values into one: `[{anything-but: [a, b]}]`
                """)
    }
}
