import ConfigSource
import Testing

@Suite struct DiagnosticRenderingTests {
    private func rendered(_ text: String, line: Int, column: Int) -> String {
        let file = SourceFile(path: "routes.yml", text: text)
        return Diagnostic(.error, "wrong", at: SourceLocation(line: line, column: column), in: file).rendered()
    }

    @Test func rendering_containsAllParts() {
        let file = SourceFile(path: "routes.yml", text: String(repeating: "\n", count: 11) + "  - mach: x")
        let diagnostic = Diagnostic(
            .error, "unknown key `mach`", at: SourceLocation(line: 12, column: 5), in: file,
            help: "did you mean `match`?", notes: [Diagnostic.Note("see", at: SourceLocation(line: 12, column: 11))])
        #expect(
            diagnostic.rendered() == """
                routes.yml:12:5: error: unknown key `mach`
                   12 |   - mach: x
                      |     ^
                   help: did you mean `match`?
                routes.yml:12:11: note: see
                   12 |   - mach: x
                      |           ^
                """)
    }

    @Test func rendering_withoutPlace() {
        let file = SourceFile(path: "routes.yml", text: "")
        #expect(Diagnostic(.warning, "odd", in: file).rendered() == "routes.yml: warning: odd")
        #expect(Diagnostic(.error, "wrong", help: "do").rendered() == "error: wrong\n   help: do")
    }

    @Test func caret_keepsTabsBeforeIt() {
        #expect(
            rendered("\ta:\tb", line: 1, column: 5) == """
                routes.yml:1:5: error: wrong
                    1 | \ta:\tb
                      | \t  \t^
                """)
    }

    @Test func caret_countsWideAndCombiningCharacters() {
        #expect(
            rendered("日e\u{301}😀: x", line: 1, column: 7) == """
                routes.yml:1:7: error: wrong
                    1 | 日e\u{301}😀: x
                      |        ^
                """)
    }

    @Test func caret_atTheEndOfALine() {
        #expect(
            rendered("ab\n", line: 1, column: 3) == """
                routes.yml:1:3: error: wrong
                    1 | ab
                      |   ^
                """)
        #expect(rendered("ab", line: 7, column: 1) == "routes.yml:7:1: error: wrong")
    }

    @Test func longLine_isTruncated() {
        let text = String(repeating: "a", count: 500) + "X" + String(repeating: "b", count: 500)
        #expect(
            rendered(text, line: 1, column: 501) == """
                routes.yml:1:501: error: wrong
                    1 | …\(String(repeating: "a", count: 100))X\(String(repeating: "b", count: 59))…
                      |  \(String(repeating: " ", count: 100))^
                """)
    }

    @Test func rendering_containsNoTerminalControls() {
        let file = SourceFile(path: "\u{1B}f", text: "a\u{1B}[2J\u{9B}\u{202E}b")
        let diagnostic = Diagnostic(
            .error, "\u{7}bell", at: SourceLocation(line: 1, column: 8), in: file, help: "\r\u{7F}")
        #expect(
            diagnostic.rendered() == """
                ␛f:1:8: error: ␇bell
                    1 | a␛[2J\u{FFFD}\u{FFFD}b
                      |        ^
                   help: ␍␡
                """)
    }

    @Test func quoted_truncatesLongText() {
        #expect(quoted("abc") == "`abc`")
        #expect(quoted(String(repeating: "x", count: 60)) == "`\(String(repeating: "x", count: 60))`")
        #expect(quoted(String(repeating: "x", count: 61)) == "`\(String(repeating: "x", count: 60))…`")
    }
}
