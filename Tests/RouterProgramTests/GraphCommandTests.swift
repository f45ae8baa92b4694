import Foundation
import Testing

/// `graph`: draws the routes.
@Suite struct GraphCommandTests {
    /// Names with special characters of Mermaid and DOT.
    private static let odd = #"""
        version: 1
        handlers:
          end: { type: console }
          "h \"q\" <b>x</b> [y] {z} #35; %% & `c` *b* _i_": { type: metrics }
        routes:
          - { name: end, match: { type: error }, to: end, stop: true }
          - name: "q\"uo<b>te\nnew & [x] {y} (z) | end; #quot; %% --> <script>alert(1)</script>"
            match: { type: [{prefix: response.}] }
            to: [end, "h \"q\" <b>x</b> [y] {z} #35; %% & `c` *b* _i_"]
          - { name: "日本語 🎉 **bold** \\l \\n \\N", match: { error: { code: [{regexp: "a\\nb"}] }, type: error }, to: end }
          - name: a very long name of a route that goes on and on until nobody wants to read it any more, and on
            match: { type: router.turn.done, $or: [ { latency_ms: [ { numeric: [ ">", 3000 ] } ] }, { interrupted: true } ] }
            once_per: turn
            to: end
          - { name: figures, to: "h \"q\" <b>x</b> [y] {z} #35; %% & `c` *b* _i_" }
        unmatched: { to: end }
        dead_letters: { path: dead-letters.jsonl }

        """#

    @Test(arguments: ["mermaid", "dot"])
    func graph_packageRoutes(_ format: String) async throws {
        let place = try Workplace()
        try Snapshot(
            "realtime-router graph --format \(format)", try await place.run("graph", "--format", format), in: place
        )
        .check("graph/package-\(format)")
    }

    @Test(arguments: ["mermaid", "dot"])
    func graph_escapesNames(_ format: String) async throws {
        let place = try Workplace(routes: Self.odd)
        try Snapshot(
            "realtime-router graph --format \(format)", try await place.run("graph", "--format", format), in: place
        )
        .check("graph/odd-\(format)")
    }

    @Test("A string is drawn in quotes, a number and a comparison without")
    func strings_areQuoted() async throws {
        let place = try Workplace(
            routes: """
                version: 1
                handlers: { c: { type: console } }
                routes:
                  - { name: a, match: { type: router.turn.done, latency_ms: "> 500" }, to: c }
                  - { name: b, match: { type: router.turn.done, latency_ms: [ { numeric: [ ">", 500 ] } ] }, to: c }
                  - { name: c, match: { type: router.turn.done, latency_ms: [ 500, "500", true ] }, to: c }

                """)
        let drawn = try await place.run("graph", "--format", "dot").output
        #expect(drawn.contains(#"label="1  a\llatency_ms: \"> 500\"\l""#), "\(drawn)")
        #expect(drawn.contains(#"label="2  b\llatency_ms: > 500\l""#))
        #expect(drawn.contains(#"label="3  c\llatency_ms: 500 or \"500\" or true\l""#))
    }

    @Test("A route without match has one box for the many event types of its handler")
    func manyTypes_areOneBox() async throws {
        let place = try Workplace(
            routes: "version: 1\nhandlers: {m: {type: metrics}}\nroutes: [{name: figures, to: m}]\n")
        let drawn = try await place.run("graph").output
        #expect(drawn.contains(/e1\(\["the [0-9]+ event types of metrics"\]\)/) && !drawn.contains("e2"), "\(drawn)")
    }

    @Test func graph_svgWithoutGraphviz_isAnError() async throws {
        let place = try Workplace()
        #expect(
            try await place.run("graph", "--format", "svg", environment: ["PATH": place.path])
                == RunningProgram.Ending(
                    code: 2,
                    error: "error: for SVG Graphviz's `dot` is needed, and it is not installed; "
                        + "install graphviz, or use --format mermaid or --format dot\n"))
    }

    /// A fake Graphviz shows its input, and how its output is used.
    @Test func graph_svg_isDrawnByGraphviz() async throws {
        let place = try Workplace()
        try await place.writeProgram("dot", "#!/bin/sh\necho \"$@\"\nexec /bin/cat\n")
        let drawn = try await place.run("graph", "--format", "svg", environment: ["PATH": place.path])
        let dot = try await place.run("graph", "--format", "dot")
        #expect(drawn == RunningProgram.Ending(code: 0, output: "-Tsvg\n" + dot.output.dropLast()))
        try await place.writeProgram("dot", "#!/bin/sh\n/bin/cat > /dev/null\necho 'no font' >&2\nexit 1\n")
        let failed = try await place.run("graph", "--format", "svg", environment: ["PATH": place.path])
        #expect(failed == RunningProgram.Ending(code: 2, error: "error: Graphviz's `dot` failed: no font\n"))
    }
}
