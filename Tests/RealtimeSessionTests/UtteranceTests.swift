import RealtimeEvents
import RealtimeSession
import Testing

@Suite struct UtteranceTests {
    @Test("A spoken turn is two utterances")
    func spokenTurn_isTwoUtterances() throws {
        let replay = try SessionReplay(
            of: source(
                Line.sessionCreated(), Line.spoken("u1"), Line.heardDelta("u1", "Hello"), Line.responseCreated("r1"),
                Line.says("a1", in: "r1", after: "u1"), Line.delta("a1", "Hi", in: "r1"),
                Line.heardDelta("u1", " there"), Line.delta("a1", "!", in: "r1"),
                Line.transcribed("u1", "Hello there."), Line.said("a1", "Hi!", in: "r1"), Line.responseDone("r1")))

        #expect(replay.transcript == ["user (completed): Hello there.", "assistant (completed): Hi!"])
        #expect(
            replay.rows(.routerUtteranceUpdated, fields: "item_id", "sequence", "delta", "text") == [
                "6.1 utterance.updated u1 1 Hello Hello", "10.1 utterance.updated a1 1 Hi Hi",
                "11.1 utterance.updated u1 2  there Hello there", "12.1 utterance.updated a1 2 ! Hi!",
            ])
        #expect(
            replay.rows(.routerUtteranceHeard, .routerUtteranceDone, fields: "event_id") == [
                "13.1 utterance.heard s/utterance.heard/u1/0", "13.2 utterance.done s/utterance.done/u1/0",
                "14.1 utterance.heard s/utterance.heard/a1/0", "14.2 utterance.done s/utterance.done/a1/0",
            ])
    }

    @Test("An utterance has its position and its head")
    func utterance_hasPositionAndHead() throws {
        let configuration = SessionConfiguration(key: "call-7", labels: ["tenant": "acme"])
        let replay = try SessionReplay(
            of: source(
                Line.sessionCreated(), Line.spoken("u1"), Line.transcribed("u1", "Hello."),
                Line.responseCreated("r1"), Line.says("a1", in: "r1", after: "u1"),
                Line.audio("a1", bytes: 24_000, in: "r1"), Line.said("a1", "Hi!", in: "r1")), configuration)

        let done = replay.derived.filter { $0.code == .routerUtteranceDone }
        #expect(
            String(decoding: done[1].bytes, as: UTF8.self)
                == #"{"type":"router.utterance.done","event_id":"call-7/utterance.done/a1/0","session":"call-7","#
                + #""session_id":"sess_1","labels":{"tenant":"acme"},"turn":1,"cause":11,"item_id":"a1","#
                + #""content_index":0,"role":"assistant","text":"Hi!","status":"completed","modality":"audio","#
                + #""previous_item_id":"u1","response_id":"r1","audio_ms":500}"#)
        let user = try done[0].event().decode(Utterance.self)
        #expect(user.audioStartMs == 100 && user.audioEndMs == 900 && user.audioMs == 800 && user.startedMs == nil)
    }

    @Test("Times are on the session's clock when it is known")
    func utterance_timesUseTheSessionsClock() throws {
        let replay = try SessionReplay(
            of: source(
                Line.at(0.5, Line.sessionCreated()), Line.at(2, Line.speechStarted("u1", ms: 1400)),
                Line.at(3.25, Line.speechStopped("u1", ms: 2600)), Line.at(3.3, Line.committed("u1")),
                Line.at(3.4, Line.transcribed("u1", "Hello.")), Line.at(3.5, Line.responseCreated("r1")),
                Line.at(3.6, Line.says("a1", in: "r1").split(separator: "\n").map(String.init)[0]),
                Line.at(3.75, Line.delta("a1", "Hi!", in: "r1")), Line.at(4, Line.said("a1", "Hi!", in: "r1")),
                Line.at(4.5, Line.userText("u2", "Bye", after: "a1"))))

        #expect(
            replay.rows(
                .routerUtteranceDone, fields: "item_id", "started_ms", "ended_ms", "audio_start_ms", "audio_ms") == [
                    "5.2 utterance.done u1 2000 3250 - 1200", "9.2 utterance.done a1 3750 4000 - -",
                    "10.2 utterance.done u2 4500 4500 - -",
                ])
    }

    @Test("Times whose difference overflows give no length")
    func utterance_overflowingTimesGiveNoLength() throws {
        let replay = try SessionReplay(
            of: source(
                Line.sessionCreated(), Line.speechStarted("u1", ms: .min), Line.speechStopped("u1", ms: .max),
                Line.committed("u1"), Line.transcribed("u1", "Hello.")))
        #expect(
            replay.rows(.routerUtteranceDone, fields: "audio_start_ms", "audio_end_ms", "audio_ms") == [
                "5.2 utterance.done \(Int.min) \(Int.max) -"
            ])
    }

    /// Servers send the text in different events, and leave it out or empty in others.
    @Test(
        "The assistant's text is the last complete text",
        arguments: [
            Line.said("a1", nil, in: "r1"), Line.said("a1", "", in: "r1"), Line.said("a1", "One two.", in: "r1"),
            Line.responseDone(
                "r1",
                output: #"{"id":"a1","type":"message","status":"completed","content":[{"type":"audio","#
                    + #""transcript":"One two."}],"role":"assistant"}"#), Line.responseDone("r1"),
        ])
    func assistantText_isTheLastCompleteText(end: String) throws {
        let replay = try SessionReplay(
            of: source(
                Line.responseCreated("r1"), Line.says("a1", in: "r1"), Line.delta("a1", "One", in: "r1"),
                Line.event(
                    "response.audio_transcript.done",
                    #""response_id":"r1","item_id":"a1","content_index":0,"transcript":"One two.""#),
                Line.event(
                    "response.content_part.done",
                    #""response_id":"r1","item_id":"a1","content_index":0,"part":{"type":"text","text":""}"#), end))
        #expect(replay.transcript == ["assistant (completed): One two."])
        #expect(replay.rows(.routerUtteranceRevised) == [])
    }

    @Test("Beta names and created items give the same utterances")
    func betaNames_giveTheSameUtterances() throws {
        let created = Line.userText("u1", "Hello").replacing(
            "conversation.item.added", with: "conversation.item.created")
        let replay = try SessionReplay(
            of: source(
                created, Line.responseCreated("r1"),
                Line.says("a1", in: "r1", after: "u1").replacing(".added", with: ".created"),
                Line.textDelta("a1", "Hi", in: "r1").replacing("output_text", with: "text"),
                Line.event("response.text.done", #""response_id":"r1","item_id":"a1","content_index":0,"text":"Hi.""#),
                Line.responseDone("r1")))
        #expect(replay.transcript == ["user (completed): Hello", "assistant (completed): Hi."])
        #expect(
            replay.rows(.routerUtteranceDone, fields: "modality") == [
                "1.3 utterance.done text", "7.2 utterance.done text",
            ])
    }

    @Test("A transcription session needs no transcription settings")
    func transcriptionSession_needsNoConfiguration() throws {
        let replay = try SessionReplay(
            of: source(
                Line.event("transcription_session.created", #""session":{"id":"t"}"#), Line.committed("u1"),
                Line.committed("u2", after: "u1"), Line.transcribed("u2", "Two."), Line.transcribed("u1", "One.")))
        #expect(replay.transcript == ["user (completed): One.", "user (completed): Two."])
        #expect(
            replay.rows(.routerUtteranceHeard, fields: "item_id") == [
                "4.1 utterance.heard u2", "5.1 utterance.heard u1",
            ])
        #expect(replay.rows(.routerSessionStarted, fields: "kind") == ["1.1 session.started transcription"])
    }

    @Test("A transcription without other events is an utterance")
    func transcriptionAlone_isAnUtterance() throws {
        let replay = try SessionReplay(
            of: source(Line.transcribed("x", "Only this."), Line.transcribed("x", "Only this.")))
        #expect(replay.transcript == ["user (completed): Only this."])
    }

    @Test("Language and confidence come from the transcription")
    func transcription_givesLanguageAndConfidence() throws {
        let line = Line.event(
            "conversation.item.input_audio_transcription.completed",
            #""item_id":"u1","transcript":"Ja","languages":[{"code":"de"},{"code":"en"}],"#
                + #""logprobs":[{"token":"J","logprob":0},{"token":"a","logprob":-100}]"#)
        let utterance = try #require(SessionReplay(of: line).bodies(.routerUtteranceDone, as: Utterance.self).first)
        #expect(utterance.language == "de")
        #expect(utterance.confidence == 0.5)
    }

    @Test("Speakers come from the segments")
    func segments_giveTheSpeakers() throws {
        func segment(_ rest: String) -> String {
            Line.event("conversation.item.input_audio_transcription.segment", #""item_id":"u1"\#(rest)"#)
        }
        let replay = try SessionReplay(
            of: source(
                segment(#","id":"s1","speaker":"A","start":0.4,"end":1.25,"text":"Shall we?""#), segment(""),
                Line.heardDelta("u1", "Shall we? Yes."), Line.transcribed("u1", "Shall we? Yes."),
                segment(#","text":"too late""#)))
        var first = UtteranceSegment()
        (first.speaker, first.text, first.audioStartMs, first.audioEndMs) = ("A", "Shall we?", 400, 1250)
        let done = try #require(replay.bodies(.routerUtteranceDone, as: Utterance.self).first)
        #expect(done.text == "Shall we? Yes.")
        #expect(done.segments == [first, UtteranceSegment()])
        #expect(try replay.bodies(.routerUtteranceUpdated, as: Utterance.self).map(\.segments) == [nil])
        #expect(try replay.bodies(.routerUtteranceRevised, as: Utterance.self) == [])
    }

    @Test("An item in which nothing was said is no utterance")
    func emptyItems_areNoUtterances() throws {
        let replay = try SessionReplay(
            of: source(
                Line.sessionCreated(transcribes: false), Line.spoken("u1"), Line.responseCreated("r1"),
                Line.says("a1", in: "r1", after: "u1"), Line.said("a1", nil, in: "r1", status: "incomplete"),
                Line.cancelled("r1"),
                Line.added("s1", #""role":"system","content":[{"type":"input_text","text":"Be."}]"#)))
        #expect(replay.transcript == [])
    }

    @Test("Audio without words is an utterance")
    func audioWithoutWords_isAnUtterance() throws {
        let replay = try SessionReplay(
            of: source(
                Line.sessionCreated(), Line.spoken("u1"), Line.transcribed("u1", ""), Line.responseCreated("r1"),
                Line.says("a1", in: "r1"), Line.audio("a1", bytes: 96, in: "r1"), Line.responseDone("r1")))
        #expect(replay.transcript == ["user (completed): ", "assistant (completed): "])
    }

    @Test("A failed transcription settles its item")
    func failedTranscription_settlesItsItem() throws {
        let replay = try SessionReplay(
            of: source(
                Line.sessionCreated(), Line.spoken("u1"), Line.answer("r1", "a1", "Hm?", after: "u1"),
                Line.transcriptionFailed("u1")))
        #expect(replay.transcript == ["user (failed): ", "assistant (completed): Hm?"])
        #expect(
            replay.rows(.routerErrorRaised, fields: "class", "source", "code", "message", "item_id") == [
                "12.4 error.raised turn transcription Nope Lost. u1"
            ])
    }

    @Test("Each content part and each item of a response is an utterance")
    func utterance_perContentPartAndItem() throws {
        let replay = try SessionReplay(
            of: source(
                Line.responseCreated("r1"), Line.says("a1", in: "r1"), Line.says("a2", in: "r1", after: "a1"),
                Line.delta("a2", "Second", in: "r1"), Line.delta("a1", "B", in: "r1", index: 1),
                Line.delta("a1", "A", in: "r1", index: 0), Line.responseDone("r1")))
        #expect(
            replay.rows(.routerUtteranceDone, fields: "item_id", "content_index", "text") == [
                "9.3 utterance.done a1 0 A", "9.4 utterance.done a1 1 B", "9.6 utterance.done a2 0 Second",
            ])
    }

    @Test("History that the client supplied is part of the transcript")
    func clientsHistory_isPartOfTheTranscript() throws {
        let replay = try SessionReplay(
            of: source(
                Line.userText("u1", "Hello"),
                Line.added("a1", after: "u1", #""role":"assistant","content":[{"type":"output_text","text":"Hi"}]"#),
                Line.userText("u2", "And now?", after: "a1")))
        #expect(
            replay.transcript == [
                "user (completed): Hello", "assistant (completed): Hi", "user (completed): And now?",
            ])
        #expect(replay.rows(.routerUtteranceDone, fields: "turn").map { $0.suffix(1) } == ["1", "1", "2"])
    }

    @Test("Words that come after their item ended without them are an utterance")
    func wordsAfterTheEnd_areAnUtterance() throws {
        let message = { (content: String) in
            #"{"id":"a1","type":"message","role":"assistant","status":"completed","content":[\#(content)]}"#
        }
        let words = #"{"type":"audio","transcript":"Hello there."}"#
        let replay = try SessionReplay(
            of: source(
                Line.responseCreated("r1"), Line.outputAdded(message(""), in: "r1"),
                Line.outputDone(message(""), in: "r1"),
                Line.event(
                    "response.output_audio_transcript.done",
                    #""response_id":"r1","item_id":"a1","content_index":0,"transcript":"Hello there.""#),
                Line.responseDone("r1", output: message(words))))
        #expect(replay.transcript == ["assistant (completed): Hello there."])
        let late = try SessionReplay(
            of: source(
                Line.responseCreated("r1"), Line.outputAdded(message(""), in: "r1"),
                Line.outputDone(message(""), in: "r1"), Line.responseDone("r1", output: message(words))))
        #expect(late.transcript == ["assistant (completed): Hello there."])
    }
}
