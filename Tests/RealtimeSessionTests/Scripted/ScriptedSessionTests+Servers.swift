extension ScriptedSessionTests {
    private static let isActive = "conversation_already_has_active_response"

    static let refused = [
        ScriptedSession(
            "the server's VAD was faster, and the refusal comes first",
            .server(Line.calls("r1", "c1")), .answer("c1", "ok"), .sent(output("c1", "ok"), create("rr_create_r1")),
            .server(Line.error(isActive, of: "rr_create_r1")), .nothing, .server(Line.responseCreated("vad")), .nothing,
            .server(Line.responseDone("vad")), .sent(create("rr_create_r1_again")),
            .server(Line.answer("r2", "a1", "So."))),
        ScriptedSession(
            "the server's VAD was faster, and its response comes first",
            .server(Line.calls("r1", "c1")), .answer("c1", "ok"), .sent(output("c1", "ok"), create("rr_create_r1")),
            .server(Line.responseCreated("vad"), Line.error(isActive, of: "rr_create_r1")), .nothing,
            .server(Line.responseDone("vad")), .sent(create("rr_create_r1_again"))),
        ScriptedSession(
            "the refusal comes behind the end of that response",
            .server(Line.calls("r1", "c1")), .answer("c1", "ok"), .sent(output("c1", "ok"), create("rr_create_r1")),
            .server(Line.responseCreated("vad"), Line.responseDone("vad"), Line.error(isActive, of: "rr_create_r1")),
            .sent(create("rr_create_r1_again")), .server(Line.responseCreated("r2"), Line.responseDone("r2"))),
        ScriptedSession(
            "it comes so late that the next one is active",
            .server(Line.calls("r1", "c1")), .answer("c1", "ok"), .sent(output("c1", "ok"), create("rr_create_r1")),
            .server(
                Line.responseCreated("v1"), Line.responseDone("v1"), Line.responseCreated("v2"),
                Line.error(isActive, of: "rr_create_r1")), .nothing,
            .server(Line.responseDone("v2")), .sent(create("rr_create_r1_again"))),
        ScriptedSession(
            "twice refused",
            .server(Line.calls("r1", "c1")), .answer("c1", "ok"), .sent(output("c1", "ok"), create("rr_create_r1")),
            .server(Line.responseCreated("v1"), Line.error(isActive, of: "rr_create_r1"), Line.cancelled("v1")),
            .sent(create("rr_create_r1_again")),
            .server(Line.responseCreated("v2"), Line.error(isActive, of: "rr_create_r1_again")), .nothing,
            .server(Line.responseDone("v2")), .sent(create("rr_create_r1_again_again"))),
        ScriptedSession(
            "an old server that says neither code nor event",
            .server(Line.calls("r1", "c1")), .answer("c1", "ok"), .sent(output("c1", "ok"), create("rr_create_r1")),
            .server(Line.responseCreated("vad"), Line.error(nil, "Conversation already has an active response")),
            .nothing, .server(Line.responseDone("vad")), .sent(create("rr_create_r1_again"))),
        ScriptedSession(
            "somebody else's create is refused",
            .server(Line.calls("r1", "c1")), .answer("c1", "ok"), .sent(output("c1", "ok"), create("rr_create_r1")),
            .server(Line.responseCreated("r2"), Line.error(isActive, of: "theirs"), Line.responseDone("r2")), .nothing,
            .server(Line.error(isActive), Line.error(isActive, of: "theirs"))),
        ScriptedSession(
            "another call's answer comes while the refused create waits",
            .server(Line.calls("r1", "c1"), Line.calls("r2", "c2")), .answer("c1", "one"),
            .sent(output("c1", "one"), create("rr_create_r1")),
            .server(Line.responseCreated("vad"), Line.error(isActive, of: "rr_create_r1")), .answer("c2", "two"),
            .sent(output("c2", "two")), .server(Line.responseDone("vad")), .sent(create("rr_create_r1_again")),
            .server(Line.responseCreated("r3"), Line.responseDone("r3")), .sent(create("rr_create_r2"))),
        ScriptedSession(
            "a create that is refused for another reason is not sent again, and holds nothing up",
            .server(Line.calls("r1", "c1")), .answer("c1", "ok"), .sent(output("c1", "ok"), create("rr_create_r1")),
            .server(Line.error("insufficient_quota", of: "rr_create_r1")), .nothing, .server(Line.calls("r2", "c2")),
            .answer("c2", "two"), .sent(output("c2", "two"), create("rr_create_r2"))),
        ScriptedSession(
            "an output that is refused",
            .server(Line.responseCreated("r1"), called("c1", in: "r1")), .answer("c1", "ok"), .sent(output("c1", "ok")),
            .server(Line.error("invalid_value", of: "rr_output_c1"), Line.responseDone("r1")),
            .sent(create("rr_create_r1"))),
    ]

    static let odd = [
        ScriptedSession(
            "six frames for one call, twice",
            .server(sixFrames, sixFrames), .answer("c1", "ok"), .sent(output("c1", "ok"), create("rr_create_r1"))),
        ScriptedSession(
            "beta names",
            .server(
                Line.event("session.created", #""session":{"id":"sess_1","model":"gpt-4o-realtime-preview"}"#),
                Line.event(
                    "response.created", #""response":{"id":"r1","object":"realtime.response","status":"in_progress"}"#),
                Line.outputAdded(Line.call("c1", "look", "", status: "in_progress"), in: "r1"),
                Line.event(
                    "conversation.item.created", #""previous_item_id":"u1","item":"# + Line.call("c1", "look", "")),
                Line.event("response.audio_transcript.delta", #""response_id":"r1","item_id":"a1","delta":"One""#),
                Line.event("response.audio.delta", #""response_id":"r1","item_id":"a1","delta":"AAAA""#),
                Line.argumentsDone("c1", #"{"at":1}"#, in: "r1"), called("c1", in: "r1"),
                Line.event("response.audio.done", #""response_id":"r1","item_id":"a1""#)),
            .answer("c1", "ok"), .sent(output("c1", "ok")),
            .server(Line.event("response.done", #""response":{"id":"r1","status":"completed","output":[]}"#)),
            .sent(create("rr_create_r1")),
            .server(
                Line.event("response.created", #""response":{"id":"r2"}"#),
                Line.event("response.done", #""response":{"id":"r2","status":"completed"}"#), Line.calls("r3", "c2")),
            .answer("c2", "two"), .sent(output("c2", "two"), create("rr_create_r3"))),
        ScriptedSession(
            "a server that fills response.done only",
            .server(
                Line.responseCreated("r1"),
                Line.responseDone("r1", output: Line.call("c1") + "," + Line.call("c2", status: nil))),
            .answer("c2", "two"), .sent(output("c2", "two")), .answer("c1", "one"),
            .sent(output("c1", "one"), create("rr_create_r1"))),
        ScriptedSession(
            "a server that says the arguments only, and null for what a response made",
            .server(
                Line.responseCreated("r1"), Line.argumentsDone("c1", in: "r1"),
                Line.event("response.done", #""response":{"id":"r1","status":"completed","output":null}"#)),
            .answer("c1", "ok"), .sent(output("c1", "ok"), create("rr_create_r1"))),
        ScriptedSession(
            "a server that gives null for every conversation",
            .server(
                Line.responseCreated("r1", conversation: nil), called("c1", in: "r1"),
                Line.responseDone("r1", conversation: nil)),
            .answer("c1", "one"), .sent(output("c1", "one"), create("rr_create_r1")),
            .server(Line.error(isActive, of: "rr_create_r1"), Line.responseCreated("vad", conversation: nil)), .nothing,
            .server(Line.responseDone("vad", conversation: nil)), .sent(create("rr_create_r1_again")),
            .server(Line.responseCreated("r2", conversation: nil), called("c2", in: "r2")), .answer("c2", "two"),
            .sent(output("c2", "two")), .server(Line.responseDone("r2", conversation: nil)),
            .sent(create("rr_create_r2"))),
        ScriptedSession(
            "a server that does not say when a response is over",
            .server(Line.responseCreated("lost"), Line.calls("r1", "c1")), .answer("c1", "ok"),
            .sent(output("c1", "ok"), create("rr_create_r1"))),
        ScriptedSession(
            "a response that ends without having begun",
            .server(called("c1", in: "r1"), Line.responseDone("r1")), .answer("c1", "ok"),
            .sent(output("c1", "ok"), create("rr_create_r1"))),
        ScriptedSession(
            "a response that begins again when it is over",
            .server(Line.calls("r1", "c1"), Line.responseCreated("r1")), .answer("c1", "ok"),
            .sent(output("c1", "ok"), create("rr_create_r1"))),
        ScriptedSession(
            "a response beside the conversation",
            .server(
                Line.answer("r0", "a0", "Hello."), Line.responseCreated("side", conversation: nil),
                Line.calls("r1", "c1")), .answer("c1", "ok"), .sent(output("c1", "ok"), create("rr_create_r1")),
            .server(Line.responseCreated("r2"), Line.responseDone("side", conversation: nil)), .wish, .nothing,
            .server(Line.responseDone("r2")), .sent(create("rr_1"))),
    ]

    /// All the frames in which a GA server carries one call.
    private static let sixFrames = source(
        Line.responseCreated("r1"), Line.outputAdded(Line.call("c1", "look", "", status: "in_progress"), in: "r1"),
        Line.event("conversation.item.added", #""item":"# + Line.call("c1", "look", "", status: "in_progress")),
        Line.argumentsDone("c1", in: "r1"), Line.event("conversation.item.done", #""item":"# + Line.call("c1")),
        Line.outputDone(Line.call("c1"), in: "r1"), Line.responseDone("r1", output: Line.call("c1")))
}
