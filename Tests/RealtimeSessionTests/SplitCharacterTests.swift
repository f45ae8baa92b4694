import EventJSON
import RealtimeEvents
import RealtimeSession
import Testing

/// Servers that cut a text between the halves of a surrogate pair.
@Suite struct SplitCharacterTests {
    private static func delta(_ escaped: String, isUser: Bool) -> String {
        isUser
            ? Line.event(
                "conversation.item.input_audio_transcription.delta",
                #""item_id":"u1","content_index":0,"delta":"\#(escaped)""#)
            : Line.event(
                "response.output_audio_transcript.delta",
                #""response_id":"r1","item_id":"a1","content_index":0,"delta":"\#(escaped)""#)
    }

    @Test(
        "A character that is split over two deltas is one character, or one replacement",
        arguments: [
            ([#"a\ud83d"#, #"\ude00b"#], "a😀b", ["a", "😀b"]),
            ([#"\uD83D"#, #"\uDE00"#, " ok"], "😀 ok", ["", "😀", " ok"]),
            ([#"a\ud83d"#], "a\u{FFFD}", ["a"]), ([#"a\ud83d"#, "b"], "a\u{FFFD}b", ["a", "\u{FFFD}b"]),
            ([#"a\ud83d"#, #"\ud83d"#, #"\ude00"#], "a\u{FFFD}😀", ["a", "\u{FFFD}", "😀"]),
            ([#"\ude00"#, "b"], "\u{FFFD}b", ["\u{FFFD}", "b"]),
            ([#"\\ud83d"#, #"\\ude00"#], #"\ud83d\ude00"#, [#"\ud83d"#, #"\ude00"#]),
            ([#"\\\ud83d"#, #"\ude00"#], #"\😀"#, [#"\"#, "😀"]), ([#"\ud83d\ude00"#, #"\u00e9"#], "😀é", ["😀", "é"]),
            ([#"a\ud83d"#, "", #"\ude00"#], "a😀", ["a", "", "😀"]),
        ] as [([String], String, [String])], [true, false])
    func splitCharacter_isPutTogether(_ row: ([String], String, [String]), isUser: Bool) throws {
        let (deltas, text, pieces) = row
        let begin = isUser ? Line.spoken("u1") : Line.responseCreated("r1")
        let replay = try SessionReplay(
            of: ([begin] + deltas.map { Self.delta($0, isUser: isUser) }).joined(separator: "\n"))
        #expect(try replay.bodies(.routerUtteranceUpdated, as: Utterance.self).map(\.delta) == pieces)
        #expect(try replay.bodies(.routerUtteranceDone, as: Utterance.self).map(\.text) == [text])
    }
}
