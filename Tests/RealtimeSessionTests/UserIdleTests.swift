import RealtimeEvents
import RealtimeSession
import Testing

/// How long the user is idle, in event time.
@Suite struct UserIdleTests {
    private func idle(
        _ lines: String..., after steps: [Double] = [30], onReady: SessionReplay.Readiness = .take
    ) throws -> [String] {
        let configuration = SessionConfiguration(key: "s", deadlines: SessionDeadlines(idleAfter: steps))
        return try SessionReplay(of: lines.joined(separator: "\n"), configuration, onReady: onReady)
            .rows(.routerUserIdle, fields: "idle_ms", "step", "turn")
    }

    private static func ping(_ seconds: Double) -> String { Line.at(seconds, Line.event("ping")) }

    /// The user speaks from 10 to 11 s and is answered in text from 12 to 13 s.
    private static let turn = [
        Line.at(0, Line.sessionCreated()), Line.at(10, Line.speechStarted("u1")), Line.at(11, Line.speechStopped("u1")),
        Line.at(11, Line.committed("u1")), Line.at(12, Line.responseCreated("r1")),
        Line.at(12.5, Line.textDelta("a1", "Hi", in: "r1")), Line.at(13, Line.responseDone("r1")),
    ].joined(separator: "\n")

    @Test func idle_countsFromTheStartOfTheSession() throws {
        #expect(
            try idle(Line.at(0, Line.sessionCreated()), Self.ping(29.9), Self.ping(30), Self.ping(300))
                == ["3.1 user.idle 30000 1 0"])
    }

    @Test func idle_doesNotCountTheResponse() throws {
        // 1 s from 11 to 12, and from 13 on.
        #expect(try idle(Self.turn, Self.ping(41.9), Self.ping(42)) == ["9.1 user.idle 30000 1 1"])
    }

    @Test func idle_emitsEachStepOnceUntilTheUserActs() throws {
        let lines = [
            Self.turn, Self.ping(42), Self.ping(60), Self.ping(72), Self.ping(400),
            Line.at(410, Line.speechStarted("u2")), Line.at(450, Line.speechStopped("u2")), Self.ping(479),
            Self.ping(480),
        ]
        #expect(
            try idle(lines.joined(separator: "\n"), after: [30, 60]) == [
                "8.1 user.idle 30000 1 1", "10.1 user.idle 60000 2 1", "15.1 user.idle 30000 1 2",
            ])
    }

    @Test func idle_stepsDueAtTheSameTime_areEmittedInOrder() throws {
        #expect(
            try idle(Line.at(0, Line.sessionCreated()), Self.ping(90), after: [30, 60])
                == ["2.1 user.idle 90000 1 0", "2.2 user.idle 90000 2 0"])
    }

    @Test("A response that nobody asked for pauses the timer and does not restart it")
    func idle_continuesAfterAResponse() throws {
        #expect(
            try idle(
                Self.turn, Self.ping(42), Line.at(43, Line.responseCreated("r2")), Line.at(53, Line.responseDone("r2")),
                Self.ping(81.9), Self.ping(82), after: [30, 60])
                == ["8.1 user.idle 30000 1 1", "12.1 user.idle 60000 2 1"])
    }

    @Test func idle_ignoresAResponseOutOfBand() throws {
        #expect(
            try idle(
                Line.at(0, Line.responseCreated("r0")), Line.at(1, Line.responseDone("r0")),
                Line.at(2, Line.responseCreated("r1", conversation: nil)), Self.ping(40))
                == ["4.1 user.idle 39000 1 0"])
    }

    @Test(
        "What the user does begins the wait anew",
        arguments: [
            Line.speechStopped("u2"), Line.committed("u2"), Line.userText("u2", "Hello?"),
            Line.event("input_audio_buffer.dtmf_event_received", #""event":"5""#),
        ])
    func idle_restarts(_ event: String) throws {
        #expect(
            try idle(Self.turn, Line.at(40, event), Self.ping(69), Self.ping(70)) == [
                "10.1 user.idle 30000 1 \(event.contains("dtmf") ? 1 : 2)"
            ])
    }

    @Test(
        "What others do does not",
        arguments: [
            Line.added("x", #""role":"system","content":[]"#), Line.transcribed("u1", "Hi"),
            Line.event("input_audio_buffer.timeout_triggered", #""item_id":"t1""#), Line.userAudio("u1"),
        ])
    func idle_continues(_ event: String) throws {
        #expect(try idle(Self.turn, Line.at(40, event), Self.ping(42)) == ["9.1 user.idle 30000 1 1"])
    }

    @Test func idle_waitsForTheEndOfSpeech() throws {
        #expect(
            try idle(
                Self.turn, Line.at(20, Line.speechStarted("u2")), Self.ping(90),
                Line.at(91, Line.event("input_audio_buffer.cleared")), Self.ping(120), Self.ping(121))
                == ["12.1 user.idle 30000 1 2"])
    }

    @Test func idle_waitsForTheEndOfTheAudio_byItsLength() throws {
        // 20 s of audio at 48,000 bytes a second, which came within a second.
        #expect(
            try idle(
                Line.at(0, Line.sessionCreated()), Line.at(10, Line.responseCreated("r1")),
                Line.at(10, Line.audio("a1", bytes: 960_000, in: "r1")), Line.at(11, Line.responseDone("r1")),
                Self.ping(49.9), Self.ping(50))
                == ["6.1 user.idle 30000 1 0"])
    }

    @Test func idle_waitsForTheEndOfTheAudio_asTheServerPlaysIt() throws {
        let buffer = { (word: String) in Line.event("output_audio_buffer.\(word)", #""response_id":"r1""#) }
        #expect(
            try idle(
                Line.at(0, Line.sessionCreated()), Line.at(10, Line.responseCreated("r1")),
                Line.at(10, buffer("started")), Line.at(11, Line.responseDone("r1")), Line.at(60, buffer("stopped")),
                Self.ping(79), Self.ping(80))
                == ["7.1 user.idle 30000 1 0"])
    }

    @Test func idle_countsFromATruncation() throws {
        #expect(
            try idle(
                Line.at(0, Line.sessionCreated()), Line.at(10, Line.responseCreated("r1")),
                Line.at(10, Line.audio("a1", bytes: 960_000, in: "r1")), Line.at(11, Line.responseDone("r1")),
                Line.at(15, Line.truncated("a1", ms: 5000)), Self.ping(35))
                == ["6.1 user.idle 30000 1 0"])
    }

    private static let call =
        #""item":{"type":"function_call","id":"f1","call_id":"c1","name":"f","arguments":"{}","status":"completed"}"#
    private static let calling = [
        Line.at(0, Line.sessionCreated()), Line.at(1, Line.responseCreated("r1")),
        Line.at(1, Line.event("response.output_item.done", #""response_id":"r1",\#(call)"#)),
        Line.at(2, Line.responseDone("r1")),
    ].joined(separator: "\n")

    @Test func idle_waitsForACallOfARecording() throws {
        let output =
            #""item":{"type":"function_call_output","id":"o1","call_id":"c1","output":"4"}"#
        #expect(try idle(Self.calling, Self.ping(90)) == [])
        #expect(
            try idle(
                Self.calling, Line.at(60, Line.event("conversation.item.added", output)), Self.ping(88), Self.ping(89))
                == ["7.1 user.idle 30000 1 0"])
    }

    @Test(arguments: [true, false])
    func idle_waitsForACallOfALiveSession(isTaken: Bool) throws {
        var replay = SessionReplay(
            SessionConfiguration(key: "s", isInteractive: true), onReady: isTaken ? .take : .decline)
        try replay.feed(Self.calling)
        try replay.feed(Self.ping(50))
        #expect(replay.rows(.routerUserIdle) == [])
        if isTaken {
            replay.complete("c1", "4")
        } else {
            try replay.feed(
                Line.client(
                    #"{"type":"conversation.item.create","item":{"type":"function_call_output","call_id":"c1","output":"4"}}"#,
                    at: 51))
        }
        try replay.feed(Self.ping(52))
        replay.advanceTime(to: 80)
        #expect(replay.rows(.routerUserIdle) == [])
        replay.advanceTime(to: 81)
        #expect(replay.rows(.routerUserIdle, fields: "idle_ms").count == 1)
    }

    @Test func idle_isNotEmittedWhileDisconnected() throws {
        var replay = SessionReplay(SessionConfiguration(key: "s"))
        try replay.feed(Self.turn)
        replay.loseConnection(at: 20)
        replay.advanceTime(to: 100)
        #expect(replay.rows(.routerUserIdle) == [])
        replay.restoreConnection(at: 100)
        replay.advanceTime(to: 121.9)
        #expect(replay.rows(.routerUserIdle) == [])
        // 1 s before the response, 7 s before the loss.
        replay.advanceTime(to: 122)
        #expect(replay.rows(.routerUserIdle, fields: "idle_ms").map { $0.suffix(5) } == ["30000"])
    }

    @Test func idle_isEmittedInTranscriptionSessions() throws {
        let session = Line.event("session.updated", #""session":{"type":"transcription"}"#)
        #expect(try idle(Line.at(0, session), Self.ping(30)) == ["2.1 user.idle 30000 1 0"])
    }

    @Test func idle_withoutTimes_isNotEmitted() throws {
        #expect(try idle(Line.sessionCreated(), Line.event("ping")) == [])
    }

    @Test func idle_hasUniqueIDs() throws {
        let replay = try SessionReplay(
            of: [Line.at(0, Line.sessionCreated()), Self.ping(90)].joined(separator: "\n"),
            SessionConfiguration(key: "s", deadlines: SessionDeadlines(idleAfter: [30, 60])))
        #expect(
            replay.rows(.routerUserIdle, fields: "event_id", "cause", "session") == [
                "2.1 user.idle s/user.idle/1 2 s", "2.2 user.idle s/user.idle/2 2 s",
            ])
    }
}
