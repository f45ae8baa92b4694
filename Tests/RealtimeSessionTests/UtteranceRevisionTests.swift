import RealtimeEvents
import RealtimeSession
import Testing

@Suite struct UtteranceRevisionTests {
    private let begun = source(
        Line.responseCreated("r1"), Line.says("a1", in: "r1"), Line.audio("a1", bytes: 48_000, in: "r1"),
        Line.delta("a1", "One two three", in: "r1"))

    @Test("A truncation after the end is a revision")
    func truncation_afterTheEnd_isARevision() throws {
        let replay = try SessionReplay(
            of: source(
                begun, Line.said("a1", "One two three.", in: "r1"), Line.responseDone("r1"),
                Line.truncated("a1", ms: 400),
                Line.truncated("a1", ms: 300)))
        #expect(
            replay.rows(
                .routerUtteranceDone, .routerUtteranceRevised, fields: "status", "text", "heard_ms", "sequence",
                "event_id")
                == [
                    "6.2 utterance.done completed One two three. - - s/utterance.done/a1/0",
                    "8.1 utterance.revised interrupted One two three. 400 1 s/utterance.revised/a1/0/1",
                    "9.1 utterance.revised interrupted One two three. 300 2 s/utterance.revised/a1/0/2",
                ])
    }

    @Test("An answer that was cut off says which words were heard")
    func truncation_givesHeardText() throws {
        let said = Line.said("a1", "One two three.", in: "r1")
        let replay = try SessionReplay(
            of: source(
                begun, said, Line.responseDone("r1"), Line.truncated("a1", ms: 650), Line.truncated("a1", ms: 0),
                Line.truncated("a1", ms: 2000)))
        #expect(
            replay.rows(.routerUtteranceDone, .routerUtteranceRevised, fields: "heard_ms", "audio_ms", "heard_text")
                == [
                    "6.2 utterance.done - 1000 -", "8.1 utterance.revised 650 1000 One two",
                    "9.1 utterance.revised 0 1000 ", "10.1 utterance.revised 2000 1000 One two three.",
                ])
        let silent = try SessionReplay(
            of: source(
                Line.responseCreated("r1"), Line.says("a1", in: "r1"), Line.delta("a1", "One two three", in: "r1"),
                Line.truncated("a1", ms: 400), said))
        #expect(
            silent.rows(.routerUtteranceDone, fields: "heard_ms", "audio_ms", "heard_text") == [
                "6.2 utterance.done 400 - -"
            ])
    }

    @Test("A truncation before the end is part of the utterance")
    func truncation_beforeTheEnd_isIncluded() throws {
        let replay = try SessionReplay(
            of: source(
                begun, Line.truncated("a1", ms: 400), Line.said("a1", "One", in: "r1", status: "incomplete"),
                Line.cancelled("r1")))
        #expect(
            replay.rows(.routerUtteranceDone, .routerUtteranceRevised, fields: "status", "text", "heard_ms") == [
                "7.2 utterance.done interrupted One two three 400"
            ])
    }

    @Test("A waiting utterance is corrected before it is released")
    func waitingUtterance_isCorrectedBeforeRelease() throws {
        let replay = try SessionReplay(
            of: source(
                Line.sessionCreated(), Line.spoken("u1"), begun, Line.said("a1", "One two three.", in: "r1"),
                Line.truncated("a1", ms: 400), Line.transcribed("u1", "Count.")))
        #expect(replay.rows(.routerUtteranceRevised) == [])
        #expect(replay.transcript == ["user (completed): Count.", "assistant (interrupted): One two three."])
    }

    @Test(
        "The end of a response ends its open items",
        arguments: [
            ("completed", "completed"), ("cancelled", "interrupted"), ("failed", "failed"),
            ("incomplete", "incomplete"),
        ])
    func responseEnd_endsItsOpenItems(status: String, expected: String) throws {
        let replay = try SessionReplay(of: source(begun, Line.responseDone("r1", status)))
        #expect(replay.transcript == ["assistant (\(expected)): One two three"])
        #expect(replay.rows(.routerUtteranceRevised) == [])
    }

    /// An incomplete item looks like a barge-in until its response gives the reason.
    @Test(
        "A response may correct why an item is incomplete",
        arguments: [
            ("cancelled", []), ("incomplete", ["7.1 utterance.revised incomplete"]),
            ("failed", ["7.1 utterance.revised failed"]),
        ])
    func responseEnd_correctsIncompleteItems(status: String, revised: [String]) throws {
        let replay = try SessionReplay(
            of: source(begun, Line.said("a1", nil, in: "r1", status: "incomplete"), Line.responseDone("r1", status)))
        #expect(replay.transcript == ["assistant (interrupted): One two three"])
        #expect(replay.rows(.routerUtteranceRevised, fields: "status") == revised)
    }

    @Test("Other words are a revision, the same words are not")
    func repeatedTranscript_revisesOnlyWithOtherWords() throws {
        let retrieved = Line.added("u1", #""role":"user","content":[{"type":"input_audio","transcript":"Hello!"}]"#)
            .replacing("item.added", with: "item.retrieved")
        let replay = try SessionReplay(
            of: source(
                Line.sessionCreated(), Line.spoken("u1"), Line.transcribed("u1", "Hello."),
                Line.transcribed("u1", "Hello."),
                retrieved, retrieved, Line.transcribed("u1", "Hallo!")))
        #expect(
            replay.rows(.routerUtteranceRevised, fields: "text", "status") == [
                "8.1 utterance.revised Hello! completed", "10.1 utterance.revised Hallo! completed",
            ])
    }

    @Test("A failed transcription may still complete later")
    func failedTranscription_mayComeLater() throws {
        let replay = try SessionReplay(
            of: source(
                Line.sessionCreated(), Line.spoken("u1"), Line.transcriptionFailed("u1"),
                Line.transcribed("u1", "Hello.")))
        #expect(
            replay.rows(.routerUtteranceRevised, fields: "text", "status") == ["7.1 utterance.revised Hello. completed"]
        )
    }

    @Test("An interruption is emitted once, with how much was heard")
    func interruption_isEmittedOnceWithHeardAudio() throws {
        let replay = try SessionReplay(
            of: source(begun, Line.cancelled("r1"), Line.truncated("a1", ms: 400), Line.responseCreated("r2")))
        #expect(
            replay.rows(.routerResponseInterrupted, fields: "response_id", "item_id", "heard_ms", "reason") == [
                "7.2 response.interrupted r1 a1 400 turn_detected"
            ])
    }

    @Test("An interruption without truncation is emitted when the next response begins")
    func interruption_withoutTruncation_waitsForTheNextResponse() throws {
        let cancelled = Line.cancelled("r1", "client_cancelled").replacing(
            #""type":"response.done""#, with: #""type":"response.done","event_id":"e9""#)
        let replay = try SessionReplay(of: source(begun, cancelled, Line.responseCreated("r2")))
        #expect(
            replay.rows(.routerResponseInterrupted, fields: "item_id", "heard_ms", "reason", "cause") == [
                "7.1 response.interrupted a1 - client_cancelled e9"
            ])
    }

    @Test(
        "An interruption without audio is emitted immediately",
        arguments: [
            source(Line.responseCreated("r1"), Line.cancelled("r1")), Line.cancelled("r1"),
            source(
                Line.responseCreated("r1"), Line.says("t1", in: "r1"), Line.textDelta("t1", "Hm", in: "r1"),
                Line.cancelled("r1")),
        ])
    func interruption_withoutAudio_isEmittedImmediately(lines: String) throws {
        var replay = SessionReplay()
        try replay.feed(lines)
        #expect(
            replay.rows(.routerResponseInterrupted, fields: "response_id", "reason").map { $0.drop { $0 != " " } } == [
                " response.interrupted r1 turn_detected"
            ])
    }

    @Test("A truncation followed by a cancellation is one interruption")
    func interruption_truncationThenCancellation_isOne() throws {
        let replay = try SessionReplay(
            of: source(begun, Line.truncated("a1", ms: 400), Line.cancelled("r1"), Line.truncated("a1", ms: 400)))
        #expect(
            replay.rows(.routerResponseInterrupted, fields: "heard_ms", "reason") == [
                "6.1 response.interrupted 400 truncated"
            ])
    }

    @Test("A cleared output buffer is an interruption")
    func interruption_clearedOutputBuffer() throws {
        let replay = try SessionReplay(
            of: source(
                begun, Line.responseDone("r1"), Line.event("output_audio_buffer.cleared", #""response_id":"r1""#),
                Line.truncated("a1", ms: 40)))
        #expect(
            replay.rows(.routerResponseInterrupted, fields: "heard_ms", "reason") == [
                "8.2 response.interrupted 40 output_cleared"
            ])
    }
}
