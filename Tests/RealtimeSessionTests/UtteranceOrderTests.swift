import RealtimeEvents
import RealtimeSession
import Testing

@Suite struct UtteranceOrderTests {
    private let configuration = SessionConfiguration(key: "s", transcriptTimeout: 10)

    @Test("A late transcript delays the reply")
    func lateTranscript_delaysTheReply() throws {
        let replay = try SessionReplay(
            of: source(
                Line.sessionCreated(), Line.spoken("u1"), Line.answer("r1", "a1", "Sure.", after: "u1"),
                Line.spoken("u2", after: "a1"), Line.transcribed("u2", "Thanks."), Line.transcribed("u1", "Can you?")))
        #expect(
            replay.transcript == [
                "user (completed): Can you?", "assistant (completed): Sure.", "user (completed): Thanks.",
            ])
        #expect(
            replay.rows(.routerUtteranceHeard, .routerUtteranceDone, fields: "item_id") == [
                "10.1 utterance.heard a1", "16.1 utterance.heard u2", "17.1 utterance.heard u1",
                "17.2 utterance.done u1",
                "17.3 utterance.done a1", "17.4 utterance.done u2",
            ])
    }

    @Test("The chain of previous items determines the order, not the arrival")
    func order_followsTheChainOfItems() throws {
        let replay = try SessionReplay(
            of: source(
                Line.userText("c", "three", after: "b"), Line.sessionCreated(), Line.spoken("a"),
                Line.userAudio("b", after: "a"), Line.userText("d", "four", after: "c"),
                Line.userText("a2", "one and a half", after: "a"), Line.transcribed("b", "two"),
                Line.transcribed("a", "one")))
        // `c` came when nothing was known to delay it; `d` follows it.
        #expect(
            replay.transcript.map { $0.split(separator: ": ")[1] } == [
                "three", "four", "one", "one and a half", "two",
            ])
    }

    @Test("An item that is named before it comes keeps its position")
    func order_keepsThePositionOfAnAwaitedItem() throws {
        let replay = try SessionReplay(
            of: source(
                Line.sessionCreated(), Line.spoken("u0"), Line.userText("c", "three", after: "b"),
                Line.userText("b", "two", after: "u0"), Line.transcribed("u0", "one")))
        #expect(replay.transcript.map { $0.split(separator: ": ")[1] } == ["one", "two", "three"])
    }

    @Test("A null previous item means the end, and item.done does not count")
    func order_nullPreviousItemMeansTheEnd() throws {
        let done = Line.userAudio("u1").replacing("item.added", with: "item.done")
        let replay = try SessionReplay(
            of: source(
                Line.sessionCreated(), Line.spoken("u1"), Line.userText("u2", "two"), done,
                Line.userText("u3", "three"),
                Line.transcribed("u1", "one")))
        #expect(replay.transcript.map { $0.split(separator: ": ")[1] } == ["one", "two", "three"])
        let previous = try replay.bodies(.routerUtteranceDone, as: Utterance.self).map(\.previousItemID)
        #expect(previous == [nil, "u1", "u2"])
    }

    @Test(
        "A settled item releases the later ones",
        arguments: [Line.deleted("u1"), Line.transcriptionFailed("u1"), Line.transcribed("u1", "one")])
    func order_settledItemReleasesLaterOnes(line: String) throws {
        var replay = SessionReplay(configuration)
        try replay.feed(source(Line.sessionCreated(), Line.spoken("u1"), Line.userText("u2", "two", after: "u1")))
        #expect(replay.transcript == [])
        try replay.feed(line)
        #expect(replay.transcript.last == "user (completed): two")
    }

    @Test("The end of the session releases all utterances")
    func order_endOfSessionReleasesAll() throws {
        let replay = try SessionReplay(
            of: source(
                Line.sessionCreated(), Line.spoken("u1"), Line.responseCreated("r1"),
                Line.says("a1", in: "r1", after: "u1"),
                Line.delta("a1", "Well", in: "r1"), Line.userText("u2", "two", after: "a1"),
                Line.heardDelta("u3", "thr")))
        #expect(
            replay.transcript == [
                "user (incomplete): ", "assistant (incomplete): Well", "user (completed): two",
                "user (incomplete): thr",
            ])
    }

    @Test("An utterance waits at most the hold")
    func order_utteranceWaitsAtMostTheHold() throws {
        var replay = SessionReplay(configuration)
        try replay.feed(
            source(
                Line.at(0, Line.sessionCreated()), Line.at(1, Line.committed("u1")),
                Line.at(2, Line.userText("u2", "two", after: "u1")), Line.at(5, Line.committed("u3", after: "u2")),
                Line.at(6, Line.userText("u4", "four", after: "u3")), Line.at(11.9, Line.event("ping"))))
        #expect(replay.transcript == [])
        try replay.feed(Line.at(12, Line.event("ping")))
        #expect(replay.transcript == ["user (completed): two"])
        try replay.feed(Line.at(16.5, Line.event("rate_limits.updated")))
        #expect(replay.transcript == ["user (completed): two", "user (completed): four"])
        try replay.feed(
            source(Line.at(17, Line.transcribed("u3", "three")), Line.at(18, Line.transcribed("u1", "one"))))
        #expect(
            replay.transcript.suffix(2) == ["user (completed): three", "user (completed): one"],
            "What was passed follows when it comes")
    }

    @Test("An awaited utterance comes first, however late")
    func order_awaitedUtteranceComesFirst() throws {
        var replay = SessionReplay(configuration)
        try replay.feed(
            source(
                Line.at(0, Line.sessionCreated()), Line.at(1, Line.committed("u1")),
                Line.at(2, Line.userText("u2", "two", after: "u1")), Line.at(60, Line.transcribed("u1", "one"))))
        #expect(replay.transcript == ["user (completed): one", "user (completed): two"])
    }

    @Test("Without times no item is skipped")
    func order_withoutTimes_nothingIsSkipped() throws {
        var replay = SessionReplay(configuration)
        try replay.feed(source(Line.sessionCreated(), Line.spoken("u1"), Line.userText("u2", "two", after: "u1")))
        for _ in 0..<1000 { try replay.feed(Line.event("ping")) }
        #expect(replay.transcript == [])
    }

    @Test("Audio without transcription delays nothing")
    func order_untranscribedAudioDelaysNothing() throws {
        var replay = SessionReplay(configuration)
        try replay.feed(
            source(
                Line.sessionCreated(transcribes: false), Line.spoken("u1"), Line.answer("r1", "a1", "Yes.", after: "u1")
            ))
        #expect(replay.transcript == ["assistant (completed): Yes."])
        try replay.feed(Line.transcribed("u1", "So it was"))
        #expect(replay.transcript.last == "user (completed): So it was")
    }

    @Test("A first delta shows that words will come")
    func order_firstDeltaShowsThatWordsWillCome() throws {
        var replay = SessionReplay(configuration)
        try replay.feed(
            source(
                Line.spoken("u0"), Line.heardDelta("u1", "o"), Line.committed("u1", after: "u0"),
                Line.userText("u2", "two")))
        #expect(replay.transcript == [])
        try replay.feed(Line.transcribed("u1", "one"))
        #expect(replay.transcript == ["user (completed): one", "user (completed): two"])
    }

    @Test("An item made of silence delays nothing")
    func order_silentItemDelaysNothing() throws {
        var replay = SessionReplay(configuration)
        try replay.feed(
            source(
                Line.sessionCreated(),
                Line.event(
                    "input_audio_buffer.timeout_triggered", #""item_id":"u1","audio_start_ms":0,"audio_end_ms":9"#),
                Line.committed("u1"), Line.userAudio("u1"), Line.answer("r1", "a1", "Still there?", after: "u1")))
        #expect(replay.transcript == ["assistant (completed): Still there?"])
        #expect(replay.state.turn == 0)
    }

    @Test("Without positions, the order is that of the words")
    func order_withoutPositions_followsTheWords() throws {
        let replay = try SessionReplay(
            of: source(
                Line.responseCreated("r1"), Line.delta("a1", "One", in: "r1"), Line.userText("u1", "two"),
                Line.said("a1", "One.", in: "r1")))
        #expect(replay.transcript == ["assistant (completed): One.", "user (completed): two"])
    }
}
