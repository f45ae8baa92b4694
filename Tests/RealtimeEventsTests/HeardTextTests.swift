import RealtimeEvents
import Testing

/// The words of a truncated answer that the user heard.
@Suite struct HeardTextTests {
    @Test(
        "The heard fraction of the audio is the heard fraction of the words, back to a word boundary",
        arguments: [
            ("One two three", 500, 1000, "One"), ("One two three", 540, 1000, "One two"),
            ("One two three", 615, 1000, "One two"),
            ("One two three", 999, 1000, "One two"), ("One two three", 100, 1000, ""), ("One  two", 600, 1000, "One"),
            ("Supercalifragilistic", 900, 1000, ""), ("Well,\nyes", 700, 1000, "Well,"), ("", 5, 10, ""),
            // In scripts without blanks every character counts as a word.
            ("晴れです。気温は二十一度", 500, 1000, "晴れです。気"), ("สวัสดีครับ", 500, 1000, "สวัส"), ("Tokyoは晴れ", 650, 1000, "Tokyo"),
            ("안녕하세요 세계", 700, 1000, "안녕하세요"),
            // A character of several scalars is not split.
            ("ab 👩‍👩‍👧 cd", 600, 1000, "ab 👩‍👩‍👧"), ("e\u{301}e\u{301} e\u{301}", 900, 1000, "e\u{301}e\u{301}"),
        ])
    func heardText_endsAtAWordBoundary(text: String, heardMs: Int, audioMs: Int, expected: String) {
        #expect(Utterance.heardText(of: text, heardMs: heardMs, audioMs: audioMs) == expected)
    }

    @Test(
        "A server may send any durations",
        arguments: [
            (0, 1000, ""), (-5, 1000, ""), (.min, .max, ""), (1000, 1000, "One two three"), (.max, 1, "One two three"),
            (.max - 1, .max, "One two"), (5, 0, nil), (5, -1, nil), (5, nil, nil), (nil, 1000, nil),
        ] as [(Int?, Int?, String?)])
    func heardText_acceptsAnyDurations(heardMs: Int?, audioMs: Int?, expected: String?) {
        #expect(Utterance.heardText(of: "One two three", heardMs: heardMs, audioMs: audioMs) == expected)
    }
}
