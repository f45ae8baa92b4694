import Testing

/// `regexp`: RFC 9485, the whole string.
struct RegexpTests {
    private static func regexp(_ expression: String, _ text: String, _ verdict: Bool) -> Row {
        a(#"{"regexp":"\#(expression)"}"#, text, verdict)
    }

    @Test(arguments: [
        regexp("", #""""#, true),
        regexp("", #""a""#, false),
        regexp("abc", #""abc""#, true),
        regexp("abc", #""xabc""#, false),
        regexp("abc", #""abcx""#, false),
        regexp("a|bc", #""bc""#, true),
        regexp("a|bc", #""ac""#, false),
        regexp("(a|b)c", #""bc""#, true),
        regexp("a||b", #""""#, true),
        regexp("a*", #""aaaa""#, true),
        regexp("a+", #""""#, false),
        regexp("a?b", #""b""#, true),
        regexp("a{2}", #""aa""#, true),
        regexp("a{2}", #""aaa""#, false),
        regexp("a{2,}", #""aaaaa""#, true),
        regexp("a{2,}", #""a""#, false),
        regexp("a{1,3}", #""aaa""#, true),
        regexp("a{1,3}", #""aaaa""#, false),
        regexp("a{0}b", #""b""#, true),
        regexp("a{0,1}b", #""ab""#, true),
        regexp("(ab){2,3}", #""ababab""#, true),
        regexp("(a*)*b", #""aab""#, true),
        regexp("(a|a)*b", #""aab""#, true),
        regexp("(a{0,3}){2}", #""aaaaaa""#, true),
        regexp("a.c", #""a☃c""#, true),
        regexp("a.c", #""a\nc""#, false),
        regexp("[abc]+", #""cab""#, true),
        regexp("[^abc]", #""d""#, true),
        regexp("[^abc]", #""b""#, false),
        regexp("[a-c0-9]+", #""b7""#, true),
        regexp("[a-c-]+", #""a-c""#, true),
        regexp("[-a]+", #""-a""#, true),
        regexp("[.*+]+", #"".+*""#, true),
        regexp("[\\\\]]", #""]""#, true),
        regexp("[\\\\^a]", #""^""#, true),
        regexp("\\\\.", #"".""#, true),
        regexp("\\\\.", #""a""#, false),
        regexp("\\\\n", #""\n""#, true),
        regexp("\\\\\\\\", #""\\""#, true),
        regexp("\\\\p{Lu}\\\\p{Ll}+", #""Élan""#, true),
        regexp("\\\\p{Lu}\\\\p{Ll}+", #""élan""#, false),
        regexp("\\\\P{L}+", #""12 ""#, true),
        regexp("[\\\\p{L}\\\\p{N}_]+", #""naïve_42""#, true),
        regexp("[^\\\\p{L}]", #""x""#, false),
        regexp("[^\\\\P{L}]", #""x""#, true),
        regexp("[😀-😂]", #""😁""#, true),
        regexp("order-[0-9]{4,6}", #""order-12345""#, true),
        regexp("order-[0-9]{4,6}", #""order-123""#, false),
        regexp("[0-9]+", "42", false),
        regexp("true", "true", false),
    ])
    func regexp_matchesWholeString(_ row: Row) throws {
        #expect(try matches(row.pattern, row.event) == row.verdict)
    }

    /// A backtracking engine would not finish.
    @Test(.timeLimit(.minutes(5)))
    func regexp_takesLinearTimeForHostileText() throws {
        let text = String(repeating: "a", count: 5_000)
        for expression in ["(a+)+b", "(a|a)*b", "(a*)*b", "(.*)(.*)(.*)(.*)b", "a{0,500}a{0,500}b"] {
            #expect(try !matches(#"{"a":[{"regexp":"\#(expression)"}]}"#, #"{"a":"\#(text)"}"#))
        }
        #expect(try !matches(#"{"a":[{"wildcard":"*a*a*a*a*a*a*ab"}]}"#, #"{"a":"\#(text)"}"#))
    }

    @Test(arguments: [
        ("(", "`(` is not closed, at character 1 of the expression", "write `\\(` for the character"),
        ("a)", "`)` without its `(`, at character 2 of the expression", "write `\\)` for the character"),
        ("[a", "`[` is not closed, at character 1 of the expression", "write `\\[` for the character"),
        ("a]", "`]` without its opening bracket, at character 2 of the expression", "write `\\]` for the character"),
        ("*a", "`*` has nothing to repeat, at character 1 of the expression", "write `\\*` for the character"),
        (
            "a**", "`*` behind another repetition, at character 3 of the expression",
            "put the part into a group: `(a+)?`"
        ),
        (
            "a+?", "`?` behind another repetition, at character 3 of the expression",
            "put the part into a group: `(a+)?`"
        ),
        (
            "a{,3}", "the counts in `{…}` are not complete, at character 2 of the expression",
            "write `{2}`, `{2,}` or `{2,5}`, or `\\{` for the character"
        ),
        (
            "(?=a)", "`(?` is not part of I-Regexp, at character 2 of the expression",
            "there are only plain groups: no look-around, no flags"
        ),
        ("\\\\d", "`\\d` is not an escape of I-Regexp, at character 1 of the expression", "write `[0-9]`"),
        (
            "(a)\\\\1", "`\\1` is not an escape of I-Regexp, at character 4 of the expression",
            "there are no back-references"
        ),
        (
            "\\\\p{X}", "`\\p` needs a general category of Unicode, at character 1 of the expression",
            "write `\\p{L}` for letters, `\\p{Lu}` for capitals, `\\p{N}` for digits"
        ),
        (
            "a{999}{999}", "`{` behind another repetition, at character 7 of the expression",
            "put the part into a group: `(a+)?`"
        ),
        (
            "(a{99}){99}", "the expression is too large: its automaton has more than 5000 states",
            "lower the counts in `{…}`"
        ),
    ])
    func regexp_reportsMistakesWithHelp(_ expression: String, _ message: String, _ help: String) {
        let pattern = #"{"a":[{"regexp":"\#(expression)"}]}"#
        #expect(
            diagnosis(pattern) == """
                pattern:1:17: error: \(message)
                    1 | \(pattern)
                      |                 ^
                   help: \(help)
                """)
    }

    @Test(arguments: [
        ("[]", "`[]` holds nothing, at character 1 of the expression"),
        ("[b-a]", "a range in `[…]` goes from a lower character to a higher one, at character 3 of the expression"),
        ("a{3,2}", "`{3,2}` ends before it begins, at character 2 of the expression"),
    ])
    func regexp_reportsMistakesWithoutHelp(_ expression: String, _ message: String) {
        let pattern = #"{"a":[{"regexp":"\#(expression)"}]}"#
        #expect(diagnosis(pattern).hasPrefix("pattern:1:17: error: \(message)\n"))
    }

    @Test func regexp_limitsNesting() {
        let deep = String(repeating: "(", count: 65) + String(repeating: ")", count: 65)
        #expect(
            diagnosis(#"{"a":[{"regexp":"\#(deep)"}]}"#).hasPrefix(
                "pattern:1:17: error: groups nested more than 64 deep, at character 66 of the expression\n"))
        let allowed = String(repeating: "(", count: 64) + "a" + String(repeating: ")", count: 64)
        #expect(diagnosis(#"{"a":[{"regexp":"\#(allowed)"}]}"#) == "")
    }
}
