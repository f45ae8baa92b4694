import EventPatterns
import LinearExpressions
import Testing

/// Common kinds of secrets in texts: what each kind finds, and what it does not.
@Suite struct SecretKindTests {
    /// A text with `*` in place of each finding of a kind.
    private static func masked(_ kind: SecretKind, _ text: String) -> String {
        let bytes = Array(text.utf8)
        var (result, start) = ([UInt8](), 0)
        for range in TextPattern(kind).ranges(in: text) {
            result += bytes[start..<range.lowerBound] + [UInt8(ascii: "*")]
            start = range.upperBound
        }
        return String(decoding: result + bytes[start...], as: UTF8.self)
    }

    @Test(arguments: [
        ("Card 4111 1111 1111 1111, please", "Card *, please"), ("4111111111111111", "*"), ("4111-1111-1111-1111", "*"),
        ("4111 1111 1111 1112", "4111 1111 1111 1112"), ("x4111111111111111y", "x*y"),
        ("5 4111 1111 1111 1111 5", "5 * 5"),
        ("４１１１　１１１１　１１１１　１１１１", "*"), ("4111\u{A0}1111\u{202F}1111\u{2011}1111", "*"),
        ("41\u{200B}11111\u{2060}111111111", "*"), ("٤١١١١١١١١١١١١١١١", "*"), ("4111, 1111, 1111, 1111.", "*."),
        ("378282246310005", "*"), ("6011 0009 9013 9424 000", "* 000"), ("4222222222222", "*"),
        ("0000000000000", "0000000000000"),
        ("41111111111111111111", "41111111111111111111"), ("4111 1111 1111: 1111", "4111 1111 1111: 1111"),
        ("four one one one one one one one one one one one one one one one", "*"),
        ("It's Four one one one, double one, double one, 1111, triple one one. OK?", "It's *. OK?"),
        ("forty-one eleven eleven eleven eleven eleven eleven eleven", "*"),
        ("four two four two, uh, four two four two four two four two four two four two", "*"),
        ("one two three four", "one two three four"), ("", ""),
    ])
    func cards_areFound(_ text: String, _ masked: String) { #expect(Self.masked(.card, text) == masked) }

    @Test(arguments: [
        ("Mail ana.b+x@example.co.uk.", "Mail *."), ("<ana@example.org>", "<*>"), ("ＡＮＡ＠example．org", "*"),
        ("josé@exämple.org", "*"), ("a\u{200B}na@example.org", "*"), ("ana@localhost", "ana@localhost"),
        ("@example.org", "@example.org"),
        ("a@b.c", "a@b.c"), ("3@4.56", "3@4.56"), ("a@b.org@c.org", "*"),
    ])
    func emails_areFound(_ text: String, _ masked: String) { #expect(Self.masked(.email, text) == masked) }

    @Test(arguments: [
        ("Call +351 912 345 678 now", "Call * now"), ("+1 (555) 234-5678", "*"), ("(555) 234-5678", "*"),
        ("555.234.5678", "*"),
        ("1-800-555-1234 or", "* or"), ("5552345678", "*"), ("030 1234567", "*"), ("06 12 34 56 78", "*"),
        ("0049 30 1234567", "*"),
        ("912 345 678", "*"), ("+４４ ２０ ７９４６ ０９５８", "*"), ("five five five two three four five six seven eight", "*"),
        ("oh two oh seven nine four six oh nine five eight", "*"), ("plus 5 5 5 2 3 4 5 6 7 8", "plus *"),
        ("one two three four five six seven eight nine ten", "one two three four five six seven eight nine ten"),
        ("at 16:55 on 2026-11-29", "at 16:55 on 2026-11-29"), ("29.11.2026 16:55", "29.11.2026 16:55"),
        ("01-02-2024 10", "01-02-2024 10"),
        ("0.0123456789", "0.0123456789"), ("1732899346", "1732899346"), ("call_5552345678", "call_5552345678"),
        ("order 12345678", "order 12345678"), ("1 234 567 890", "1 234 567 890"),
    ])
    func phones_areFound(_ text: String, _ masked: String) { #expect(Self.masked(.phone, text) == masked) }

    @Test(arguments: [
        ("IBAN DE89 3704 0044 0532 0130 00 please", "IBAN * please"), ("de89370400440532013000", "*"),
        ("GB29-NWBK-6016-1331-9268-19", "*"),
        ("ＤＥ８９３７０４００４４０５３２０１３０００", "*"), ("DE89 3704 0044 0532 0130 01", "DE89 3704 0044 0532 0130 01"),
        ("NO9386011117947.", "*."), ("DE89 3704 0044", "DE89 3704 0044"),
        ("at 12 noon we met and ate and ate and ate", "at 12 noon we met and ate and ate and ate"),
    ])
    func ibans_areFound(_ text: String, _ masked: String) { #expect(Self.masked(.iban, text) == masked) }

    /// Wherever a text is cut, later text does not change earlier findings, and the open end contains the beginning of the secret.
    @Test(arguments: [
        (SecretKind.card, "pay with 4111 1111 1111 1111 today", "4111 1111 1111 1111"),
        (
            .card, "it is four one one one one one one one one one one one one one one one ok",
            "four one one one one one one one one one one one one one one one"
        ),
        (.email, "mail ana@example.org today", "ana@example.org"),
        (.phone, "call +1 (555) 234-5678 today", "+1 (555) 234-5678"),
        (.iban, "to DE89 3704 0044 0532 0130 00 today", "DE89 3704 0044 0532 0130 00"),
    ])
    func openEnd_coversWhatMayBecomeAMatch(_ kind: SecretKind, _ text: String, _ secret: String) throws {
        let place = try #require(text.firstRange(of: secret))
        let start = text.utf8.distance(from: text.startIndex, to: place.lowerBound)
        for count in 1..<secret.utf8.count {
            let beginning = String(decoding: text.utf8.prefix(start + count), as: UTF8.self)
            let open = TextPattern(kind).findings(in: beginning).openStart
            #expect(open.map { $0 <= start } == true, "\(beginning)")
        }
        let whole = TextPattern(kind).findings(in: text)
        #expect(whole.ranges == [start..<start + secret.utf8.count])
    }

    @Test(.timeLimit(.minutes(5)), arguments: SecretKind.allCases)
    func hostileText_takesLinearTime(_ kind: SecretKind) {
        for part in [
            "4", "4 ", "4 1-1 ", "a@", "a.", "a@b.", "+", "+1", "(", "one ", "double ", "forty one ", "and ", "de12",
            "de ", "d1 ", "\u{200B}", "４",
        ] {
            let text = String(repeating: part, count: 2000)
            _ = TextPattern(kind).findings(in: text)
        }
    }
}
