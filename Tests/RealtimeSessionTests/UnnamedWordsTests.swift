import EventJSON
import RealtimeEvents
import RealtimeSession
import Testing

/// Words whose event names no item, or an item that cannot hold them.
@Suite struct UnnamedWordsTests {
    private static func unnamed(_ end: String, _ fields: String) -> String {
        Line.event("conversation.item.input_audio_transcription.\(end)", fields)
    }
    private static func said(_ text: String, item: String = "") -> String {
        unnamed("completed", "\(item)\"content_index\":0,\"transcript\":\(Line.quoted(text))")
    }
    private static func piece(_ text: String) -> String { unnamed("delta", "\"delta\":\(Line.quoted(text))") }
    private static let speech = source(
        Line.event("input_audio_buffer.speech_started", #""item_id":null,"audio_start_ms":0"#),
        Line.event("input_audio_buffer.speech_stopped", #""item_id":null,"audio_end_ms":0"#))

    private func lines(_ replay: SessionReplay) -> [String] {
        replay.rows(.routerUtteranceDone, .routerUtteranceRevised, fields: "role", "item_id", "turn", "status", "text")
            .map { $0.drop { $0 != " " }.dropFirst().description }
    }

    @Test(
        "Every sentence appears once, as the caller's",
        arguments: [
            (
                "of speech without an item, sent twice", source(speech, said("Where?"), said("Where?")),
                ["utterance.done user unnamed_1 1 completed Where?"]
            ),
            (
                "of the only item that waits", source(Line.spoken("u1"), said("Where?"), said("Where?")),
                ["utterance.done user u1 1 completed Where?"]
            ),
            (
                "with a null item", source(Line.spoken("u1"), said("Where?", item: "\"item_id\":null,")),
                ["utterance.done user u1 1 completed Where?"]
            ),
            (
                "with an empty item", source(Line.spoken("u1"), said("Where?", item: "\"item_id\":\"\",")),
                ["utterance.done user u1 1 completed Where?"]
            ),
            (
                "two sentences", source(speech, said("Where?"), said("Here?")),
                ["utterance.done user unnamed_1 1 completed Where?", "utterance.done user unnamed_2 1 completed Here?"]
            ),
            (
                "said again after an answer",
                source(said("Yes."), Line.answer("r1", "a1", "Sure?"), said("Yes.")),
                [
                    "utterance.done user unnamed_1 1 completed Yes.", "utterance.done assistant a1 1 completed Sure?",
                    "utterance.done user unnamed_2 2 completed Yes.",
                ]
            ),
            (
                "said again in another speech", source(speech, said("Yes."), speech, said("Yes.")),
                ["utterance.done user unnamed_1 1 completed Yes.", "utterance.done user unnamed_2 1 completed Yes."]
            ),
            (
                "in pieces", source(speech, piece("Whe"), piece("re?"), said("Where?")),
                ["utterance.done user unnamed_1 1 completed Where?"]
            ),
            (
                "in pieces without an end", source(speech, piece("Whe"), piece("re?")),
                ["utterance.done user unnamed_1 1 incomplete Where?"]
            ),
            (
                "while two items wait",
                source(
                    Line.sessionCreated(), Line.spoken("u1"), Line.spoken("u2", after: "u1"), said("Where?"),
                    Line.transcribed("u1", "One"),
                    Line.transcribed("u2", "Two")),
                [
                    "utterance.done user u1 1 completed One", "utterance.done user u2 1 completed Two",
                    "utterance.done user unnamed_1 1 completed Where?",
                ]
            ),
            (
                "late, while the answer comes", source(speech, Line.answer("r1", "a1", "There."), said("Where?")),
                ["utterance.done assistant a1 1 completed There.", "utterance.done user unnamed_1 1 completed Where?"]
            ),
            (
                "beside an item of that name",
                source(Line.userText("unnamed_1", "Hello"), said("Where?")),
                [
                    "utterance.done user unnamed_1 1 completed Hello",
                    "utterance.done user unnamed_2 1 completed Where?",
                ]
            ),
        ] as [(String, String, [String])])
    func unnamedTranscript_isOneUtteranceOfTheCaller(what: String, source: String, lines: [String]) throws {
        let replay = try SessionReplay(of: source)
        #expect(self.lines(replay) == lines)
        #expect(replay.rows(.routerErrorRaised) == [])
    }

    @Test("The ids are the same in every replay, and the speech gives the times and the latency")
    func unnamedTranscript_hasTheTimesOfItsSpeech() throws {
        let replay = try SessionReplay(
            of: source(
                Line.at(1, Line.event("input_audio_buffer.speech_started")),
                Line.at(2, Line.event("input_audio_buffer.speech_stopped")), Line.at(2.1, Self.said("Where?")),
                Line.at(2.5, Line.responseCreated("r1")), Line.at(2.75, Line.delta("a1", "There.", in: "r1")),
                Line.at(3, Line.responseDone("r1"))))
        #expect(
            replay.rows(.routerUtteranceDone, fields: "event_id", "started_ms", "ended_ms").first
                == "3.2 utterance.done s/utterance.done/unnamed_1/0 1000 2000")
        #expect(
            replay.rows(.routerTurnDone, fields: "item_id", "latency_ms", "latency_basis").map { $0.drop { $0 != " " } }
                == [" turn.done unnamed_1 750 speech_stopped"])
    }

    @Test("A failure without an item settles the only item that waits")
    func unnamedFailure_settlesTheWaitingItem() throws {
        let replay = try SessionReplay(
            of: source(Line.spoken("u1"), Self.unnamed("failed", #""error":{"code":"Nope","message":"Lost."}"#)))
        #expect(lines(replay) == ["utterance.done user u1 1 failed "])
        #expect(replay.rows(.routerErrorRaised, fields: "code").count == 1)
    }

    @Test("A transcription without a text keeps the words of its deltas")
    func transcriptWithoutText_keepsTheDeltas() throws {
        let end = Self.unnamed("completed", #""item_id":"u1","content_index":0,"transcript":null"#)
        let replay = try SessionReplay(of: source(Line.spoken("u1"), Line.heardDelta("u1", "Where?"), end))
        #expect(lines(replay) == ["utterance.done user u1 1 completed Where?"])
    }

    @Test(
        "Words without a place raise one benign error an item",
        arguments: [
            (
                "a delta after the transcription",
                source(
                    Line.spoken("u1"), Line.transcribed("u1", "Hi"), Line.heardDelta("u1", "a"),
                    Line.heardDelta("u1", "b")),
                ["error.raised benign transcription late_words u1 -"]
            ),
            (
                "a delta after the answer",
                source(Line.answer("r1", "a1", "Hi"), Line.delta("a1", "a", in: "r1"), Line.delta("a1", "b", in: "r1")),
                ["error.raised benign response late_words a1 r1"]
            ),
            (
                "a transcription of the agent's message",
                source(Line.answer("r1", "a1", "Hi"), Line.transcribed("a1", "Hi"), Line.transcribed("a1", "Ho")),
                ["error.raised benign transcription words_of_wrong_item a1 r1"]
            ),
            (
                "a transcription of a call", source(Line.calls("r1", "c1"), Line.transcribed("i_c1", "Hi")),
                ["error.raised benign transcription words_of_wrong_item i_c1 r1"]
            ),
            (
                "the agent's words for the caller's message",
                source(Line.spoken("u1"), Line.responseCreated("r1"), Line.delta("u1", "Hi", in: "r1")),
                ["error.raised benign response words_of_wrong_item u1 r1"]
            ),
            (
                "the agent's words without an item",
                source(
                    Line.responseCreated("r1"),
                    Line.event("response.output_text.delta", #""response_id":"r1","delta":"Hi""#),
                    Line.event("response.output_text.done", #""response_id":"r1","text":"Hi""#)),
                ["error.raised benign response words_without_item - r1"]
            ),
        ] as [(String, String, [String])])
    func misplacedWords_raiseOneBenignError(what: String, source: String, rows: [String]) throws {
        let replay = try SessionReplay(of: source)
        let raised = replay.rows(.routerErrorRaised, fields: "class", "source", "code", "item_id", "response_id")
        #expect(raised.map { $0.drop { $0 != " " }.dropFirst().description } == rows)
        #expect(lines(replay).filter { $0.contains("Ho") } == [])
    }

    @Test("Too many content parts raise one benign error")
    func tooManyParts_raiseOneBenignError() throws {
        let deltas = (0..<300).map { Line.delta("a1", "x", in: "r1", index: $0) }
        let replay = try SessionReplay(of: ([Line.responseCreated("r1")] + deltas).joined(separator: "\n"))
        #expect(
            replay.rows(.routerErrorRaised, fields: "code", "message") == [
                "258.1 error.raised too_many_content_parts Words came for an item with too many content parts, "
                    + "so they are in no transcript."
            ])
    }

    @Test("The assistant's words without an item go to the only open item of their response")
    func unnamedAnswer_goesToTheOpenItem() throws {
        let replay = try SessionReplay(
            of: source(
                Line.responseCreated("r1"), Line.says("a1", in: "r1"),
                Line.event("response.output_audio_transcript.delta", #""response_id":"r1","delta":"Hi""#),
                Line.responseDone("r1")))
        #expect(lines(replay) == ["utterance.done assistant a1 0 completed Hi"])
        #expect(replay.rows(.routerErrorRaised) == [])
    }
}
