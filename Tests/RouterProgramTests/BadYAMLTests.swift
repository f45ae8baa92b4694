import Testing

/// Invalid and malicious YAML files give one clear error each, quickly.
@Suite struct BadYAMLTests {
    /// A bad file and its expected output.
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let bytes: [UInt8]
        let error: String

        init(_ name: String, _ text: String, _ error: String) {
            self.init(name, bytes: Array(text.utf8), error)
        }

        init(_ name: String, bytes: [UInt8], _ error: String) {
            (self.name, self.bytes, self.error) = (name, bytes, error)
        }

        var testDescription: String { name }
    }

    @Test(arguments: [
        Case(
            "tab", "version: 1\nhandlers:\n\tconsole: {type: console}\n",
            """
            routes.yml:3:1: error: a tab cannot indent a line
                3 | \tconsole: {type: console}
                  | ^
               help: use spaces

            """),
        Case(
            "unclosed quote", "version: 1\nhandlers:\n  console: { type: \"console }\nroutes: []\n",
            #"""
            routes.yml:3:20: error: the quote that opens here is never closed
                3 |   console: { type: "console }
                  |                    ^
               help: close it with `"`; a `"` inside is written `\"`

            """#),
        Case(
            "NUL byte", "version: 1\nhandlers:\n  con\0sole: {type: console}\n",
            """
            routes.yml:3:6: error: a NUL byte cannot stand in a text file
                3 |   con␀sole: {type: console}
                  |      ^
               help: remove it, or save the file as UTF-8 if it is UTF-16

            """),
        Case(
            "alias bomb", bomb,
            """
            routes.yml:6:38: error: the aliases up to here stand for more than 10000 values
                6 |   d: &d [*c, *c, *c, *c, *c, *c, *c, *c, *c, *c]
                  |                                      ^
               help: repeat less by aliases

            """),
        Case(
            "20,000 brackets", "version: " + String(repeating: "[", count: 20_000) + "\n",
            """
            routes.yml:1:41: error: nested deeper than 32 levels
                1 | version: \(String(repeating: "[", count: 91))…
                  |                                         ^

            """),
        Case(
            "two documents", "version: 1\n---\nversion: 1\n",
            """
            routes.yml:2:1: error: a second document begins here, and a file holds one
                2 | ---
                  | ^
               help: remove the line `---` and what follows, or put it into a file of its own

            """),
        Case(
            "8 MiB and a little", "version: 1\n#" + String(repeating: "x", count: 8 << 20) + "\n",
            """
            routes.yml: error: the file has 8388621 bytes, and at most 8MiB are read
               help: is it the right file?

            """),
        Case(
            "wrong UTF-8", bytes: Array("version: 1\nhandlers: ".utf8) + [0xFF, 0xFE, 0x0A],
            """
            routes.yml:2:11: error: the byte 0xFF is not UTF-8 here
                2 | handlers: \u{FFFD}\u{FFFD}
                  |           ^
               help: save the file as UTF-8

            """),
        Case("nothing", "", "routes.yml:1:1: error: the file is empty\n    1 | \n      | ^\n"),
    ])
    func badYAML_isOneClearErrorQuickly(_ bad: Case) async throws {
        let place = try Workplace()
        try place.write("routes.yml", bad.bytes)
        let checked = try await place.run("check")
        #expect(checked.processorTime < .seconds(1))
        #expect(checked == .init(code: 1, output: bad.error))
        let run = try await place.run("run", BuiltProgram.session("tool-call"))
        #expect(run == .init(code: 2, error: bad.error))
    }

    /// Nine levels of ten aliases each: a thousand million values.
    private static let bomb: String = {
        let names = ["a", "b", "c", "d", "e", "f", "g", "h", "i"]
        let first = "version: 1\nlists:\n  a: &a [x, x, x, x, x, x, x, x, x, x]\n"
        return zip(names, names.dropFirst()).reduce(first) { text, pair in
            let list = Array(repeating: "*\(pair.0)", count: 10).joined(separator: ", ")
            return text + "  \(pair.1): &\(pair.1) [\(list)]\n"
        }
    }()
}
