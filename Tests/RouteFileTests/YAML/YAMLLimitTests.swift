import ConfigSource
import RouteFile
import Testing

/// Files that are too large, too deep, or not text give one error each, quickly.
@Suite struct YAMLLimitTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let bytes: [UInt8]
        let rendered: String
        var testDescription: String { name }

        init(_ name: String, _ bytes: [UInt8], _ rendered: String) {
            self.name = name
            self.bytes = bytes
            self.rendered = rendered
        }
        init(_ name: String, _ text: String, _ rendered: String) { self.init(name, Array(text.utf8), rendered) }
    }

    @Test(arguments: cases)
    func limits_oneErrorQuickly(_ it: Case) {
        let diagnostics = Diagnostics()
        let clock = ContinuousClock()
        var node: Node?
        // Hundreds of times the usual duration, but a small part of that of a parser without limits.
        let elapsed = clock.measure { node = YAML.read(SourceFile(path: "r.yml", bytes: it.bytes), diagnostics) }
        #expect(elapsed < .seconds(5))
        #expect(node == nil)
        #expect(diagnostics.items.count == 1)
        #expect(diagnostics.rendered() == it.rendered)
    }

    static let bomb = """
        a: &a [x, x, x, x, x, x, x, x, x]
        b: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a]
        c: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b]
        d: &d [*c, *c, *c, *c, *c, *c, *c, *c, *c]
        e: &e [*d, *d, *d, *d, *d, *d, *d, *d, *d]
        f: &f [*e, *e, *e, *e, *e, *e, *e, *e, *e]
        """

    static let cases: [Case] = [
        Case(
            "more than eight mebibytes", String(repeating: "a: b\n", count: 1_677_722),
            """
            r.yml: error: the file has 8388610 bytes, and at most 8MiB are read
               help: is it the right file?
            """),
        Case(
            "twenty thousand brackets", String(repeating: "[", count: 20_000),
            """
            r.yml:1:33: error: nested deeper than 32 levels
                1 | \(String(repeating: "[", count: 92))…
                  | \(String(repeating: " ", count: 32))^
            """),
        Case(
            "twenty thousand brackets, a line each", String(repeating: "[\n", count: 20_000),
            """
            r.yml:33:1: error: nested deeper than 32 levels
               33 | [
                  | ^
            """),
        Case(
            "twenty thousand dashes", String(repeating: "- ", count: 20_000),
            """
            r.yml:1:65: error: nested deeper than 32 levels
                1 | \(String(repeating: "- ", count: 62))…
                  | \(String(repeating: " ", count: 64))^
            """),
        Case(
            "alias bomb", bomb,
            """
            r.yml:5:8: error: the aliases up to here stand for more than 10000 values
                5 | e: &e [*d, *d, *d, *d, *d, *d, *d, *d, *d]
                  |        ^
               help: repeat less by aliases
            """),
        Case(
            "NUL byte", Array("a: b\nc: d\u{0}e\n".utf8),
            """
            r.yml:2:5: error: a NUL byte cannot stand in a text file
                2 | c: d␀e
                  |     ^
               help: remove it, or save the file as UTF-8 if it is UTF-16
            """),
        Case(
            "control character", "a: \u{1B}[31m\n",
            """
            r.yml:1:4: error: the control character U+001B cannot stand in a YAML file
                1 | a: ␛[31m
                  |    ^
               help: remove it, or write `\\x1B` inside double quotes
            """),
        Case(
            "C1 control character", "a: \u{9B}31m\n",
            """
            r.yml:1:4: error: the control character U+009B cannot stand in a YAML file
                1 | a: \u{FFFD}31m
                  |    ^
               help: remove it, or write `\\x9B` inside double quotes
            """),
        Case(
            "line separator in a comment", "# a\u{2028}version: 1\n",
            """
            r.yml:1:4: error: the separator U+2028 cannot stand in a YAML file
                1 | # a\u{FFFD}version: 1
                  |    ^
               help: remove it, or write `\\u2028` inside double quotes
            """),
        Case(
            "no character", "a: \u{FFFF}\n",
            """
            r.yml:1:4: error: the code U+FFFF cannot stand in a YAML file
                1 | a: \u{FFFF}
                  |    ^
               help: remove it, or write `\\uFFFF` inside double quotes
            """),
        Case(
            "Latin-1", Array("# caf".utf8) + [0xE9] + Array("\na: b\n".utf8),
            """
            r.yml:1:6: error: the byte 0xE9 is not UTF-8 here
                1 | # caf\u{FFFD}
                  |      ^
               help: save the file as UTF-8
            """),
        Case(
            "cut off within a character", Array("a: é".utf8.dropLast()),
            """
            r.yml:1:4: error: the byte 0xC3 is not UTF-8 here
                1 | a: \u{FFFD}
                  |    ^
               help: save the file as UTF-8
            """),
        Case(
            "surrogate", Array("a: ".utf8) + [0xED, 0xA0, 0x80],
            """
            r.yml:1:4: error: the byte 0xED is not UTF-8 here
                1 | a: \u{FFFD}\u{FFFD}\u{FFFD}
                  |    ^
               help: save the file as UTF-8
            """),
        Case(
            "overlong", Array("a: ".utf8) + [0xE0, 0x80, 0xAF],
            """
            r.yml:1:4: error: the byte 0xE0 is not UTF-8 here
                1 | a: \u{FFFD}\u{FFFD}\u{FFFD}
                  |    ^
               help: save the file as UTF-8
            """),
        Case(
            "UTF-16", [0xFF, 0xFE, 0x61, 0x00],
            """
            r.yml:1:1: error: the file is UTF-16
                1 | \u{FFFD}\u{FFFD}a␀
                  | ^
               help: save it as UTF-8
            """),
        Case(
            "empty", "",
            """
            r.yml:1:1: error: the file is empty
                1 | \("")
                  | ^
            """),
        Case(
            "comments only", "# nothing\n",
            """
            r.yml:1:1: error: the file holds nothing but comments
                1 | # nothing
                  | ^
            """),
        Case(
            "an empty document", "---\n",
            """
            r.yml:1:1: error: the file is empty
                1 | ---
                  | ^
            """),
    ]

    @Test func limits_thirtyTwoLevelsAreRead() {
        let diagnostics = Diagnostics()
        let text = String(repeating: "[", count: 32) + String(repeating: "]", count: 32)
        #expect(YAML.read(SourceFile(path: "r.yml", text: text), diagnostics) != nil)
        #expect(diagnostics.isEmpty)
    }

    @Test func limits_eightMebibytesAreRead() throws {
        let diagnostics = Diagnostics()
        let line = "- { name: [ \"\(String(repeating: "a", count: 1000))\", b ], to: c }\n"
        let text = String(repeating: line, count: YAMLLimits.maximumBytes / line.utf8.count)
        let node = try #require(YAML.read(SourceFile(path: "r.yml", text: text), diagnostics))
        #expect(node.list?.count == YAMLLimits.maximumBytes / line.utf8.count)
        #expect(diagnostics.isEmpty)
    }
}
