import LinearExpressions
import Testing

/// `pattern` of JSON Schema: ECMA-262's dialect, matching anywhere in the text.
struct SearchExpressionTests {
    @Test(
        arguments: [
            ("", "", true), ("", "a", true), ("b", "abc", true), ("b", "ac", false), ("^b", "abc", false),
            ("^a", "abc", true),
            ("c$", "abc", true), ("b$", "abc", false), ("^a*$", "", true), ("^a*$", "aab", false),
            ("^a|b$", "ax", true),
            ("^a|b$", "xb", true), ("^a|b$", "xbx", false), ("^$", "", true), ("^$", "a", false), ("a^b", "ab", false),
            ("(^|,)x", "a,x", true), ("(^|,)x", "ax", false), ("^(?:ab)+$", "abab", true),
            ("^(?<year>[0-9]{4})$", "2026", true),
            ("^a+?$", "aaa", true), ("^a*?b$", "aab", true), ("^a{2,3}?$", "aaa", true),
            (#"^\d{3}-\d{4}$"#, "555-1234", true), (#"^\d+$"#, "१", false), (#"^\w+$"#, "a_1", true),
            (#"^\w+$"#, "é", false),
            (#"^\W$"#, "é", true), (#"^\s$"#, "\u{A0}", true), (#"^\S+$"#, "a b", false),
            (#"^[\w.]+@[\w.]+$"#, "a.b@c.d", true),
            (#"^[^\W_]+$"#, "a1", true), (#"^[^\W_]+$"#, "a_1", false), (#"^[\D]$"#, "1", false),
            (#"^\x41\u0042\u{43}$"#, "ABC", true),
            (#"^\ud83d\ude00$"#, "😀", true), (#"^\cI$"#, "\t", true), (#"^\f\v\0$"#, "\u{0C}\u{0B}\0", true),
            (#"^[a\-z]+$"#, "a-z", true), (#"^\@\_\"$"#, "@_\"", true), ("^[a-]+$", "-a", true), ("^[[]$", "[", true),
            ("^.$", "\u{2028}", false),
            ("^.$", "\u{85}", true), ("[]", "a", false), ("^[^]$", "\n", true), ("^☃$", "☃", true),
            (#"\p{Lu}"#, "aÉ", true),
        ] as [(String, String, Bool)])
    func search_findsMatches(_ expression: String, _ text: String, _ verdict: Bool) throws {
        #expect(try SearchExpression(expression).isFound(in: text) == verdict)
    }

    @Test(arguments: [
        ("a(?=b)", "`(?` begins neither `(?:…)` nor `(?<name>…)`, at character 3 of the expression"),
        ("(?<!a)b", "`(?` begins neither `(?:…)` nor `(?<name>…)`, at character 2 of the expression"),
        (#"(a)\1"#, #"`\1` is not an escape of regular expressions here, at character 4 of the expression"#),
        (#"\bword"#, #"`\b` is not an escape of regular expressions here, at character 1 of the expression"#),
        (#"\ud83d"#, "half of a surrogate pair, at character 7 of the expression"),
        (#"\u12"#, "4 hexadecimal digits are missing, at character 5 of the expression"),
        ("a**", "`*` behind another repetition, at character 3 of the expression"),
        ("(a", "`(` is not closed, at character 1 of the expression"),
    ])
    func search_rejectsUnsupportedSyntax(_ expression: String, _ message: String) {
        let failure = #expect(throws: ExpressionError.self) { try SearchExpression(expression) }
        #expect(failure?.message == message)
    }

    @Test func search_takesLinearTime() throws {
        let text = String(repeating: "a", count: 20_000)
        #expect(try !SearchExpression("^(a+)+b$").isFound(in: text))
        #expect(try !SearchExpression("(a|aa)*c").isFound(in: text))
    }
}
