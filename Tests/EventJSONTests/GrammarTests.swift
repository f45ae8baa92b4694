import EventJSON
import Testing

/// Valid and invalid JSON. Parser and scan must agree.
struct GrammarTests {
    /// Whether both accept a text; the message if both reject it.
    static func verdict(_ bytes: [UInt8]) throws -> String {
        let plan = FieldPlan([["a"], ["a", "b"]])
        var slots = FieldSlots(plan)
        var messages: [String] = []
        do {
            try plan.scan(bytes.span.bytes, into: &slots)
            messages.append("ok")
        } catch {
            messages.append(error.description)
        }
        do {
            _ = try JSONValue(parsing: bytes)
            messages.append("ok")
        } catch {
            messages.append(error.description)
        }
        // As the value of an unplanned member, the text is read by the code that skips values.
        let skipped = Array(#"{"z":"#.utf8) + bytes + Array("}".utf8)
        var refusal: JSONSyntaxError.Reason?
        do {
            try plan.scan(skipped.span.bytes, into: &slots)
        } catch {
            refusal = error.reason
        }
        let text = String(decoding: bytes.prefix(100), as: UTF8.self)
        #expect(messages[0] == messages[1], "\(text)")
        #expect(refusal == .tooDeep || (refusal == nil) == (messages[0] == "ok"), "\(text)")
        return messages[0]
    }

    @Test(arguments: [
        "{}", "[]", "\"\"", "0", "-0", "true", "false", "null", " \t\r\n[ \t\r\n] \t\r\n", "[[],{},[[]],[{}]]",
        #"{"":""}"#, #"{"a":1,"a":2}"#, #"{"a":{"b":{"c":[1,{"d":2}]}}}"#, "[1,2,3]",
        #"{ "a" : [ 1 , 2 ] , "b" : { } }"#,
        "1.5", "-1.5e+10", "1E5", "1e-5", "0.0", "0e0", "123456789012345678901234567890", "1e999999", "-0.0e-0",
        #""\"\\\/\b\f\n\r\t\u0000\uD834\uDD1E\uFFFF""#, #""\ud800""#, #""\udc00\ud800x""#, "\"\u{7F}\u{2028}é€😀\"",
    ])
    func grammar_accepts(text: String) throws {
        #expect(try Self.verdict(Array(text.utf8)) == "ok")
    }

    @Test(arguments: [
        ("", "unexpected end of the text at byte 0"),
        (" \n", "unexpected end of the text at byte 2"),
        ("\u{FEFF}{}", "unexpected byte order mark at byte 0"),
        ("{} x", "unexpected text after the value at byte 3"),
        ("{}{}", "unexpected text after the value at byte 2"),
        ("1 2", "unexpected text after the value at byte 2"),
        ("[1]]", "unexpected text after the value at byte 3"),
        ("{} \u{FEFF}", "unexpected text after the value at byte 3"),
        ("{}\0", "unexpected text after the value at byte 2"),
        ("x", "expected a value at byte 0"),
        ("'a'", "expected a value at byte 0"),
        ("]", "expected a value at byte 0"),
        ("// no\n1", "expected a value at byte 0"),
        ("NaN", "expected a value at byte 0"),
        ("Infinity", "expected a value at byte 0"),
        ("[,1]", "expected a value at byte 1"),
        ("[1,]", "expected a value at byte 3"),
        ("[1,,2]", "expected a value at byte 3"),
        (#"{"a":}"#, "expected a value at byte 5"),
        (#"{"a":,"b":1}"#, "expected a value at byte 5"),
        ("[\u{A0}1]", "expected a value at byte 1"),
        ("[\u{0B}1]", "expected a value at byte 1"),
        ("{,}", "expected a key at byte 1"),
        ("{1:2}", "expected a key at byte 1"),
        ("{a:1}", "expected a key at byte 1"),
        ("{]", "expected a key at byte 1"),
        (#"{"a":1,}"#, "expected a key at byte 7"),
        (#"{"a":1,,"b":2}"#, "expected a key at byte 7"),
        (#"{"a" 1}"#, "expected `:` at byte 5"),
        (#"{"a"}"#, "expected `:` at byte 4"),
        (#"{"a":1 "b":2}"#, "expected `,` or `}` at byte 7"),
        (#"{"a":1]"#, "expected `,` or `}` at byte 6"),
        (#"{"a":[]]"#, "expected `,` or `}` at byte 7"),
        ("[1 2]", "expected `,` or `]` at byte 3"),
        ("[1}", "expected `,` or `]` at byte 2"),
        ("[1:2]", "expected `,` or `]` at byte 2"),
        ("[[1}]", "expected `,` or `]` at byte 3"),
    ])
    func grammar_rejectsStructure(text: String, message: String) throws {
        #expect(try Self.verdict(Array(text.utf8)) == message)
    }

    @Test(arguments: [
        ("+1", "expected a value at byte 0"), (".5", "expected a value at byte 0"),
        ("01", "invalid number at byte 0"), ("-01", "invalid number at byte 0"), ("00", "invalid number at byte 0"),
        ("[-]", "invalid number at byte 1"), ("[--1]", "invalid number at byte 1"),
        ("[-a]", "invalid number at byte 1"),
        ("[1.]", "invalid number at byte 1"), ("[1.e5]", "invalid number at byte 1"),
        ("[1e]", "invalid number at byte 1"), ("[1e+]", "invalid number at byte 1"),
        ("[1e+-2]", "invalid number at byte 1"), ("-", "unexpected end of the text at byte 1"),
        ("1.", "unexpected end of the text at byte 2"), ("1e", "unexpected end of the text at byte 2"),
        ("1e+", "unexpected end of the text at byte 3"), ("1.5.5", "unexpected text after the value at byte 3"),
        ("0x10", "unexpected text after the value at byte 1"), ("1_000", "unexpected text after the value at byte 1"),
        ("1e5.5", "unexpected text after the value at byte 3"), ("-Infinity", "invalid number at byte 0"),
        ("1\u{0661}", "unexpected text after the value at byte 1"),
        ("tru", "unexpected end of the text at byte 3"), ("trve", "expected `true`, `false` or `null` at byte 0"),
        ("[fals]", "expected `true`, `false` or `null` at byte 1"),
        ("nulls", "unexpected text after the value at byte 4"),
        ("True", "expected a value at byte 0"), ("[nil]", "expected `true`, `false` or `null` at byte 1"),
    ])
    func grammar_rejectsNumbersAndLiterals(text: String, message: String) throws {
        #expect(try Self.verdict(Array(text.utf8)) == message)
    }

    @Test(arguments: [
        (#"""#, "unexpected end of the text at byte 1"), (#""a"#, "unexpected end of the text at byte 2"),
        (#""\"#, "unexpected end of the text at byte 2"), (#""\""#, "unexpected end of the text at byte 3"),
        (#""\u12"#, "unexpected end of the text at byte 5"), (#""\u12""#, "invalid escape at byte 1"),
        (#""\x41""#, "invalid escape at byte 1"), (#""\'""#, "invalid escape at byte 1"),
        (#""\U0041""#, "invalid escape at byte 1"), (#""\u00G0""#, "invalid escape at byte 1"),
        (#""\u+123""#, "invalid escape at byte 1"), (#""ab\ ""#, "invalid escape at byte 3"),
        ("\"\n\"", "unescaped control character at byte 1"), ("\"a\tb\"", "unescaped control character at byte 2"),
        ("\"\0\"", "unescaped control character at byte 1"), ("\"\u{1F}\"", "unescaped control character at byte 1"),
        ("{\"a\nb\":1}", "unescaped control character at byte 3"), (#"{"\q":1}"#, "invalid escape at byte 2"),
    ])
    func grammar_rejectsStrings(text: String, message: String) throws {
        #expect(try Self.verdict(Array(text.utf8)) == message)
    }

    @Test func nesting_isLimitedTo512() throws {
        for (open, close) in [("[", "]"), (#"{"a":"#, "}"), (#"{"a":["#, "]}"), (#"{"z":["#, "]}")] {
            let levels = open.hasSuffix("[") && open.count > 1 ? 256 : 512
            func nested(_ count: Int) -> [UInt8] {
                Array((String(repeating: open, count: count) + "1" + String(repeating: close, count: count)).utf8)
            }
            #expect(try Self.verdict(nested(levels - 1)) == "ok")
            #expect(try Self.verdict(nested(levels)) == "ok")
            let offset = open.utf8.count * levels
            #expect(try Self.verdict(nested(levels + 1)) == "nested more than 512 deep at byte \(offset)")
            #expect(try Self.verdict(nested(100_000)) == "nested more than 512 deep at byte \(offset)")
        }
    }
}
