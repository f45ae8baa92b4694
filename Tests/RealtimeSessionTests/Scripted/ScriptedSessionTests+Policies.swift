import RealtimeEvents
import RealtimeSession
import Testing

extension ScriptedSessionTests {
    /// Functions after which no response is needed.
    static let quiet = [
        ScriptedSession(
            "the only call", .server(Line.calls("r1", "c1")), .quietAnswer("c1", "ok"), .sent(output("c1", "ok"))),
        ScriptedSession(
            "one of two, whichever comes last",
            .server(Line.calls("r1", "c1", "c2")), .answer("c1", "one"), .sent(output("c1", "one")),
            .quietAnswer("c2", "two"), .sent(output("c2", "two"), create("rr_create_r1")),
            .server(Line.calls("r2", "c3", "c4")), .quietAnswer("c3", "three"), .sent(output("c3", "three")),
            .answer("c4", "four"), .sent(output("c4", "four"), create("rr_create_r2"))),
        ScriptedSession(
            "both of two", .server(Line.calls("r1", "c1", "c2")), .quietAnswer("c1", "one"), .quietAnswer("c2", "two"),
            .sent(output("c1", "one"), output("c2", "two"))),
    ]

    /// The same in a recording, where outputs are sent in the recording's order.
    @Test("A recording requests no response either")
    func recording_requestsNoResponse() throws {
        var replay = SessionReplay(SessionConfiguration(key: "s"))
        try replay.feed(source(Line.calls("r1", "c1"), Line.calls("r2", "c2", "c3")))
        for (call, isQuiet) in [("c3", false), ("c2", true), ("c1", true)] {
            var outcome = FunctionCallOutcome(callID: call, state: .completed, output: "ok")
            outcome.wantsResponse = !isQuiet
            replay.complete(outcome)
        }
        #expect(replay.sent == ["output c1 ok", "output c2 ok", "output c3 ok", "create rr_create_r2"])
    }

    /// Filler responses while calls run.
    static let waiting = [
        ScriptedSession(
            "while a call runs behind its response",
            .server(Line.calls("r1", "c1")), .speak("c1", "One moment."), .sent(filler("rr_wait_c1", "One moment.")),
            .server(Line.responseCreated("w1")), .answer("c1", "ok"), .sent(output("c1", "ok")),
            .server(Line.responseDone("w1")), .sent(create("rr_create_r1"))),
        ScriptedSession(
            "the response is still active, and the call done before it ends",
            .server(Line.responseCreated("r1"), called("c1", in: "r1")), .speak("c1", "One moment."), .nothing,
            .answer("c1", "ok"), .sent(output("c1", "ok")), .server(Line.responseDone("r1")),
            .sent(create("rr_create_r1"))),
        ScriptedSession(
            "the response ends, and the call is not done",
            .server(Line.responseCreated("r1"), called("c1", in: "r1")), .speak("c1", "One moment."), .nothing,
            .server(Line.responseDone("r1")), .sent(filler("rr_wait_c1", "One moment.")),
            .server(Line.responseCreated("w1"), Line.responseDone("w1")), .nothing, .answer("c1", "ok"),
            .sent(output("c1", "ok"), create("rr_create_r1"))),
        ScriptedSession(
            "once for the calls of a response",
            .server(Line.calls("r1", "c1", "c2")), .speak("c1", "One moment."), .speak("c2", "Two moments."),
            .sent(filler("rr_wait_c1", "One moment.")), .server(Line.responseCreated("w1"), Line.responseDone("w1")),
            .nothing, .answer("c1", "one"), .answer("c2", "two"),
            .sent(output("c1", "one"), output("c2", "two"), create("rr_create_r1"))),
        ScriptedSession(
            "the other call of the response is done meanwhile",
            .server(Line.responseCreated("r1"), called("c1", in: "r1"), called("c2", in: "r1")),
            .speak("c1", "One moment."), .speak("c2", "Two moments."), .answer("c1", "one"), .sent(output("c1", "one")),
            .server(Line.responseDone("r1")), .sent(filler("rr_wait_c2", "Two moments.")),
            .server(Line.responseCreated("w1"), Line.responseDone("w1")), .answer("c2", "two"),
            .sent(output("c2", "two"), create("rr_create_r1"))),
        ScriptedSession(
            "it is refused, and said later or not at all",
            .server(Line.calls("r1", "c1")), .speak("c1", "One moment."), .sent(filler("rr_wait_c1", "One moment.")),
            .server(
                Line.responseCreated("vad"), Line.error("conversation_already_has_active_response", of: "rr_wait_c1")),
            .nothing, .server(Line.responseDone("vad")), .sent(filler("rr_wait_c1_again", "One moment.")),
            .server(
                Line.responseCreated("v2"),
                Line.error("conversation_already_has_active_response", of: "rr_wait_c1_again")),
            .answer("c1", "ok"), .sent(output("c1", "ok")), .server(Line.responseDone("v2")),
            .sent(create("rr_create_r1"))),
        ScriptedSession(
            "calls that are answered, unknown or nobody's",
            .server(Line.calls("r1", "c1")), .answer("c1", "ok"), .sent(output("c1", "ok"), create("rr_create_r1")),
            .speak("c1", "Too late."), .speak("c9", "Whose?"), .server(Line.answer("r2", "a1", "Done."))),
    ]

    @Test("A recording requests no filler response")
    func recording_requestsNoFiller() throws {
        var replay = SessionReplay(SessionConfiguration(key: "s"))
        try replay.feed(Line.calls("r1", "c1"))
        replay.speak(ResponseParameters(), whileWaitingFor: "c1")
        replay.complete("c1", "ok")
        #expect(replay.sent == ["output c1 ok", "create rr_create_r1"])
    }

    static let interruptions: [(lines: String, count: Int)] = [
        (source(Line.responseCreated("r1"), Line.speechStarted("u1")), 1),
        (source(Line.responseCreated("r1"), Line.speechStarted("u1"), Line.cancelled("r1")), 2),
        (source(Line.responseCreated("r1"), Line.cancelled("r1", "client_cancelled")), 1),
        (source(Line.calls("r1", "c1"), Line.speechStarted("u1")), 0),
        (source(Line.spoken("u1"), Line.answer("r1", "a1", "Yes."), Line.spoken("u2")), 0),
        (
            source(
                Line.answer("r0", "a0", "Hi."), Line.responseCreated("side", conversation: nil),
                Line.speechStarted("u1")),
            0
        ),
    ]

    @Test("Interruptions are counted", arguments: interruptions)
    func interruptions_areCounted(lines: String, count: Int) throws {
        #expect(try SessionReplay(of: lines).state.interruptions == count)
    }
}
