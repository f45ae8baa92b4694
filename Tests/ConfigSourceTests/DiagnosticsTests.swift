import ConfigSource
import Testing

@Suite struct DiagnosticsTests {
    private let file = SourceFile(path: "b.yml", text: "one\ntwo")

    private func place(_ line: Int, _ column: Int) -> ConfigSource.SourceLocation {
        ConfigSource.SourceLocation(line: line, column: column)
    }

    @Test func items_areSortedByPlace() {
        let diagnostics = Diagnostics()
        diagnostics.warning("fifth", at: place(2, 1), in: file)
        diagnostics.error("fourth", at: place(1, 3), in: file)
        diagnostics.error("third", at: place(1, 1), in: file)
        diagnostics.error("second", in: file)
        diagnostics.error("sixth", at: place(2, 1), in: file)
        diagnostics.error("first", at: place(9, 9), in: SourceFile(path: "a.yml", text: ""))
        diagnostics.error("zeroth")
        #expect(
            diagnostics.items.map(\.message) == ["zeroth", "first", "second", "third", "fourth", "fifth", "sixth"])
    }

    @Test func duplicate_isKeptOnce() {
        let diagnostics = Diagnostics()
        for _ in 1...3 { diagnostics.error("wrong", at: place(1, 1), in: file) }
        #expect(diagnostics.items.count == 1)
    }

    @Test func warnings_areNotErrors() throws {
        let diagnostics = Diagnostics()
        #expect(diagnostics.isEmpty)
        #expect(diagnostics.rendered() == "")
        diagnostics.warning("odd")
        #expect(!diagnostics.isEmpty)
        #expect(!diagnostics.hasErrors)
        try diagnostics.throwIfErrors()
        diagnostics.error("wrong")
        #expect(diagnostics.hasErrors)
        let error = #expect(throws: ConfigurationError.self) { try diagnostics.throwIfErrors() }
        #expect(error?.diagnostics.count == 2)
        #expect(error?.description == "warning: odd\n\nerror: wrong")
    }

    @Test func place_onlyForNodesOfFiles() {
        let diagnostics = Diagnostics()
        diagnostics.error("wrong", at: Node(.list([]), at: place(2, 2), in: file))
        diagnostics.warning("odd", at: ["a": 1], help: "do")
        #expect(
            diagnostics.rendered() == """
                warning: odd
                   help: do

                b.yml:2:2: error: wrong
                    2 | two
                      |  ^
                """)
    }

    @Test func json_listsAllDiagnostics() {
        let diagnostics = Diagnostics()
        #expect(diagnostics.json() == "[]")
        diagnostics.error("say \"no\"\\\n\u{1}é", at: place(1, 2), in: file, help: "do")
        diagnostics.warning("odd")
        #expect(
            diagnostics.json() == #"""
                [
                  {"file": null, "line": null, "column": null, "severity": "warning", "message": "odd", "help": null},
                  {"file": "b.yml", "line": 1, "column": 2, "severity": "error", "message": "say \"no\"\\\n\u0001é", "help": "do"}
                ]
                """#)
    }
}
