import Testing

/// `phrase`: words in spoken text.
struct PhraseTests {
    private static func phrase(_ phrase: String, _ text: String, _ verdict: Bool) -> Row {
        a(#"{"phrase":\#(phrase)}"#, text, verdict)
    }

    @Test(arguments: [
        phrase(#""refund""#, #""Refund, please.""#, true),
        phrase(#""refund""#, #""refundable""#, false),
        phrase(#""refund""#, #""I want a REFUND!""#, true),
        phrase(#""refund*""#, #""refundable""#, true),
        phrase(#""refund*""#, #""refund""#, true),
        phrase(#""refund*""#, #""unrefundable""#, false),
        phrase(#"["refund*","lawyer"]"#, #""my lawyer""#, true),
        phrase(#"["refund*","lawyer"]"#, #""my law""#, false),
        phrase(#""my money back""#, #""Give me my   money,\nback.""#, true),
        phrase(#""my money back""#, #""my money is back""#, false),
        phrase(#""my money back""#, #""my my money back""#, true),
        phrase(#""my money back""#, #""my money""#, false),
        phrase(#""re* fun* now""#, #""really funny now""#, true),
        phrase(#""check in""#, #""the check-in desk""#, true),
        phrase(#""Check-In!""#, #""check in""#, true),
        phrase(#""what's""#, #""What’s up?""#, true),
        phrase(#""what’s up""#, #""so what's up""#, true),
        phrase(#""what""#, #""what's up""#, false),
        phrase(#""what*""#, #""what's up""#, true),
        phrase(#""s""#, #""what's""#, false),
        phrase(#""hello""#, #""'hello'""#, true),
        phrase(#""'hello'""#, #""hello""#, true),
        phrase(#""dogs""#, #""the dogs' home""#, true),
        phrase(#""24 7""#, #""open 24/7""#, true),
        phrase(#""4""#, #""24""#, false),
        phrase(#""café""#, #""Un CAFÉ!""#, true),
        phrase(#""cafe""#, #""un café""#, false),
        phrase(#""straße""#, #""Die STRASSE""#, false),
        phrase(#""straße""#, #""eine Straße""#, true),
        phrase(#""σας""#, #""ΓΙΑ ΣΑΣ""#, true),
        phrase(#""возврат*""#, #""Хочу ВОЗВРАТА!""#, true),
        phrase(#""退款""#, #""我要退款。""#, true),
        phrase(#""退款""#, #""我要付款。""#, false),
        phrase(#""キャンセル""#, #""予約をキャンセルしたい""#, true),
        phrase(#""환불""#, #""환불 해주세요""#, true),
        phrase(#""환불""#, #""환불해주세요""#, false),
        phrase(#""환불*""#, #""환불해주세요""#, true),
        phrase(#""naïve""#, #""na\u00advïve""#, false),
        phrase(#""coop""#, #""co\u00adop""#, true),
        phrase(#""refund 24""#, #""ｒｅＦＵＮＤ ２４""#, true),
        phrase(#""refund""#, #""re\u200bfu\u2060nd""#, true),
        phrase(#""1234""#, #""12 34""#, false),
        phrase(#""a b""#, #""a 🙂 b""#, true),
        phrase(#""a""#, #""""#, false),
        phrase(#""a""#, #""🙂 ... !""#, false),
        phrase(#""5""#, "5", false),
        phrase(#""null""#, "null", false),
        phrase(#""tab""#, #""a\ttab""#, true),
    ])
    func phrase_matchesSpokenWords(_ row: Row) throws {
        #expect(try matches(row.pattern, row.event) == row.verdict)
    }

    @Test(arguments: [
        (#"{"a":[{"phrase":"re*fund"}]}"#, "a `*` in a phrase has to follow a word directly"),
        (#"{"a":[{"phrase":"*fund"}]}"#, "a `*` in a phrase has to follow a word directly"),
        (#"{"a":[{"phrase":"refund **"}]}"#, "a `*` in a phrase has to follow a word directly"),
        (#"{"a":[{"phrase":"refund**"}]}"#, "a `*` in a phrase has to follow a word directly"),
        (#"{"a":[{"phrase":"?!"}]}"#, "a phrase needs at least one word"),
        (#"{"a":[{"phrase":""}]}"#, "a phrase needs at least one word"),
    ])
    func phrase_reportsMistakes(_ pattern: String, _ message: String) {
        #expect(diagnosis(pattern).hasPrefix("pattern:1:17: error: \(message)\n"))
    }
}
