import ConfigSource
import RouteFile
import Testing

/// Texts that YAML reads as something else.
@Suite struct YAMLTrapTests {
    struct Mistake: Sendable, CustomTestStringConvertible {
        let yaml: String
        let rendered: String
        /// Whether the rest of the file is read nevertheless.
        var isRepaired = false
        var testDescription: String { yaml.debugDescription }
    }

    @Test(arguments: mistakes)
    func yamlTrap_isOneHelpfulError(_ mistake: Mistake) {
        let diagnostics = Diagnostics()
        let node = YAML.read(SourceFile(path: "r.yml", text: mistake.yaml), diagnostics)
        #expect(diagnostics.rendered() == mistake.rendered)
        #expect((node != nil) == mistake.isRepaired)
    }

    static let mistakes: [Mistake] = [
        Mistake(
            yaml: #"argv: [x, {city}]"#,
            rendered: #"""
                r.yml:1:11: error: `{city}` is a mapping with a key and no value
                    1 | argv: [x, {city}]
                      |           ^
                   help: quote it: `"{city}"`
                """#, isRepaired: true),
        Mistake(
            yaml: #"argv: [--city, {{city}}, x]"#,
            rendered: #"""
                r.yml:1:16: error: `{{city}}` is a mapping with a key and no value
                    1 | argv: [--city, {{city}}, x]
                      |                ^
                   help: quote it: `"{{city}}"`
                """#, isRepaired: true),
        Mistake(
            yaml: #"match: {type:response.done}"#,
            rendered: #"""
                r.yml:1:9: error: `type:response.done` is one key without a value
                    1 | match: {type:response.done}
                      |         ^
                   help: put a space after the colon: `type: response.done`
                """#, isRepaired: true),
        Mistake(
            yaml: #"match: {type:response.done, role: user}"#,
            rendered: #"""
                r.yml:1:9: error: `type:response.done` is one key without a value
                    1 | match: {type:response.done, role: user}
                      |         ^
                   help: put a space after the colon: `type: response.done`
                """#, isRepaired: true),
        Mistake(
            yaml: #"match: {a, b: c}"#,
            rendered: #"""
                r.yml:1:9: error: the key `a` has no value
                    1 | match: {a, b: c}
                      |         ^
                   help: write `a: ` and a value; a list is written in `[ ]`
                """#, isRepaired: true),
        Mistake(
            yaml: #"match: {text:[hello]}"#,
            rendered: #"""
                r.yml:1:13: error: there is no space after the colon
                    1 | match: {text:[hello]}
                      |             ^
                   help: put a space after the colon: `text: [hello]`
                """#),
        Mistake(
            yaml: #"{{x}}: a"#,
            rendered: #"""
                r.yml:1:1: error: a key must be text, and this is a mapping
                    1 | {{x}}: a
                      | ^
                   help: quote it: `"{{x}}"`
                """#, isRepaired: true),
        Mistake(
            yaml: #"- {w: *refund*}"#,
            rendered: #"""
                r.yml:1:7: error: `*refund*` is not read as text: `*` at the start of a text refers to an anchor
                    1 | - {w: *refund*}
                      |       ^
                   help: quote it: `"*refund*"`
                """#),
        Mistake(
            yaml: #"- w: *refund"#,
            rendered: #"""
                r.yml:1:6: error: `*refund` refers to an anchor, and there is no `&refund` before it
                    1 | - w: *refund
                      |      ^
                   help: quote it if it is text: `"*refund"`
                """#, isRepaired: true),
        Mistake(
            yaml: #"- w: & more"#,
            rendered: #"""
                r.yml:1:6: error: `& more` is not read as text: `&` at the start of a text names an anchor
                    1 | - w: & more
                      |      ^
                   help: quote it: `"& more"`
                """#),
        Mistake(
            yaml: #"- numeric: [>, 5]"#,
            rendered: #"""
                r.yml:1:13: error: text cannot begin with `>` unless it is quoted
                    1 | - numeric: [>, 5]
                      |             ^
                   help: quote it: `">"`
                """#),
        Mistake(
            yaml: #"- numeric: [">", 5, <=, 10, |]"#,
            rendered: #"""
                r.yml:1:29: error: text cannot begin with `|` unless it is quoted
                    1 | - numeric: [">", 5, <=, 10, |]
                      |                             ^
                   help: quote it: `"|"`
                """#),
        Mistake(
            yaml: #"numeric:\#n  - >\#n  - 5"#,
            rendered: #"""
                r.yml:2:5: error: `>` begins a folded text, and none follows
                    2 |   - >
                      |     ^
                   help: quote it if the sign itself is meant: `">"`
                """#, isRepaired: true),
        Mistake(
            yaml: #"numeric:\#n  - >= 5"#,
            rendered: #"""
                r.yml:2:5: error: `>= 5` is not read as text: `>` at the start begins a block of text on the next lines
                    2 |   - >= 5
                      |     ^
                   help: quote it: `">= 5"`
                """#),
        Mistake(
            yaml: #"a: |x"#,
            rendered: #"""
                r.yml:1:4: error: `|x` is not read as text: `|` at the start begins a block of text on the next lines
                    1 | a: |x
                      |    ^
                   help: quote it: `"|x"`
                """#),
        Mistake(
            yaml: #"argv: [--city={city}]"#,
            rendered: #"""
                r.yml:1:8: error: `{` ends a plain text between brackets, so `--city={city}` is not read as one text
                    1 | argv: [--city={city}]
                      |        ^
                   help: quote it: `"--city={city}"`
                """#),
        Mistake(
            yaml: #"argv: [-c={city} x, y]"#,
            rendered: #"""
                r.yml:1:8: error: `{` ends a plain text between brackets, so `-c={city} x` is not read as one text
                    1 | argv: [-c={city} x, y]
                      |        ^
                   help: quote it: `"-c={city} x"`
                """#),
        Mistake(
            yaml: #"a: {b: ${X}}"#,
            rendered: #"""
                r.yml:1:8: error: `{` ends a plain text between brackets, so `${X}` is not read as one text
                    1 | a: {b: ${X}}
                      |        ^
                   help: quote it: `"${X}"`
                """#),
        Mistake(
            yaml: #"a: {cidr: ::1/128}"#,
            rendered: #"""
                r.yml:1:11: error: text cannot begin with `:` here unless it is quoted
                    1 | a: {cidr: ::1/128}
                      |           ^
                   help: quote it: `"::1/128"`
                """#),
        Mistake(
            yaml: #"a: {cidr: [::1/128]}"#,
            rendered: #"""
                r.yml:1:12: error: text cannot begin with `:` here unless it is quoted
                    1 | a: {cidr: [::1/128]}
                      |            ^
                   help: quote it: `"::1/128"`
                """#),
        Mistake(
            yaml: #"a: @x"#,
            rendered: #"""
                r.yml:1:4: error: text cannot begin with `@` unless it is quoted
                    1 | a: @x
                      |    ^
                   help: quote it: `"@x"`
                """#),
        Mistake(
            yaml: #"a: `x`"#,
            rendered: #"""
                r.yml:1:4: error: text cannot begin with a back quote unless it is quoted
                    1 | a: `x`
                      |    ^
                   help: quote it: `"`x`"`
                """#),
        Mistake(
            yaml: #"a: %x"#,
            rendered: #"""
                r.yml:1:4: error: text cannot begin with `%` unless it is quoted
                    1 | a: %x
                      |    ^
                   help: quote it: `"%x"`
                """#),
        Mistake(
            yaml: #"%x: 1"#,
            rendered: #"""
                r.yml:1:1: error: a line that begins with `%` is a directive, and only `%YAML 1.1` and `%YAML 1.2` are known
                    1 | %x: 1
                      | ^
                   help: quote the text if it is one
                """#),
        Mistake(
            yaml: #"a: !important"#,
            rendered: #"""
                r.yml:1:4: error: tags such as `!important` are not supported
                    1 | a: !important
                      |    ^
                   help: leave it out, or quote all of it if it is text: `"!important"`
                """#, isRepaired: true),
        Mistake(
            yaml: #"a: [!x y, z]"#,
            rendered: #"""
                r.yml:1:5: error: tags such as `!x` are not supported
                    1 | a: [!x y, z]
                      |     ^
                   help: leave it out, or quote all of it if it is text: `"!x y"`
                """#, isRepaired: true),
        Mistake(
            yaml: #"a: !x!y z"#,
            rendered: #"""
                r.yml:1:4: error: tags such as `!x!y z` are not supported
                    1 | a: !x!y z
                      |    ^
                   help: quote it: `"!x!y z"`
                """#),
        Mistake(
            yaml: #"a: ? x"#,
            rendered: #"""
                r.yml:1:4: error: text cannot begin with `? ` unless it is quoted
                    1 | a: ? x
                      |    ^
                   help: quote it: `"? x"`
                """#),
        Mistake(
            yaml: #"a: ,x"#,
            rendered: #"""
                r.yml:1:4: error: text cannot begin with `,` here unless it is quoted
                    1 | a: ,x
                      |    ^
                   help: quote it: `",x"`
                """#),
        Mistake(
            yaml: #"a: [#foo, b]"#,
            rendered: #"""
                r.yml:1:4: error: the `[` that opens here is never closed
                    1 | a: [#foo, b]
                      |    ^
                   help: `#` begins a comment in this line: quote the text that holds it
                """#),
        Mistake(
            yaml: #"base: &base {b: 1}\#na:\#n  <<: *base"#,
            rendered: #"""
                r.yml:3:3: error: merge keys are not supported
                    3 |   <<: *base
                      |   ^
                   help: write the keys out, or let an alias stand for the whole value
                """#, isRepaired: true),
        Mistake(
            yaml: #"a: "\d+""#,
            rendered: #"""
                r.yml:1:5: error: `\d` is not an escape in double quotes
                    1 | a: "\d+"
                      |     ^
                   help: write `\\d` for a backslash, or put the text into single quotes
                """#),
        Mistake(
            yaml: #"a: "\xZZ""#,
            rendered: #"""
                r.yml:1:5: error: `\x` needs 2 hexadecimal digits after it
                    1 | a: "\xZZ"
                      |     ^
                   help: write `\\x` for a backslash, or put the text into single quotes
                """#),
        Mistake(
            yaml: #"a: "\uD83D\uDE00""#,
            rendered: #"""
                r.yml:1:5: error: `\uD83D` is no character
                    1 | a: "\uD83D\uDE00"
                      |     ^
                   help: write `😀`, or `\U0001F600` for both
                """#),
    ]
}
