import RealtimeEvents
import RealtimeSession
import Testing

@Suite struct TurnTests {
    private let usage = #"{"total_tokens":10,"input_tokens":7,"output_tokens":3}"#

    private func turns(_ replay: SessionReplay) -> [String] {
        replay.rows(
            .routerTurnDone, fields: "turn", "response_id", "latency_ms", "latency_basis", "latency_output",
            "first_token_ms", "interrupted")
    }

    @Test("The latency is the time from the end of speech to the first audio")
    func latency_isFromTheEndOfSpeechToTheFirstAudio() throws {
        let replay = try SessionReplay(
            of: source(
                Line.at(1, Line.speechStarted("u1")), Line.at(2, Line.speechStopped("u1")),
                Line.at(2.1, Line.committed("u1")),
                Line.at(2.2, Line.responseCreated("r1")), Line.at(2.5, Line.delta("a1", "Hi", in: "r1")),
                Line.at(2.75, Line.audio("a1", bytes: 96, in: "r1")),
                Line.at(2.8, Line.audio("a1", bytes: 96, in: "r1")),
                Line.at(3, Line.responseDone("r1", usage: usage))))
        #expect(turns(replay) == ["8.4 turn.done 1 r1 750 speech_stopped audio 500 false"])
        #expect(
            replay.rows(.routerTurnDone, fields: "item_id", "tokens", "input_tokens", "output_tokens") == [
                "8.4 turn.done u1 10 7 3"
            ])
        #expect(
            replay.rows(.routerResponseDone, fields: "first_output_ms", "status", "turn") == [
                "8.3 response.done 300 completed 1"
            ])
    }

    @Test(
        "The latency names the output that it was measured to",
        arguments: [
            (Line.textDelta("a1", "Hi", in: "r1"), "text"), (Line.delta("a1", "Hi", in: "r1"), "transcript"),
            (Line.audio("a1", bytes: 3, in: "r1"), "audio"),
            (Line.event("output_audio_buffer.started", #""response_id":"r1""#), "audio_buffer"),
        ])
    func latency_namesItsOutput(output: String, name: String) throws {
        let replay = try SessionReplay(
            of: source(
                Line.at(1, Line.userText("u1", "Hello")), Line.at(1.1, Line.responseCreated("r1")),
                Line.at(1.5, output),
                Line.at(2, Line.responseDone("r1"))))
        #expect(turns(replay).map { $0.drop { $0 != " " } } == [" turn.done 1 r1 500 item \(name) 500 false"])
    }

    @Test("Without speech detection, the commit is the end of the words")
    func latency_withoutSpeechDetection_startsAtTheCommit() throws {
        let replay = try SessionReplay(
            of: source(
                Line.at(1, Line.committed("u1")), Line.at(1.1, Line.userAudio("u1")),
                Line.at(1.2, Line.responseCreated("r1")),
                Line.at(1.4, Line.delta("a1", "Hi", in: "r1")), Line.at(2, Line.responseDone("r1"))))
        #expect(turns(replay) == ["5.4 turn.done 1 r1 400 committed transcript 400 false"])
    }

    @Test("A turn whose speech has no detected end counts from the commit")
    func speechWithoutStop_countsFromTheCommit() throws {
        let replay = try SessionReplay(
            of: source(
                Line.at(1, Line.speechStarted("u1")), Line.at(2, Line.committed("u1")),
                Line.at(2.1, Line.userAudio("u1")),
                Line.at(2.2, Line.responseCreated("r1")), Line.at(2.5, Line.delta("a1", "Hi", in: "r1")),
                Line.at(3, Line.responseDone("r1"))))
        #expect(turns(replay).map { $0.drop { $0 != " " } } == [" turn.done 1 r1 500 committed transcript 500 false"])
    }

    @Test("A detected end of speech counts even if it comes after the commit")
    func stopAfterTheCommit_countsFromTheStop() throws {
        let replay = try SessionReplay(
            of: source(
                Line.at(1, Line.speechStarted("u1")), Line.at(2, Line.committed("u1")),
                Line.at(2.1, Line.speechStopped("u1")),
                Line.at(2.2, Line.responseCreated("r1")), Line.at(2.5, Line.delta("a1", "Hi", in: "r1")),
                Line.at(3, Line.responseDone("r1"))))
        #expect(
            turns(replay).map { $0.drop { $0 != " " } } == [" turn.done 1 r1 400 speech_stopped transcript 400 false"])
    }

    @Test("Without times there is no latency")
    func latency_withoutTimes_isNil() throws {
        let replay = try SessionReplay(of: source(Line.spoken("u1"), Line.answer("r1", "a1", "Hi")))
        #expect(turns(replay) == ["10.2 turn.done 1 r1 - - - - false"])
    }

    @Test("A turn is answered by the first response that contains more than calls")
    func turn_isAnsweredByMoreThanCalls() throws {
        let replay = try SessionReplay(
            of: source(
                Line.at(1, Line.userText("u1", "Weather?")), Line.at(2, Line.responseCreated("r1")),
                Line.at(3, Line.outputDone(Line.call("c1"), in: "r1")),
                Line.at(3, Line.responseDone("r1", usage: usage)),
                Line.at(4, Line.responseCreated("r2")), Line.at(5, Line.textDelta("a1", "Fog.", in: "r2")),
                Line.at(6, Line.responseDone("r2", usage: usage)), Line.at(7, Line.responseCreated("r3")),
                Line.at(8, Line.textDelta("a2", "More.", in: "r3")), Line.at(9, Line.responseDone("r3", usage: usage))))
        #expect(turns(replay) == ["7.4 turn.done 1 r2 4000 item text 4000 false"])
        #expect(replay.rows(.routerTurnDone, fields: "tokens") == ["7.4 turn.done 20"])
    }

    @Test("A message beside a call is an answer")
    func turn_messageBesideACallIsAnAnswer() throws {
        let replay = try SessionReplay(
            of: source(
                Line.userText("u1", "Weather?"), Line.responseCreated("r1"), Line.delta("a1", "One moment.", in: "r1"),
                Line.outputDone(Line.call("c1"), in: "r1"), Line.responseDone("r1")))
        #expect(replay.rows(.routerTurnDone, fields: "response_id") == ["5.4 turn.done r1"])
    }

    @Test("Speech before the answer continues the turn")
    func turn_continuesUntilTheAnswer() throws {
        let replay = try SessionReplay(
            of: source(
                Line.spoken("u1"), Line.responseCreated("r1"), Line.speechStarted("u2"), Line.cancelled("r1"),
                Line.speechStopped("u2"), Line.committed("u2", after: "u1"), Line.answer("r2", "a1", "Yes?")))
        #expect(replay.rows(.routerTurnDone, fields: "turn", "item_id", "response_id") == ["15.2 turn.done 1 u2 r2"])
    }

    @Test("A barge-in ends the turn and begins the next one")
    func bargeIn_beginsTheNextTurn() throws {
        let replay = try SessionReplay(
            of: source(
                Line.spoken("u1"), Line.responseCreated("r1"), Line.says("a1", in: "r1"),
                Line.delta("a1", "Once upon", in: "r1"),
                Line.speechStarted("u2"), Line.said("a1", "Once upon", in: "r1", status: "incomplete"),
                Line.cancelled("r1"),
                Line.truncated("a1", ms: 3), Line.speechStopped("u2"), Line.committed("u2", after: "a1"),
                Line.answer("r2", "a2", "Yes?", after: "u2")))
        #expect(
            replay.rows(
                .routerTurnDone, .routerResponseInterrupted, .routerUtteranceDone, fields: "turn", "response_id",
                "interrupted") == [
                    "10.2 utterance.done 1 r1 -", "11.2 turn.done 1 r1 true", "12.2 response.interrupted 1 r1 -",
                    "19.2 utterance.done 2 r2 -", "20.2 turn.done 2 r2 false",
                ])
    }

    @Test("A greeting and an out-of-band response are no answers")
    func turn_greetingAndOutOfBandResponseAreNoAnswers() throws {
        let replay = try SessionReplay(
            of: source(
                Line.answer("r0", "a0", "Welcome."), Line.userText("u1", "Hello"),
                Line.responseCreated("side", conversation: nil),
                Line.textDelta("x", "spam: no", in: "side"), Line.responseDone("side", conversation: nil),
                Line.answer("r1", "a1", "Hi")))
        #expect(replay.rows(.routerTurnDone, fields: "turn", "response_id") == ["16.2 turn.done 1 r1"])
        #expect(replay.rows(.routerUtteranceDone, fields: "turn", "text").first == "5.2 utterance.done 0 Welcome.")
    }

    @Test("The turns of a server that names no conversation are answered")
    func turn_withoutNamedConversation_isAnswered() throws {
        let replay = try SessionReplay(
            of: source(
                Line.userText("u1", "Hello"), Line.responseCreated("r1", conversation: nil),
                Line.textDelta("a1", "Hi", in: "r1"),
                Line.responseDone("r1", conversation: nil)))
        #expect(replay.rows(.routerTurnDone, fields: "response_id") == ["4.4 turn.done r1"])
    }

    @Test("A response that fails without a word is no answer")
    func turn_failedResponseWithoutWordsIsNoAnswer() throws {
        let replay = try SessionReplay(
            of: source(Line.userText("u1", "Hello"), Line.responseDone("r1", "failed"), Line.answer("r2", "a1", "Hi")))
        #expect(replay.rows(.routerTurnDone, fields: "response_id") == ["8.2 turn.done r2"])
    }
}
