import ConfigSource
import EventJSON
import EventPatterns
import Testing

/// Sets of many patterns, and the properties of a pattern.
struct RuleSetTests {
    @Test func ids_areAscendingAndUnique() throws {
        let patterns = try [
            (30, #"{"a":[{"exists":true}]}"#), (10, #"{"type":"x"}"#), (20, #"{"a":1}"#), (10, #"{"a":1}"#),
            (-5, #"{"type":["x","y"],"a":[1,2]}"#), (20, #"{"type":"never"}"#),
        ].map { (id: $0.0, pattern: try Pattern(json: $0.1)) }
        let plan = FieldPlan([["type"]] + RuleSet.fieldPaths(of: patterns.map(\.pattern)))
        let rules = RuleSet(patterns, plan: plan, typeSlot: 0)
        var slots = FieldSlots(plan)
        var result = MatchResult()
        for (event, ids) in [
            (#"{"type":"x","a":1}"#, [-5, 10, 20, 30]), (#"{"type":"y","a":2}"#, [-5, 30]),
            (#"{"a":1}"#, [10, 20, 30]),
            ("{}", []), (#"{"type":"never"}"#, [20]),
        ] {
            let bytes = Array(event.utf8)
            try plan.scan(bytes.span.bytes, into: &slots)
            rules.match(&slots, bytes.span.bytes, into: &result)
            #expect(result.ids == ids, "\(event)")
            #expect(result.isEmpty == ids.isEmpty)
        }
    }

    /// Rules that the index finds by type, by the texts of another field, by both, and by neither.
    @Test func thousandsOfRules_matchCorrectly() throws {
        let patterns = try (0..<4000).map { number in
            let json =
                switch number % 4 {
                case 0: #"{"type":"type\#(number / 4)"}"#
                case 1: #"{"name":["name\#(number / 4)","other\#(number / 4)"]}"#
                case 2: #"{"type":"call","name":"name\#(number / 4)"}"#
                default: #"{"text":[{"suffix":"-\#(number / 4)"}]}"#
                }
            return try Pattern(json: json)
        }
        var compiled = CompiledPatterns(patterns)
        #expect(try compiled.matches(#"{"type":"type7"}"#) == [28])
        #expect(try compiled.matches(#"{"type":"call","name":"name\u0037"}"#) == [29, 30])
        #expect(try compiled.matches(#"{"name":["name7","other8","other7"]}"#) == [29, 33])
        #expect(try compiled.matches(#"{"type":"type999","name":"name0","text":"x-5"}"#) == [1, 23, 3996])
        #expect(try compiled.matches(#"{"type":"typ","name":"name","text":"x5"}"#) == [])
        // Many matching rules are in order too.
        let everything = try (0..<200).map { try Pattern(json: $0.isMultiple(of: 2) ? #"{"a":1}"# : #"{"type":"x"}"#) }
        var all = CompiledPatterns(everything)
        #expect(try all.matches(#"{"type":"x","a":1}"#) == Array(0..<200))
        #expect(try all.matches(#"{"type":"x"}"#) == Array(stride(from: 1, to: 200, by: 2)))
    }

    @Test func emptySet_matchesNothing() throws {
        var compiled = CompiledPatterns([])
        #expect(try compiled.matches(#"{"type":"x"}"#) == [])
    }

    /// The router replaces the type of the event with its canonical name.
    @Test func replacedType_isMatched() throws {
        let pattern = try Pattern(json: #"{"type":["response.output_audio.delta"]}"#)
        let plan = FieldPlan([["type"]])
        let rules = RuleSet([(id: 1, pattern: pattern)], plan: plan, typeSlot: 0)
        var slots = FieldSlots(plan)
        var result = MatchResult()
        let bytes = Array(#"{"type":"response.audio.delta"}"#.utf8)
        try plan.scan(bytes.span.bytes, into: &slots)
        rules.match(&slots, bytes.span.bytes, into: &result)
        #expect(result.isEmpty)
        slots.replace(0, withText: "response.output_audio.delta")
        rules.match(&slots, bytes.span.bytes, into: &result)
        #expect(result.ids == [1])
    }

    @Test func canonicalTypes_applyToTypeOnly() throws {
        func canonical(_ name: String) -> String { name == "old" ? "new" : name }
        func pattern(_ json: String) throws -> Pattern {
            try Pattern(json: json, lists: ["types": ["old", "x"]], canonicalType: canonical)
        }
        #expect(try pattern(#"{"type":["old",{"exactly":"old"}]}"#).typeLiterals == ["new"])
        #expect(try pattern(#"{"type":[{"list":"types"}]}"#).typeLiterals == ["new", "x"])
        #expect(try !pattern(#"{"type":[{"anything-but":"old"}]}"#).mayMatch(type: "new"))
        #expect(try pattern(#"{"type":[{"prefix":"old"}]}"#).mayMatch(type: "older"))
        // Only the event's own `type` has a canonical name.
        var compiled = CompiledPatterns([try pattern(#"{"item":{"type":"old"}}"#)])
        #expect(try compiled.matches(#"{"item":{"type":"old"}}"#) == [0])
    }

    @Test(
        arguments: [
            (#"{"type":"a"}"#, ["a"], true, true),
            (#"{"type":["a","b"]}"#, ["a", "b"], true, true),
            (#"{"type":["b",{"prefix":"c"}]}"#, nil, true, false),
            (#"{"type":[{"anything-but":"a"}]}"#, nil, true, false),
            (#"{"type":[{"anything-but":"b"}]}"#, nil, true, true),
            (#"{"name":"a"}"#, nil, false, true),
            (#"{"$or":[{"type":"a"},{"type":"b","x":1}]}"#, ["a", "b"], true, true),
            (#"{"$or":[{"type":"b"},{"x":1}]}"#, nil, false, true),
            (#"{"type":[{"exists":false}]}"#, nil, true, false),
        ] as [(String, Set<String>?, Bool, Bool)])
    func typeLiterals_andMayMatch(_ json: String, _ literals: Set<String>?, _ constrains: Bool, _ mayMatchA: Bool)
        throws
    {
        let pattern = try Pattern(json: json)
        #expect(pattern.typeLiterals == literals)
        #expect(pattern.constrainsType == constrains)
        #expect(pattern.mayMatch(type: "a") == mayMatchA)
    }

    @Test func fieldPaths_listAllFields() throws {
        let pattern = try Pattern(json: #"{"type":"x","item":{"content":{"type":["y"]},"$or":[{"a":1},{"b":1}]}}"#)
        #expect(
            Set(pattern.fieldPaths) == [["type"], ["item", "content", "type"], ["item", "a"], ["item", "b"]])
    }

    @Test func location_isThatOfThePattern() throws {
        let file = SourceFile(path: "routes.yml", text: "match:\n  type: x\n")
        let node = Node(.mapping([.init(key: "type", value: "x")]), at: SourceLocation(line: 2, column: 3), in: file)
        let pattern = try #require(Pattern(node, Diagnostics()))
        #expect(pattern.location == SourceLocation(line: 2, column: 3))
        #expect(pattern.file == file)
        #expect(try Pattern(json: #"{"a":1}"#).location == SourceLocation(line: 1, column: 1))
        #expect(Pattern(["a": 1], Diagnostics())?.location == nil)
    }
}
