import RealtimeEvents
import RealtimeSession
import Testing

@Suite struct UtteranceOrderTests {
    private let configuration = SessionConfiguration(key: "s", utteranceHold: 10)

    @Test func aLateTranscriptHoldsTheReplyBack() throws {
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

    @Test func theChainDecidesAndNotTheArrival() throws {
        let replay = try SessionReplay(
            of: source(
                Line.userText("c", "three", after: "b"), Line.sessionCreated(), Line.spoken("a"),
                Line.userAudio("b", after: "a"), Line.userText("d", "four", after: "c"),
                Line.userText("a2", "one and a half", after: "a"), Line.transcribed("b", "two"),
                Line.transcribed("a", "one")))
        // `c` came before anything was known to hold it; `d` follows it.
        #expect(
            replay.transcript.map { $0.split(separator: ": ")[1] } == [
                "three", "four", "one", "one and a half", "two",
            ])
    }

    @Test func whatIsNamedBeforeItComesKeepsItsPlace() throws {
        let replay = try SessionReplay(
            of: source(
                Line.sessionCreated(), Line.spoken("u0"), Line.userText("c", "three", after: "b"),
                Line.userText("b", "two", after: "u0"), Line.transcribed("u0", "one")))
        #expect(replay.transcript.map { $0.split(separator: ": ")[1] } == ["one", "two", "three"])
    }

    @Test func aNullPreviousItemMeansTheEndAndDoneSaysNothing() throws {
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

    @Test(arguments: [Line.deleted("u1"), Line.transcriptionFailed("u1"), Line.transcribed("u1", "one")])
    func whatSettlesAnItemReleasesTheOnesBehind(line: String) throws {
        var replay = SessionReplay(configuration)
        try replay.feed(source(Line.sessionCreated(), Line.spoken("u1"), Line.userText("u2", "two", after: "u1")))
        #expect(replay.transcript == [])
        try replay.feed(line)
        #expect(replay.transcript.last == "user (completed): two")
    }

    @Test func theEndOfTheSessionReleasesAll() throws {
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

    @Test func anUtteranceWaitsAtMostTheHold() throws {
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

    @Test func whatWasWaitedForComesFirstHoweverLate() throws {
        var replay = SessionReplay(configuration)
        try replay.feed(
            source(
                Line.at(0, Line.sessionCreated()), Line.at(1, Line.committed("u1")),
                Line.at(2, Line.userText("u2", "two", after: "u1")), Line.at(60, Line.transcribed("u1", "one"))))
        #expect(replay.transcript == ["user (completed): one", "user (completed): two"])
    }

    @Test func withoutTimesNothingIsPassed() throws {
        var replay = SessionReplay(configuration)
        try replay.feed(source(Line.sessionCreated(), Line.spoken("u1"), Line.userText("u2", "two", after: "u1")))
        for _ in 0..<1000 { try replay.feed(Line.event("ping")) }
        #expect(replay.transcript == [])
    }

    @Test func audioThatNobodyTranscribesHoldsNothing() throws {
        var replay = SessionReplay(configuration)
        try replay.feed(
            source(
                Line.sessionCreated(transcribes: false), Line.spoken("u1"), Line.answer("r1", "a1", "Yes.", after: "u1")
            ))
        #expect(replay.transcript == ["assistant (completed): Yes."])
        try replay.feed(Line.transcribed("u1", "So it was"))
        #expect(replay.transcript.last == "user (completed): So it was")
    }

    @Test func aFirstDeltaShowsThatWordsWillCome() throws {
        var replay = SessionReplay(configuration)
        try replay.feed(
            source(
                Line.spoken("u0"), Line.heardDelta("u1", "o"), Line.committed("u1", after: "u0"),
                Line.userText("u2", "two")))
        #expect(replay.transcript == [])
        try replay.feed(Line.transcribed("u1", "one"))
        #expect(replay.transcript == ["user (completed): one", "user (completed): two"])
    }

    @Test func anItemMadeOfSilenceHoldsNothing() throws {
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

    @Test func aServerThatNeverPlacesItemsIsReadInTheOrderOfItsWords() throws {
        let replay = try SessionReplay(
            of: source(
                Line.responseCreated("r1"), Line.delta("a1", "One", in: "r1"), Line.userText("u1", "two"),
                Line.said("a1", "One.", in: "r1")))
        #expect(replay.transcript == ["assistant (completed): One.", "user (completed): two"])
    }
}
