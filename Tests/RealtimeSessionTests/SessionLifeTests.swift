import RealtimeEvents
import RealtimeSession
import Testing

@Suite struct SessionLifeTests {
    @Test("A session starts after its first event and ends last")
    func session_startsAfterItsFirstEventAndEndsLast() throws {
        let configuration = SessionConfiguration(key: "k", labels: ["b": "2", "a": "1"], source: "call.jsonl")
        let replay = try SessionReplay(
            of: source(
                Line.at(1, Line.sessionCreated()), Line.at(2, Line.userText("u1", "x")),
                Line.at(3.5, Line.event("ping"))), configuration)
        let bodies = replay.derived.map { String(decoding: $0.bytes, as: UTF8.self) }
        #expect(
            bodies.first
                == #"{"type":"router.session.started","event_id":"k/session.started","session":"k","session_id":"sess_1","#
                + #""labels":{"a":"1","b":"2"},"turn":0,"cause":"e_sess_1","model":"gpt-realtime","kind":"realtime","#
                + #""input_transcription":"whisper-1","source":"call.jsonl"}"#)
        #expect(
            bodies.last
                == #"{"type":"router.session.ended","event_id":"k/session.ended","session":"k","session_id":"sess_1","#
                + #""labels":{"a":"1","b":"2"},"turn":1,"cause":3,"reason":"end_of_source","duration_ms":2500,"totals":"#
                + #"{"events":3,"events_by_type":{"other":1,"conversation.item.added":1,"session.created":1},"#
                + #""utterances":1,"turns":0,"responses":0,"interruptions":0,"calls":0,"errors":0}}"#)
        #expect(replay.derived.map(\.position.description) == ["1.1", "2.1", "2.2", "3.1"])
    }

    @Test("A connection that joins a running session starts with what is known")
    func joinedSession_startsWithWhatIsKnown() throws {
        let replay = try SessionReplay(
            of: source(
                Line.userText("u1", "x"), Line.event("session.updated", #""session":{"id":"late","model":"m"}"#),
                Line.userText("u2", "y")))
        #expect(
            replay.rows(.routerSessionStarted, fields: "session_id", "model", "kind") == ["1.1 session.started - - -"])
        #expect(
            replay.rows(.routerUtteranceDone, fields: "session_id") == [
                "1.3 utterance.done -", "3.2 utterance.done late",
            ])
    }

    @Test("Another session on the same source ends the first one")
    func secondSession_endsTheFirst() throws {
        let replay = try SessionReplay(
            of: source(
                Line.sessionCreated("one"), Line.spoken("u1"), Line.sessionCreated("one"), Line.sessionCreated("two"),
                Line.userText("u1", "again")))
        #expect(
            replay.rows(fields: "session", "session_id", "reason", "event_id", "turn").filter { !$0.contains("heard") }
                == [
                    "1.1 session.started s one - s/session.started 0",
                    "7.2 utterance.done s one - s/utterance.done/u1/0 1",
                    "7.3 session.ended s one replaced s/session.ended 1",
                    "7.4 session.started s#2 two - s#2/session.started 0",
                    "8.2 utterance.done s#2 two - s#2/utterance.done/u1/0 1",
                    "8.3 session.ended s#2 two end_of_source s#2/session.ended 1",
                ])
        #expect(replay.state.sessionCount == 2 && replay.state.sessionKey == "s#2" && replay.state.sessionID == "two")
    }

    @Test("In a file, the first session's answers are still sent")
    func replacedSession_inAFile_isStillAnswered() throws {
        var replay = SessionReplay()
        try replay.feed(
            source(
                Line.sessionCreated("one"), Line.calls("r1", "c1"), Line.sessionCreated("two"),
                Line.calls("r1", "c1", "c2")))
        replay.complete("c1", "first")
        replay.complete("c2", "third")
        replay.complete("c1", "second")
        #expect(
            replay.sent == [
                "output c1 first", "create rr_create_r1", "output c1 second", "output c2 third", "create rr2_create_r1",
            ])
        #expect(
            replay.rows(.routerFunctionCallDone, fields: "event_id") == [
                "3.2 function_call.done s/function_call.done/c1", "8.2 function_call.done s#2/function_call.done/c2",
                "7.2 function_call.done s#2/function_call.done/c1",
            ])
    }

    @Test("A live server's new session gets no answers for the old one")
    func replacedSession_whenLive_isNotAnswered() throws {
        var replay = SessionReplay(SessionConfiguration(key: "s", isInteractive: true))
        try replay.feed(
            source(
                Line.sessionCreated("one"), Line.responseCreated("r0"), Line.calls("r1", "c1"),
                Line.sessionCreated("two")))
        replay.complete("c1", "late")
        #expect(replay.sent == [])
        #expect(
            replay.rows(.routerFunctionCallDone, fields: "session", "state") == ["4.2 function_call.done s completed"])
        replay.requestResponse()
        #expect(replay.sent == ["create rr_1"], "the old session's active response blocks nothing")
    }

    @Test("An expired session ends with the reason expired")
    func expiredSession_endsAsExpired() throws {
        var replay = SessionReplay()
        try replay.feed(Line.error("session_expired"))
        replay.end(.disconnected)
        #expect(replay.rows(.routerSessionEnded, fields: "reason") == ["1.3 session.ended expired"])
    }

    @Test("A source without events had no session")
    func emptySource_hasNoSession() throws {
        #expect(try SessionReplay(of: "\n\n").derived.isEmpty)
    }

    @Test("The end is emitted once")
    func sessionEnd_isEmittedOnce() throws {
        var replay = try SessionReplay(of: Line.event("ping"))
        let count = replay.derived.count
        replay.end()
        #expect(replay.derived.count == count)
    }

    @Test("Only observed types are built, and positions stay the same")
    func observedTypes_doNotChangePositions() throws {
        let lines = source(
            Line.sessionCreated(), Line.spoken("u1"), Line.heardDelta("u1", "Hel"),
            Line.answer("r1", "a1", "Hi", after: "u1"),
            Line.calls("r2", "c1"), Line.transcribed("u1", "Hello"), Line.truncated("a1", ms: 1), Line.error("unknown"))
        let all = try SessionReplay(of: lines, onReady: .answer("x"))
        for code in SessionConfiguration.derivedTypes {
            let configuration = SessionConfiguration(key: "s", observed: [code, .routerFunctionCallReady])
            let some = try SessionReplay(of: lines, configuration, onReady: .answer("x"))
            let wanted = all.derived.filter { $0.code == code }
            let found = some.derived.filter { $0.code == code }
            #expect(found.map(\.position) == wanted.map(\.position), "\(code)")
            #expect(found.map(\.bytes) == wanted.map(\.bytes), "\(code)")
            #expect(some.derived.allSatisfy { configuration.observed.contains($0.code) })
            #expect(some.sent == all.sent)
        }
    }
}
