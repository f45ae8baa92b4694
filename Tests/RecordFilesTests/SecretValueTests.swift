import EventJSON
import RecordFiles
import Testing

/// The replacement of the values of environment variables.
@Suite struct SecretValueTests {
    private static let secrets = SecretValues([
        (name: "KEY", value: "sk-12345678"), (name: "LONGER", value: "sk-12345678-and-more"),
        (name: "QUOTED", value: #"pass"wo\rd/x"#),
        (name: "LINES", value: "-----BEGIN-----\nMIIBVQ/9w\nshort\nüber-all-es\n"),
        (name: "SHORT", value: "1234567"), (name: "TZ", value: "Europe/Lisbon"), (name: "LC_ALL", value: "pt_PT.UTF-8"),
        (name: "HOME", value: "/home/router"), (name: "PATH", value: "/usr/bin:/bin"),
        (name: "LANG", value: "pt_PT.UTF-8"),
    ])

    @Test(arguments: [
        ("no value here", "no value here"), ("key sk-12345678.", "key ${KEY}."), ("xsk-12345678x", "x${KEY}x"),
        ("sk-12345678-and-more", "${LONGER}"), ("sk-12345678-and-mor", "${KEY}-and-mor"),
        ("sk-12345678sk-12345678", "${KEY}${KEY}"), ("sk-1234567", "sk-1234567"),
        (#"raw pass"wo\rd/x"#, "raw ${QUOTED}"), (#"{"p":"pass\"wo\\rd/x"}"#, #"{"p":"${QUOTED}"}"#),
        (#"{"p":"pass\"wo\\rd\/x"}"#, #"{"p":"${QUOTED}"}"#),
        (#""{\"p\":\"pass\\\"wo\\\\rd/x\"}""#, #""{\"p\":\"${QUOTED}\"}""#),
        ("a -----BEGIN-----\nMIIBVQ/9w\nshort\nüber-all-es\n z", "a ${LINES} z"),
        ("line MIIBVQ/9w only", "line ${LINES} only"),
        (#"-----BEGIN-----\nMIIBVQ\/9w\nshort\n\u00fcber-all-es\n"#, "${LINES}"), ("short stays", "short stays"),
        (
            "1234567 Europe/Lisbon pt_PT.UTF-8 /home/router /usr/bin:/bin",
            "1234567 Europe/Lisbon pt_PT.UTF-8 /home/router /usr/bin:/bin"
        ),
    ])
    func secretValue_isReplaced(_ text: String, _ hidden: String) {
        #expect(Self.secrets.hide(in: text) == hidden)
    }

    @Test("Overlapping values are replaced completely")
    func secretValue_overlapping() {
        let secrets = SecretValues([
            (name: "ONE", value: "abcdefgh1234"), (name: "TWO", value: "1234-longer-one"),
            (name: "IN", value: "cdefgh12"),
        ])
        #expect(secrets.hide(in: "<abcdefgh1234-longer-one>") == "<${TWO}>")
        #expect(secrets.hide(in: "<abcdefgh1234> cdefgh12") == "<${ONE}> ${IN}")
    }

    @Test("A value that is truncated by either end of the kept bytes leaves no part", arguments: 1..<19)
    func secretValue_truncated(_ kept: Int) {
        let secrets = SecretValues([(name: "KEY", value: "sk-0123456789abcdef")])
        let value = Array("sk-0123456789abcdef".utf8)
        let tail = secrets.lastBytes(kept + 3, of: Array("before".utf8) + value + Array("end".utf8))
        #expect(String(decoding: tail, as: UTF8.self) == "${KEY}end")
        let head = secrets.hide(in: Array("begin".utf8) + value.prefix(kept), isCut: true)
        let shown = kept < 4 ? "begin" + String(decoding: value.prefix(kept), as: UTF8.self) : "begin${KEY}"
        #expect(String(decoding: head, as: UTF8.self) == shown)
        #expect(secrets.unfinished(in: Array("x".utf8) + value.prefix(kept)) == kept)
    }

    @Test("If the beginning is cut off, the kept bytes begin with a whole line, if there is one")
    func lastBytes_beginWithALine() {
        let text = Array("a number 4111 1111\nand a line\n".utf8)
        let last = { (limit: Int) in String(decoding: SecretValues().lastBytes(limit, of: text), as: UTF8.self) }
        #expect(last(100) == "a number 4111 1111\nand a line\n")
        #expect(last(16) == "and a line\n")
        #expect(last(5) == "line\n")
    }

    @Test("The end of a text is held back if it may still become a value, or a longer one")
    func secretValue_unfinished() {
        #expect(Self.secrets.unfinished(in: Array("key sk-12345678".utf8)) == 11)
        #expect(Self.secrets.unfinished(in: Array("key sk-12345678-and-more".utf8)) == 0)
    }

    @Test func secretValue_inJSON() throws {
        let value: JSONValue = ["a": ["sk-12345678", 5, true], "sk-12345678": "x", "n": 123_456_789_012]
        let secrets = SecretValues(joining: [Self.secrets, SecretValues([(name: "NUMBER", value: "123456789012")])])
        #expect(secrets.hide(in: value) == ["a": ["${KEY}", 5, true], "${KEY}": "x", "n": "${NUMBER}"])
    }

    /// Prefixes of values at every offset, none of which is a whole value: the worst case for a naive search.
    @Test("The time for many values and a long text is linear in the text alone", .timeLimit(.minutes(5)))
    func secretValue_boundedWork() {
        let secrets = SecretValues(
            (1...50).map { (name: "V\($0)", value: String(repeating: "a", count: 1000 + $0) + "b") })
        let text = String(repeating: "a", count: 500_000)
        #expect(secrets.hide(in: text) == text)
    }
}
