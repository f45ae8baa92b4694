import ConfigSource
import RouteFile
import Testing

/// Nodes and locations of valid YAML.
@Suite struct YAMLValueTests {
    private func read(_ text: String) throws -> Node {
        let diagnostics = Diagnostics()
        let node = YAML.read(SourceFile(path: "r.yml", text: text), diagnostics)
        #expect(diagnostics.rendered() == "")
        return try #require(node)
    }

    @Test func values_blockCollectionsAndComments() throws {
        let root = try read(
            """
            # a comment
            version: 1   # and another
            routes:
              - name: first
                to: [a, "b"]

              - { name: second, match: { type: [ { prefix: response. } ] } }
            empty:
            """)
        #expect(root["version"]?.number == "1")
        #expect(root["routes"]?.list?.count == 2)
        #expect(root["routes"]?.list?[0]["to"]?.list?.map { $0.string ?? "" } == ["a", "b"])
        #expect(root["routes"]?.list?[1]["match"]?["type"]?.list?[0]["prefix"]?.string == "response.")
        #expect(root["routes"]?.list?[1].location == SourceLocation(line: 7, column: 5))
        #expect(root["empty"]?.isNull == true)
        #expect(root.entries?.map(\.name) == ["version", "routes", "empty"])
    }

    @Test func values_multilineText() throws {
        let root = try read(
            "plain: one\n  two\nliteral: |\n  one\n  two\nfolded: >-\n  one\n  two\nquoted: \"one\n  two\"")
        #expect(root["plain"]?.string == "one two")
        #expect(root["literal"]?.string == "one\ntwo\n")
        #expect(root["folded"]?.string == "one two")
        #expect(root["quoted"]?.string == "one two")
    }

    @Test func values_quotedScalarsAreStrings() throws {
        let root = try read("- \"1\"\n- 'true'\n- \"\"\n- |\n  1\n- \"a\\u0041\\0\\n\"\n- 'it''s'")
        #expect(root.list?.map { $0.string ?? "?" } == ["1", "true", "", "1\n", "aA\u{0}\n", "it's"])
    }

    @Test func values_jsonIsRead() throws {
        let root = try read("{\n\t\"a\": [1, -2.5e3, true, false, null, \"x\\/\\n\"],\n\t\"b\":{\"c\":\"d\"}\n}")
        #expect(root["a"]?.list?[1].number == "-2.5e3")
        #expect(root["a"]?.list?[2].bool == true)
        #expect(root["a"]?.list?[4].isNull == true)
        #expect(root["a"]?.list?[5].string == "x/\n")
        #expect(root["b"]?["c"]?.string == "d")
    }

    @Test func values_punctuationWithoutQuotes() throws {
        let root = try read("- -x\n- ?x\n- :x\n- a:b\n- ::1/128\n- ${X}\n- a#b\n- a & b\n- [<, <=, =]\n- {a: , b: ~}")
        #expect(
            root.list?.prefix(8).map { $0.string ?? "?" } == [
                "-x", "?x", ":x", "a:b", "::1/128", "${X}", "a#b", "a & b",
            ])
        #expect(root.list?[8].list?.map { $0.string ?? "?" } == ["<", "<=", "="])
        #expect(root.list?[9]["a"]?.isNull == true)
        #expect(root.list?[9]["b"]?.isNull == true)
    }

    @Test(arguments: ["\n", "\r\n", "\r"])
    func locations_countLinesAndScalars(_ lineEnd: String) throws {
        let root = try read(["\u{FEFF}é: 😀", "", "\"日本\": [x, y]", ""].joined(separator: lineEnd))
        #expect(root.location == SourceLocation(line: 1, column: 1))
        #expect(root["é"]?.location == SourceLocation(line: 1, column: 4))
        #expect(root["日本"]?.list?[1].location == SourceLocation(line: 3, column: 11))
    }

    @Test func document_mayHaveEndMarker() throws {
        #expect(try read("%YAML 1.2\n---\na: b\n...\n# done\n")["a"]?.string == "b")
    }

    @Test func lookAlikes_areReportedOnDemand() throws {
        let root = try read("yes: on\nlist: [010, x, \"no\", 7]\n")
        let diagnostics = Diagnostics()
        root.warnOfLookAlikes(diagnostics)
        #expect(
            diagnostics.rendered() == """
                r.yml:1:6: warning: plain `on` is a string, not true
                    1 | yes: on
                      |      ^
                   help: write `"on"` for the string, or `true`

                r.yml:2:8: warning: plain `010` is a string, not a number
                    2 | list: [010, x, "no", 7]
                      |        ^
                   help: write `"010"` for the string
                """)
        #expect(!diagnostics.hasErrors)
    }
}
