import ConfigSource
import Testing

@Suite struct ScalarTests {
    typealias Scalar = Node.Scalar

    @Test(arguments: ["", "~", "null"])
    func null_spellings(_ text: String) {
        #expect(Scalar(text, isQuoted: false).value == .null)
        #expect(Scalar(text, isQuoted: true).value == .string(text))
    }

    @Test func boolean_spellings() {
        #expect(Scalar("true", isQuoted: false).value == .bool(true))
        #expect(Scalar("false", isQuoted: false).value == .bool(false))
        #expect(Scalar("true", isQuoted: true).value == .string("true"))
    }

    @Test(arguments: ["0", "-0", "10", "-1.50", "1e5", "1E+05", "0.1e-7", "123456789012345678901234567890"])
    func number_spellings(_ text: String) {
        #expect(Scalar(text, isQuoted: false).value == .number(text))
        #expect(Scalar(text, isQuoted: false).lookAlike == nil)
        #expect(Scalar(text, isQuoted: true).value == .string(text))
    }

    @Test(arguments: [
        "-", "+", ".", "-.", "1.2.3", "10.0.0.1", "::1", "a:30", "1e", "e5", "5s", "64KiB", "0x", "0xZZ", "0b2",
        "2026-01-02",
        "12:75", "y", "n", "nope", "trUe", "1,000", "-a", "+a", "...", "_1", "5-6", "1:", ".infinity", "١",
    ])
    func string_everythingElse(_ text: String) {
        #expect(Scalar(text, isQuoted: false).value == .string(text))
        #expect(Scalar(text, isQuoted: false).lookAlike == nil)
        #expect(Scalar(text, isQuoted: false).lookAlikeHelp == nil)
    }

    @Test(arguments: [
        ("0x1F", "a number", "31"), ("0X1f", "a number", "31"), ("-0x10", "a number", "-16"),
        ("0o17", "a number", "15"),
        ("0b101", "a number", "5"), (".5", "a number", "0.5"), ("-.5", "a number", "-0.5"), ("5.", "a number", "5.0"),
        ("+5", "a number", "5"), ("+.5e3", "a number", "0.5e3"), ("1_000", "a number", "1000"),
        ("1_0.5", "a number", "10.5"), ("True", "true", "true"), ("YES", "true", "true"), ("on", "true", "true"),
        ("no", "false", "false"), ("Off", "false", "false"), ("FALSE", "false", "false"), ("Null", "null", "null"),
    ])
    func lookAlike_describesTheMeaning(_ text: String, _ kind: String, _ replacement: String) {
        let scalar = Scalar(text, isQuoted: false)
        #expect(scalar.value == .string(text))
        #expect(scalar.lookAlike == "plain `\(text)` is a string, not \(kind)")
        #expect(scalar.lookAlikeHelp == "write `\"\(text)\"` for the string, or `\(replacement)`")
        #expect(Scalar(text, isQuoted: true).lookAlike == nil)
    }

    @Test(arguments: [
        ("010", "a number"), ("-007", "a number"), ("08", "a number"), ("1:30", "a number"), ("12:30:45", "a number"),
        (".inf", "a number (JSON has none like it)"), ("-.INF", "a number (JSON has none like it)"),
        (".nan", "a number (JSON has none like it)"), ("0xFFFFFFFFFFFFFFFFFF", "a number"),
    ])
    func lookAlike_withoutReplacement(_ text: String, _ kind: String) {
        let scalar = Scalar(text, isQuoted: false)
        #expect(scalar.lookAlike == "plain `\(text)` is a string, not \(kind)")
        #expect(scalar.lookAlikeHelp == "write `\"\(text)\"` for the string")
    }

    @Test func node_createdInCode() {
        let node: Node = ["list": [1, 2.5, true, "x", .null], "name": "a\("b")"]
        #expect(node["list"]?.list?.map(\.kindName) == ["a number", "a number", "true", "a string", "null"])
        #expect(node["name"]?.string == "ab")
        #expect(node["none"] == nil)
        #expect(node.kindName == "a mapping")
        #expect(node["list"]?.kindName == "a list")
        #expect(Node(.scalar(Scalar("", isQuoted: false))).kindName == "empty")
        #expect(node.entries?.map(\.name) == ["list", "name"])
    }
}
