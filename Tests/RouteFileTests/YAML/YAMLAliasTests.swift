import ConfigSource
import RouteFile
import Testing

/// Anchors, aliases and duplicate keys.
@Suite struct YAMLAliasTests {
    @Test func alias_isReplacedByItsNode() throws {
        let (node, diagnostics) = read("a: &x {b: [1, &y two]}\nc: *x\nd: *y")
        let root = try #require(node)
        #expect(root["c"]?["b"]?.list?.count == 2)
        #expect(root["d"]?.string == "two")
        #expect(root["c"]?["b"]?.location == SourceLocation(line: 1, column: 11))
        #expect(diagnostics.isEmpty)
    }

    @Test func anchor_canBeRedefined() {
        let (node, _) = read("- &x 1\n- *x\n- &x 2\n- *x")
        #expect(node?.list?.map { $0.number ?? "" } == ["1", "1", "2", "2"])
    }

    @Test func alias_mistakeInsideIsReportedOnce() {
        let (node, diagnostics) = read("a: &x {n: 1}\nb: *x")
        for key in ["a", "b"] {
            guard let value = node?[key], var section = Section(value, what: "it", diagnostics) else { continue }
            section.finish()
        }
        #expect(diagnostics.items.count == 1)
    }

    @Test func alias_cycleIsAnError() {
        let (_, diagnostics) = read("a: &a [b, *a]")
        #expect(
            diagnostics.rendered() == """
                r.yml:1:11: error: `*a` refers to something that it is itself part of
                    1 | a: &a [b, *a]
                      |           ^
                   help: quote it: `"*a"`
                """)
    }

    @Test func alias_unknownAnchor_suggestsNearest() {
        let (_, diagnostics) = read("x: &home 1\na: *hom")
        #expect(
            diagnostics.rendered() == """
                r.yml:2:4: error: `*hom` refers to an anchor, and there is no `&hom` before it
                    2 | a: *hom
                      |    ^
                   help: did you mean `*home`?
                """)
    }

    @Test func alias_countsTowardsDepth() {
        let nest = { (levels: Int, inside: String) in
            String(repeating: "[", count: levels) + inside + String(repeating: "]", count: levels)
        }
        let (fits, none) = read("a: &a \(nest(15, "x"))\nb: \(nest(16, "*a"))")
        #expect(fits != nil)
        #expect(none.isEmpty)
        let (_, diagnostics) = read("a: &a \(nest(16, "x"))\nb: \(nest(16, "*a"))")
        #expect(diagnostics.items.map(\.message) == ["nested deeper than 32 levels"])
        #expect(diagnostics.items.first?.location == SourceLocation(line: 2, column: 20))
    }

    @Test func duplicateKey_showsBothPlaces() {
        let (node, diagnostics) = read("to: a\nname: b\n\"to\": c\nto: d")
        #expect(
            diagnostics.rendered() == """
                r.yml:3:1: error: the key `to` stands twice, first in line 1
                    3 | "to": c
                      | ^
                r.yml:1:1: note: the first one is here
                    1 | to: a
                      | ^

                r.yml:4:1: error: the key `to` stands twice, first in line 1
                    4 | to: d
                      | ^
                r.yml:1:1: note: the first one is here
                    1 | to: a
                      | ^
                """)
        #expect(node?["to"]?.string == "a")
        #expect(node?.entries?.count == 2)
    }

    @Test func duplicateKey_comparesBytes() {
        let (node, diagnostics) = read("\u{E9}: a\ne\u{301}: b")
        #expect(node?.entries?.count == 2)
        #expect(diagnostics.isEmpty)
    }

    private func read(_ text: String) -> (Node?, Diagnostics) {
        let diagnostics = Diagnostics()
        return (YAML.read(SourceFile(path: "r.yml", text: text), diagnostics), diagnostics)
    }
}
