import RealtimeEvents
import Testing

/// Whole conversations, with every outbound event in order.
@Suite struct ScriptedSessionTests {
    @Test("An ordinary session", arguments: ordinary)
    func scripted_ordinarySession(session: ScriptedSession) throws { try session.play() }
    @Test("An interrupted session", arguments: interrupted)
    func scripted_interruptedSession(session: ScriptedSession) throws { try session.play() }
    @Test("A session with refused creates", arguments: refused)
    func scripted_refusedCreates(session: ScriptedSession) throws { try session.play() }
    @Test("A session with an unusual server", arguments: odd)
    func scripted_unusualServer(session: ScriptedSession) throws { try session.play() }

    @Test("A session whose answers request no response", arguments: quiet)
    func scripted_answersWithoutResponse(session: ScriptedSession) throws { try session.play() }
    @Test("A session with filler responses while calls run", arguments: waiting)
    func scripted_fillers(session: ScriptedSession) throws { try session.play() }

    static let ordinary = [
        ScriptedSession(
            "one call",
            .server(Line.sessionCreated(), Line.spoken("u1"), Line.responseCreated("r1"), called("c1", in: "r1")),
            .nothing, .answer("c1", #"{"celsius":21}"#), .sent(output("c1", #"{"celsius":21}"#)),
            .server(Line.responseDone("r1")), .sent(create("rr_create_r1")),
            .server(Line.outputItem("c1"), Line.answer("r2", "a1", "Warm."))),
        ScriptedSession(
            "a call that is done behind its response",
            .server(Line.calls("r1", "c1")), .nothing, .answer("c1", "ok"),
            .sent(output("c1", "ok"), create("rr_create_r1"))),
        ScriptedSession(
            "parallel calls, whose answers come in another order",
            .server(Line.responseCreated("r1"), called("c1", in: "r1"), called("c2", in: "r1")),
            .answer("c2", "two"), .sent(output("c2", "two")), .server(called("c3", in: "r1")),
            .answer("c3", "three"), .sent(output("c3", "three")), .server(Line.responseDone("r1")), .nothing,
            .answer("c1", "one"), .sent(output("c1", "one"), create("rr_create_r1")),
            .server(Line.outputItem("c2"), Line.outputItem("c3"), Line.outputItem("c1"), Line.responseCreated("r2")),
            .nothing, .server(Line.responseDone("r2"))),
        ScriptedSession(
            "a message and a call in one response",
            .server(
                Line.responseCreated("r1"), Line.says("a1", in: "r1"), Line.delta("a1", "One moment.", in: "r1"),
                called("c1", in: "r1"), Line.said("a1", "One moment.", in: "r1")),
            .answer("c1", "ok"), .sent(output("c1", "ok")), .server(Line.responseDone("r1")),
            .sent(create("rr_create_r1"))),
        ScriptedSession(
            "one call after the other",
            .server(Line.calls("r1", "c1")), .answer("c1", "one"), .sent(output("c1", "one"), create("rr_create_r1")),
            .server(Line.calls("r2", "c2")), .answer("c2", "two"), .sent(output("c2", "two"), create("rr_create_r2")),
            .server(Line.answer("r3", "a1", "Done."))),
        ScriptedSession(
            "a function that nobody knows, and one that fails",
            .server(Line.responseCreated("r1"), called("c1", in: "r1")),
            .answer("c1", #"{"error":"unknown function `look` (reference c1)"}"#, .rejected),
            .sent(output("c1", #"{"error":"unknown function `look` (reference c1)"}"#)),
            .server(called("c2", in: "r1")),
            .answer("c2", #"{"error":"the function failed (reference c2)"}"#, .failed),
            .sent(output("c2", #"{"error":"the function failed (reference c2)"}"#)), .server(Line.responseDone("r1")),
            .sent(create("rr_create_r1"))),
        ScriptedSession(
            "calls of which one gets no answer",
            .server(Line.calls("r1", "c1", "c2")), .noAnswer("c1"), .nothing, .answer("c2", "ok"),
            .sent(output("c2", "ok"), create("rr_create_r1"))),
        ScriptedSession(
            "calls that get no answer at all", .server(Line.calls("r1", "c1", "c2")), .noAnswer("c2"), .noAnswer("c1")),
        ScriptedSession(
            "calls of the server's own",
            .server(
                Line.responseCreated("r1"),
                Line.outputDone(
                    #"{"id":"m1","type":"mcp_call","name":"look","arguments":"{}","status":"completed"}"#, in: "r1"),
                Line.responseDone("r1"))),
        ScriptedSession(
            "a handler's wish while a call runs",
            .server(Line.responseCreated("r1"), called("c1", in: "r1")), .wish, .nothing,
            .server(Line.responseDone("r1")), .sent(create("rr_1")), .answer("c1", "ok"), .sent(output("c1", "ok")),
            .server(Line.responseCreated("r2")), .nothing, .server(Line.responseDone("r2")),
            .sent(create("rr_create_r1"))),
    ]

    static let interrupted = [
        ScriptedSession(
            "the user interrupts while a call runs",
            .server(Line.responseCreated("r1"), called("c1", in: "r1"), Line.speechStarted("u1"), Line.cancelled("r1")),
            .nothing, .answer("c1", "ok"), .sent(output("c1", "ok")),
            .server(
                Line.speechStopped("u1"), Line.committed("u1"), Line.userAudio("u1"), Line.answer("r2", "a1", "Yes?"))),
        ScriptedSession(
            "the user interrupts before the call is whole",
            .server(
                Line.responseCreated("r1"),
                Line.outputAdded(Line.call("c1", "look", "", status: "in_progress"), in: "r1"),
                Line.event(
                    "response.function_call_arguments.delta", #""response_id":"r1","call_id":"c1","delta":"{\"""#),
                Line.speechStarted("u1"), Line.argumentsDone("c1", #"{""#, in: "r1"),
                Line.outputDone(Line.call("c1", "look", #"{""#, status: "incomplete"), in: "r1"),
                Line.cancelled("r1", output: Line.call("c1", "look", #"{""#, status: "incomplete")))),
        ScriptedSession(
            "one call is whole and the other is not",
            .server(
                Line.responseCreated("r1"), called("c1", in: "r1"), Line.argumentsDone("c2", #"{""#, in: "r1"),
                Line.cancelled("r1")), .answer("c1", "ok"), .sent(output("c1", "ok"))),
        ScriptedSession(
            "the client cancels the response",
            .server(Line.responseCreated("r1"), called("c1", in: "r1")), .answer("c1", "ok"), .sent(output("c1", "ok")),
            .server(Line.cancelled("r1", "client_cancelled"))),
        ScriptedSession(
            "the user interrupts the answer to a call",
            .server(Line.calls("r1", "c1")), .answer("c1", "ok"), .sent(output("c1", "ok"), create("rr_create_r1")),
            .server(
                Line.responseCreated("r2"), Line.says("a1", in: "r2"), Line.delta("a1", "It is", in: "r2"),
                Line.speechStarted("u1"), Line.cancelled("r2"), Line.truncated("a1", ms: 300)),
            .nothing, .server(Line.speechStopped("u1"), Line.committed("u1"), Line.calls("r3", "c2")),
            .answer("c2", "two"), .sent(output("c2", "two"), create("rr_create_r3"))),
        ScriptedSession(
            "an answer that is late: the user has spoken since, and was answered",
            .server(Line.calls("r1", "c1"), Line.spoken("u1"), Line.answer("r2", "a1", "Still looking.")), .nothing,
            .answer("c1", "found"), .sent(output("c1", "found"), create("rr_create_r1"))),
        ScriptedSession(
            "an answer that comes while the server's VAD has a response active",
            .server(Line.calls("r1", "c1"), Line.spoken("u1"), Line.responseCreated("r2")), .answer("c1", "found"),
            .sent(output("c1", "found")), .server(Line.says("a1", in: "r2"), Line.said("a1", "Hm.", in: "r2")),
            .nothing,
            .server(Line.responseDone("r2")), .sent(create("rr_create_r1"))),
        ScriptedSession(
            "that response calls too, and both share what follows",
            .server(Line.calls("r1", "c1"), Line.responseCreated("r2"), called("c2", in: "r2")), .answer("c1", "one"),
            .sent(output("c1", "one")), .answer("c2", "two"), .sent(output("c2", "two")),
            .server(Line.responseDone("r2")), .sent(create("rr_create_r1"))),
        ScriptedSession(
            "that response is interrupted in its turn",
            .server(Line.calls("r1", "c1"), Line.responseCreated("r2")), .answer("c1", "one"),
            .sent(output("c1", "one")),
            .server(Line.speechStarted("u2"), Line.cancelled("r2")), .sent(create("rr_create_r1"))),
        ScriptedSession(
            "a response that fails",
            .server(
                Line.responseCreated("r1"), called("c1", in: "r1"),
                Line.responseDone(
                    "r1", "failed",
                    details: #"{"type":"failed","error":{"type":"server_error","code":"rate_limit_exceeded"}}"#)),
            .nothing, .answer("c1", "ok"), .sent(output("c1", "ok")),
            .server(Line.spoken("u2"), Line.calls("r2", "c2")),
            .answer("c2", "two"), .sent(output("c2", "two"), create("rr_create_r2"))),
        ScriptedSession(
            "the response that was asked for fails",
            .server(Line.calls("r1", "c1")), .answer("c1", "ok"), .sent(output("c1", "ok"), create("rr_create_r1")),
            .server(Line.responseCreated("r2"), Line.responseDone("r2", "failed")), .nothing,
            .server(Line.calls("r3", "c2")), .answer("c2", "two"), .sent(output("c2", "two"), create("rr_create_r3"))),
        ScriptedSession(
            "a response that is cut off by its limit of tokens",
            .server(
                Line.responseCreated("r1"), called("c1", in: "r1"),
                Line.outputDone(Line.call("c2", "look", #"{"a":"#, status: "incomplete"), in: "r1"),
                Line.responseDone("r1", "incomplete", details: #"{"type":"incomplete","reason":"max_output_tokens"}"#)),
            .answer("c1", "ok"), .sent(output("c1", "ok"))),
        ScriptedSession(
            "the session is replaced while a call runs",
            .server(Line.sessionCreated("sess_1"), Line.calls("r1", "c1"), Line.sessionCreated("sess_2")),
            .answer("c1", "too late"), .nothing, .server(Line.calls("r1", "c1")), .answer("c1", "ok"),
            .sent(
                output("c1", "ok").replacing("rr_output", with: "rr2_output"), create("rr2_create_r1"))),
    ]
}
