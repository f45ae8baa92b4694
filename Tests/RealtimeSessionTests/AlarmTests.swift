import RealtimeEvents
import RealtimeSession
import Testing

/// The events that time alone causes, in event time.
@Suite struct AlarmTests {
    private func stalls(_ lines: String..., after seconds: Double = 10) throws -> [String] {
        let configuration = SessionConfiguration(key: "s", deadlines: SessionDeadlines(stalledAfter: seconds))
        return try SessionReplay(of: lines.joined(separator: "\n"), configuration)
            .rows(.routerTurnStalled, fields: "turn", "after", "waited_ms", "item_id", "call_id", "event_id")
    }

    private let speech = [Line.at(1, Line.speechStarted("u1")), Line.at(2, Line.speechStopped("u1"))]
        .joined(separator: "\n")

    @Test("No answer after the user spoke is a stalled turn")
    func stalledTurn_afterSpeech() throws {
        #expect(
            try stalls(
                speech, Line.at(2.1, Line.committed("u1")), Line.at(2.2, Line.responseCreated("r1")),
                Line.at(11.9, Line.event("ping")), Line.at(12, Line.event("ping")), Line.at(30, Line.event("ping")))
                == ["6.1 turn.stalled 1 speech 10000 u1 - s/turn.stalled/u1"])
    }

    @Test("A late answer comes after the stalled turn that it reveals")
    func stalledTurn_precedesALateAnswer() throws {
        #expect(
            try stalls(
                speech, Line.at(2.1, Line.responseCreated("r1")), Line.at(9, Line.delta("a1", "Hi", in: "r1")), after: 5
            )
                == ["4.1 turn.stalled 1 speech 7000 u1 - s/turn.stalled/u1"])
    }

    @Test(
        "Output in time ends the wait",
        arguments: [
            Line.delta("a1", "Hi", in: "r1"), Line.textDelta("a1", "Hi", in: "r1"),
            Line.audio("a1", bytes: 3, in: "r1"),
            Line.event("output_audio_buffer.started", #""response_id":"r1""#), Line.speechStarted("u2"),
        ])
    func stalledTurn_endsWithTheAnswer(_ event: String) throws {
        #expect(
            try stalls(
                speech, Line.at(2.1, Line.responseCreated("r1")), Line.at(11, event), Line.at(60, Line.event("ping")))
                == [])
    }

    @Test("No answer after a function call is a stalled turn")
    func stalledTurn_afterACall() throws {
        let call =
            #""item":{"type":"function_call","id":"f1","call_id":"c1","name":"f","arguments":"{}","status":"completed"}"#
        #expect(
            try stalls(
                speech, Line.at(2.1, Line.responseCreated("r1")),
                Line.at(3, Line.event("response.output_item.done", #""response_id":"r1",\#(call)"#)),
                Line.at(3.1, Line.responseDone("r1")), Line.at(14, Line.event("ping")))
                == ["6.1 turn.stalled 1 call 11000 - c1 s/turn.stalled/c1"])
    }

    @Test("A transcription session never stalls")
    func stalledTurn_notInTranscriptionSessions() throws {
        let session = Line.event("session.updated", #""session":{"type":"transcription"}"#)
        #expect(try stalls(Line.at(0, session), speech, Line.at(60, Line.event("ping"))) == [])
    }

    @Test("A source without times never stalls")
    func stalledTurn_notWithoutTimes() throws {
        #expect(try stalls(Line.speechStarted("u1"), Line.speechStopped("u1"), Line.event("ping")) == [])
    }

    @Test("A session announces its end in time")
    func sessionExpiring_comesBeforeTheEnd() throws {
        let created = Line.event("session.created", #""session":{"id":"one","expires_at":1784668577}"#)
        let next = Line.event("session.created", #""session":{"id":"two"}"#)
        let lines = [
            Line.at(5, created), Line.at(3304.9, Line.event("ping")), Line.at(3306, Line.event("ping")),
            Line.at(3400, Line.event("ping")), Line.at(3600, next), Line.at(6900, Line.event("ping")),
        ]
        let deadlines = SessionDeadlines(lifetime: 3600, notice: 300)
        let replay = try SessionReplay(
            of: lines.joined(separator: "\n"), SessionConfiguration(key: "s", deadlines: deadlines))
        #expect(
            replay.rows(.routerSessionExpiring, fields: "expires_in_ms", "expires_at", "event_id") == [
                "3.1 session.expiring 299000 1784668577 s/session.expiring",
                "6.2 session.expiring 300000 - s#2/session.expiring",
            ])
    }
}
