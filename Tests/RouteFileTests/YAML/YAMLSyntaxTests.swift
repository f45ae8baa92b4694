import ConfigSource
import RouteFile
import Testing

/// Messages about quotes, brackets, colons and indentation.
@Suite struct YAMLSyntaxTests {
    struct Mistake: Sendable, CustomTestStringConvertible {
        let yaml: String
        let rendered: String
        /// Whether the rest of the file is read nevertheless.
        var isRepaired = false
        var testDescription: String { yaml.debugDescription }
    }

    @Test(arguments: mistakes)
    func syntaxError_isOneHelpfulError(_ mistake: Mistake) {
        let diagnostics = Diagnostics()
        let node = YAML.read(SourceFile(path: "r.yml", text: mistake.yaml), diagnostics)
        #expect(diagnostics.rendered() == mistake.rendered)
        #expect((node != nil) == mistake.isRepaired)
    }

    static let mistakes: [Mistake] = [
        Mistake(
            yaml: #"a: "foo"#,
            rendered: #"""
                r.yml:1:4: error: the quote that opens here is never closed
                    1 | a: "foo
                      |    ^
                   help: close it with `"`; a `"` inside is written `\"`
                """#),
        Mistake(
            yaml: #"a: 'foo\#nb: c"#,
            rendered: #"""
                r.yml:1:4: error: the quote that opens here is never closed
                    1 | a: 'foo
                      |    ^
                   help: close it with `'`; a `'` inside is written `''`
                """#),
        Mistake(
            yaml: #"a: "foo\#nb: "bar"\#nc: d"#,
            rendered: #"""
                r.yml:1:4: error: the quote that opens here ends in line 2, where more text follows
                    1 | a: "foo
                      |    ^
                   help: one of the lines lacks a closing quote
                """#),
        Mistake(
            yaml: #"a: 'it's'"#,
            rendered: #"""
                r.yml:1:8: error: text follows the closing quote
                    1 | a: 'it's'
                      |        ^
                   help: a `'` inside of single quotes is written `''`; or quote all of the text
                """#),
        Mistake(
            yaml: #"a: "it"s""#,
            rendered: #"""
                r.yml:1:8: error: text follows the closing quote
                    1 | a: "it"s"
                      |        ^
                   help: a `"` inside of double quotes is written `\"`; or quote all of the text
                """#),
        Mistake(
            yaml: #"a: "x" y"#,
            rendered: #"""
                r.yml:1:8: error: text follows the closing quote
                    1 | a: "x" y
                      |        ^
                   help: a `"` inside of double quotes is written `\"`; or quote all of the text
                """#),
        Mistake(
            yaml: #"a: ["a, "b"]"#,
            rendered: #"""
                r.yml:1:10: error: text follows the closing quote
                    1 | a: ["a, "b"]
                      |          ^
                   help: a `"` inside of double quotes is written `\"`; or quote all of the text
                """#),
        Mistake(
            yaml: #"a: [1, 2"#,
            rendered: #"""
                r.yml:1:4: error: the `[` that opens here is never closed
                    1 | a: [1, 2
                      |    ^
                   help: close it with `]`
                """#),
        Mistake(
            yaml: #"a: [1, 2\#nb: c"#,
            rendered: #"""
                r.yml:1:4: error: the `[` that opens here is never closed
                    1 | a: [1, 2
                      |    ^
                   help: close it with `]`
                """#),
        Mistake(
            yaml: #"- {b: c\#n- {d: e}"#,
            rendered: #"""
                r.yml:1:3: error: the `{` that opens here is never closed
                    1 | - {b: c
                      |   ^
                   help: close it with `}`
                """#),
        Mistake(
            yaml: #"a: {b: c\#n  d: e}"#,
            rendered: #"""
                r.yml:1:9: error: a comma is missing at the end of this line
                    1 | a: {b: c
                      |         ^
                   help: every entry between brackets but the last ends with one
                """#),
        Mistake(
            yaml: #"a: ["a" "b"]"#,
            rendered: #"""
                r.yml:1:9: error: a comma is missing before this, between brackets
                    1 | a: ["a" "b"]
                      |         ^
                   help: add a comma, or quote the text if it is one
                """#),
        Mistake(
            yaml: #"a: {b: c]"#,
            rendered: #"""
                r.yml:1:9: error: `]` cannot close the `{` of line 1
                    1 | a: {b: c]
                      |         ^
                   help: close it with `}` first
                """#),
        Mistake(
            yaml: #"a: [b, c]]"#,
            rendered: #"""
                r.yml:1:10: error: this `]` closes nothing
                    1 | a: [b, c]]
                      |          ^
                   help: remove it, or quote the text that holds it
                """#),
        Mistake(
            yaml: #"a: ]"#,
            rendered: #"""
                r.yml:1:4: error: this `]` closes nothing
                    1 | a: ]
                      |    ^
                   help: remove it, or quote the text that holds it
                """#),
        Mistake(
            yaml: #"a: [x, y]z"#,
            rendered: #"""
                r.yml:1:10: error: text follows the closing `]`
                    1 | a: [x, y]z
                      |          ^
                   help: quote all of it if it is one text
                """#),
        Mistake(
            yaml: #"a: {b: c,, d: e}"#,
            rendered: #"""
                r.yml:1:10: error: there is nothing before this comma
                    1 | a: {b: c,, d: e}
                      |          ^
                   help: remove the comma, or write `""` for an empty text
                """#),
        Mistake(
            yaml: #"a: {b:}"#,
            rendered: #"""
                r.yml:1:6: error: there is no space after the colon
                    1 | a: {b:}
                      |      ^
                   help: write `b: ` and a value
                """#),
        Mistake(
            yaml: #"a: b: c"#,
            rendered: #"""
                r.yml:1:5: error: a second `: ` in one line
                    1 | a: b: c
                      |     ^
                   help: quote it: `"b: c"`, or put what it holds on lines of its own
                """#),
        Mistake(
            yaml: #"a: {b: c: d}"#,
            rendered: #"""
                r.yml:1:9: error: a second `: ` in one entry
                    1 | a: {b: c: d}
                      |         ^
                   help: quote it: `"c: d"`, or put braces around it
                """#),
        Mistake(
            yaml: #"a:\#n- b\#n- c\#n d: x"#,
            rendered: #"""
                r.yml:4:2: error: this line continues the text of line 3, so it cannot have a key
                    4 |  d: x
                      |  ^
                   help: a key begins in the column of the other keys of its mapping; a text with `: ` in it needs quotes
                """#),
        Mistake(
            yaml: #"name:foo\#nto: x"#,
            rendered: #"""
                r.yml:1:5: error: there is no space after the colon
                    1 | name:foo
                      |     ^
                   help: write `name: foo`
                """#),
        Mistake(
            yaml: #"- to: x\#n  name:foo"#,
            rendered: #"""
                r.yml:2:7: error: there is no space after the colon
                    2 |   name:foo
                      |       ^
                   help: write `name: foo`
                """#),
        Mistake(
            yaml: #"to: x\#nfoo"#,
            rendered: #"""
                r.yml:2:1: error: `foo` is not a `key: value` pair, which is expected among keys
                    2 | foo
                      | ^
                   help: add a colon and a value, or indent the line if it continues the text above
                """#),
        Mistake(
            yaml: #": x"#,
            rendered: #"""
                r.yml:1:1: error: there is no key before the colon
                    1 | : x
                      | ^
                   help: quote the colon if it is text: `":"`
                """#),
        Mistake(
            yaml: #"? [a]\#n: b"#,
            rendered: #"""
                r.yml:1:3: error: a key must be text, and this is a list
                    1 | ? [a]
                      |   ^
                """#, isRepaired: true),
        Mistake(
            yaml: #"a: - x"#,
            rendered: #"""
                r.yml:1:4: error: a list with dashes cannot begin in the line of its key
                    1 | a: - x
                      |    ^
                   help: put `- x` on the next line, or write `[x]`
                """#),
        Mistake(
            yaml: #"- a\#nb: c"#,
            rendered: #"""
                r.yml:2:1: error: this is not an element of the list that begins in line 1
                    2 | b: c
                      | ^
                   help: begin it with `- ` in column 1, or put it in the column of what it belongs to
                """#),
        Mistake(
            yaml: #"a: b\#n- c"#,
            rendered: #"""
                r.yml:2:1: error: a list element is among the keys of the mapping that begins in line 1
                    2 | - c
                      | ^
                   help: give the list a key of its own, with nothing after the colon
                """#),
        Mistake(
            yaml: #"a:\#n  b: c\#n d: e"#,
            rendered: #"""
                r.yml:3:2: error: the indentation of this line does not match any line above it
                    3 |  d: e
                      |  ^
                   help: the keys of the mapping that begins in line 1 stand in column 1
                """#),
        Mistake(
            yaml: #"  a: 1\#nb: 2"#,
            rendered: #"""
                r.yml:2:1: error: this is not part of the mapping that begins in line 1 and makes up the file
                    2 | b: 2
                      | ^
                   help: let its keys stand in column 3
                """#),
        Mistake(
            yaml: #"a:\#n\#tb: c"#,
            rendered: #"""
                r.yml:2:1: error: a tab cannot indent a line
                    2 | \#tb: c
                      | ^
                   help: use spaces
                """#),
        Mistake(
            yaml: #"a: x\#n\#t"#,
            rendered: #"""
                r.yml:2:1: error: a tab cannot indent a line
                    2 | \#t
                      | ^
                   help: use spaces
                """#),
        Mistake(
            yaml: #"a: &x 1\#nb: *x c"#,
            rendered: #"""
                r.yml:2:7: error: text follows the alias `*x`
                    2 | b: *x c
                      |       ^
                   help: quote all of it if it is one text
                """#),
        Mistake(
            yaml: #"a: b\#n---\#nc: d"#,
            rendered: #"""
                r.yml:2:1: error: a second document begins here, and a file holds one
                    2 | ---
                      | ^
                   help: remove the line `---` and what follows, or put it into a file of its own
                """#),
        Mistake(
            yaml: #"a: b\#n...\#nc: d"#,
            rendered: #"""
                r.yml:3:1: error: a second document begins here, and a file holds one
                    3 | c: d
                      | ^
                   help: remove the line `...` and what follows, or put it into a file of its own
                """#),
    ]
}
