import EventJSON
import RealtimeEvents
import RealtimeSession
import Testing

@Suite struct FunctionCallTests {
    /// All six frames that carry a call, as a GA server sends them.
    private let sixCarriers = source(
        Line.responseCreated("r1"), Line.outputAdded(Line.call("c1", "look", "", status: "in_progress"), in: "r1"),
        Line.event(
            "conversation.item.added",
            #""previous_item_id":null,"item":"# + Line.call("c1", "look", "", status: "in_progress")),
        Line.event(
            "response.function_call_arguments.delta",
            #""response_id":"r1","item_id":"i_c1","call_id":"c1","delta":"{}""#),
        Line.argumentsDone("c1", #"{"at": [1, 2]}"#, in: "r1"),
        Line.event(
            "conversation.item.done", #""previous_item_id":null,"item":"# + Line.call("c1", "look", #"{"at": [1, 2]}"#)),
        Line.outputDone(Line.call("c1", "look", #"{"at": [1, 2]}"#), in: "r1"),
        Line.responseDone("r1", output: Line.call("c1", "look", #"{"at": [1, 2]}"#)))

    @Test("A call is ready once, whichever frames carry it")
    func call_isReadyOnce() throws {
        let replay = try SessionReplay(of: source(Line.userText("u1", "Look"), sixCarriers, sixCarriers))
        let ready = replay.derived.filter { $0.code == .routerFunctionCallReady }
        #expect(
            ready.map { String(decoding: $0.bytes, as: UTF8.self) } == [
                #"{"type":"router.function_call.ready","event_id":"s/function_call.ready/c1","session":"s","turn":1,"cause":8,"#
                    + #""call_id":"c1","name":"look","arguments":{"at":[1,2]},"response_id":"r1","item_id":"i_c1"}"#
            ])
        #expect(ready.map(\.callID) == ["c1"])
    }

    /// Any one frame of a response is enough, because some servers leave out the others.
    @Test(
        "Any one frame is enough",
        arguments: [
            ([Line.outputDone(Line.call("c1"), in: "r1")], "1"),
            ([Line.outputDone(Line.call("c1", status: nil), in: "r1")], "1"),
            ([Line.argumentsDone("c1", in: "r1"), Line.responseDone("r1")], "2"),
            ([Line.responseDone("r1", output: Line.call("c1"))], "1"),
            ([Line.responseDone("r1", output: Line.call("c1", status: nil))], "1"),
            ([Line.argumentsDone("c1", in: "r1")], "1"),
            ([Line.argumentsDone("c1", in: "r1"), Line.event("ping")], "2"),
        ])
    func call_isReadyFromOneFrame(lines: [String], line: String) throws {
        let replay = try SessionReplay(of: lines.joined(separator: "\n"))
        let rows = replay.rows(.routerFunctionCallReady, fields: "call_id", "arguments", "response_id")
        #expect(rows.map { $0.split(separator: ".")[0] } == [Substring(line)])
        #expect(rows.allSatisfy { $0.hasSuffix("function_call.ready c1 {} r1") })
    }

    /// Calls that were cut off, calls of the history, and calls that the server executes itself.
    @Test(
        "A call that must not run is never ready",
        arguments: [
            [
                Line.argumentsDone("c1", #"{"a"#, in: "r1"),
                Line.outputDone(Line.call("c1", status: "incomplete"), in: "r1"), Line.responseDone("r1"),
            ],
            [Line.argumentsDone("c1", in: "r1"), Line.responseDone("r1", "cancelled")],
            [Line.argumentsDone("c1", in: "r1"), Line.responseDone("r1", "failed")],
            [Line.argumentsDone("c1", in: "r1"), Line.responseDone("r1", "incomplete")],
            [
                Line.argumentsDone("c1", in: "r1"),
                Line.responseDone("r1", output: Line.call("c1", status: "incomplete")),
            ],
            [Line.responseDone("r1", "cancelled"), Line.outputDone(Line.call("c1"), in: "r1")],
            [
                Line.responseDone("r1", "cancelled"), Line.argumentsDone("c1", in: "r1"),
                Line.responseDone("r1", "cancelled"),
            ],
            [Line.outputAdded(Line.call("c1", "look", "", status: "in_progress"), in: "r1")],
            [
                Line.event("conversation.item.added", #""item":"# + Line.call("c1")),
                Line.event("conversation.item.done", #""item":"# + Line.call("c1")),
            ],
            [
                Line.outputDone(
                    #"{"id":"m1","type":"mcp_call","call_id":"c1","name":"look","arguments":"{}","status":"completed"}"#,
                    in: "r1"),
                Line.event("response.mcp_call_arguments.done", #""response_id":"r1","item_id":"m1","arguments":"{}""#),
                Line.responseDone("r1", output: #"{"id":"m1","type":"mcp_call","name":"look","arguments":"{}"}"#),
            ],
        ])
    func callThatMustNotRun_isNeverReady(lines: [String]) throws {
        let replay = try SessionReplay(of: lines.joined(separator: "\n"), onReady: .answer("x"))
        #expect(replay.rows(.routerFunctionCallReady, fields: "call_id") == [])
        #expect(replay.sent == [])
    }

    @Test(
        "Arguments are an object, or their text",
        arguments: [
            ("{}", "{}"), (#" { "city" : "Köln" } "#, #"{"city":"Köln"}"#), (#"{"a":1e2}"#, #"{"a":1e2}"#),
            (#"{"a":"#, #"{"a":"#), ("[1]", "[1]"), ("", ""), ("{} x", "{} x"), (#""{}""#, #""{}""#),
        ])
    func arguments_areAnObjectOrTheirText(text: String, expected: String) throws {
        let replay = try SessionReplay(of: Line.outputDone(Line.call("c1", "look", text), in: "r1"))
        let call = try #require(replay.bodies(.routerFunctionCallReady, as: FunctionCall.self).first)
        #expect(call.arguments?.string ?? call.arguments?.description == expected)
        #expect((call.arguments?.object != nil) == ["{}", #" { "city" : "Köln" } "#, #"{"a":1e2}"#].contains(text))
    }

    @Test("Arguments that a server sends as an object are accepted")
    func arguments_sentAsAnObject_areAccepted() throws {
        let item = #"{"id":"i1","type":"function_call","call_id":"c1","name":"look","arguments":{"a":[1]}}"#
        let replay = try SessionReplay(of: Line.outputDone(item, in: "r1"))
        #expect(replay.rows(.routerFunctionCallReady, fields: "arguments") == [#"1.2 function_call.ready {"a":[1]}"#])
    }

    /// The name may be in another frame than the one that makes the call ready.
    @Test(
        "A call's name is found in any frame",
        arguments: [
            (Line.outputAdded(Line.call("c1", "look", ""), in: "r1"), "look"),
            (Line.event("conversation.item.added", #""item":"# + Line.call("c1", "look", "")), "look"),
            (
                Line.event("response.function_call_arguments.done", #""call_id":"c1","name":"look","arguments":"{}""#),
                "look"
            ),
            (Line.event("ping"), "-"),
        ])
    func callName_isFoundInAnyFrame(frame: String, name: String) throws {
        let replay = try SessionReplay(of: source(frame, Line.outputDone(Line.call("c1", nil), in: "r1")))
        #expect(
            replay.rows(.routerFunctionCallReady, fields: "name").map { $0.split(separator: " ")[2] } == [
                Substring(name)
            ])
    }

    @Test("A call is identified by its call_id alone")
    func call_isIdentifiedByItsCallID() throws {
        let replay = try SessionReplay(
            of: source(
                Line.outputAdded(Line.call("c1", "look", "", item: "tmp"), in: "r1"),
                Line.outputDone(Line.call("c1", "look", item: "final"), in: "r1"),
                Line.responseDone("r1", output: Line.call("c1", "look", item: "other"))))
        #expect(
            replay.rows(.routerFunctionCallReady, fields: "call_id", "item_id") == ["2.1 function_call.ready c1 tmp"])
    }

    @Test("An outcome has the reserved position after its call")
    func outcome_hasThePositionAfterItsCall() throws {
        var replay = SessionReplay()
        try replay.feed(source(Line.userText("u1", "x"), Line.calls("r1", "c1", "c2"), Line.answer("r2", "a1", "Well")))
        #expect(replay.state.outstandingCallCount == 2)
        var outcome = FunctionCallOutcome(callID: "c2", state: .timedOut, output: "Too slow.", error: "after 5 s")
        outcome.ranMs = 5000
        replay.complete(outcome)
        replay.complete("c1", "ok")
        replay.complete("c1", "again")
        replay.complete("unknown", "x")
        #expect(replay.state.outstandingCallCount == 0)
        #expect(
            replay.rows(
                .routerFunctionCallReady, .routerFunctionCallDone, .routerErrorRaised, fields: "call_id", "event_id",
                "state", "turn", "cause") == [
                    "3.1 function_call.ready c1 s/function_call.ready/c1 - 1 3",
                    "4.1 function_call.ready c2 s/function_call.ready/c2 - 1 4",
                    "4.2 function_call.done c2 s/function_call.done/c2 timed_out 1 4",
                    "4.3 error.raised c2 s/error.raised/c2 - 1 4",
                    "3.2 function_call.done c1 s/function_call.done/c1 completed 1 3",
                ])
        #expect(
            replay.rows(.routerErrorRaised, fields: "class", "source", "code", "message") == [
                "4.3 error.raised turn function_call timed_out after 5 s"
            ])
        let done = try #require(replay.bodies(.routerFunctionCallDone, as: FunctionCallOutcome.self).first)
        #expect(done.name == "look" && done.output == "Too slow." && done.ranMs == 5000)
    }

    @Test("A recorded output is the call's answer")
    func recordedOutput_isTheAnswer() throws {
        var configuration = SessionConfiguration(key: "s", recordedOutputs: ["c1": "It is foggy."])
        let lines = source(Line.calls("r1", "c1"), Line.outputItem("c1", "It is foggy."), Line.calls("r2", "c2"))
        let replay = try SessionReplay(of: lines, configuration, onReady: .answer("new"))
        // The lines have no output of the client, so the outcome comes at the end of the session.
        #expect(
            replay.rows(.routerFunctionCallReady, .routerFunctionCallDone, fields: "call_id", "state", "output") == [
                "2.1 function_call.ready c1 - -", "6.1 function_call.ready c2 - -",
                "6.2 function_call.done c2 completed new", "2.2 function_call.done c1 replayed It is foggy.",
            ])
        #expect(replay.sent == ["output c2 new", "create rr_create_r2"])

        configuration.rerunCalls = true
        let rerun = try SessionReplay(of: lines, configuration, onReady: .answer("new"))
        #expect(rerun.sent == ["output c1 new", "create rr_create_r1", "output c2 new", "create rr_create_r2"])
    }

    /// The server's echo of an output is in every recording of an answered session, and does not answer a replay.
    @Test("The server's echo is no recorded output")
    func serversEcho_isNoRecordedOutput() throws {
        let replay = try SessionReplay(
            of: source(Line.calls("r1", "c1"), Line.outputItem("c1")), onReady: .answer("new"))
        #expect(replay.sent == ["output c1 new", "create rr_create_r1"])
    }

    @Test("A client's line before the call is a recorded output")
    func clientLineBeforeTheCall_isARecordedOutput() throws {
        let output = Line.client(
            #"{"type":"conversation.item.create","item":{"type":"function_call_output","call_id":"c1","output":"early"}}"#
        )
        let replay = try SessionReplay(of: source(output, Line.calls("r1", "c1")), onReady: .answer("new"))
        #expect(
            replay.rows(.routerFunctionCallDone, .routerResponseDone, fields: "state", "output") == [
                "3.2 function_call.done replayed early", "4.1 response.done - -",
            ])
        #expect(replay.sent == [])
    }

    @Test("A client's line after the call is its outcome")
    func clientLineAfterTheCall_isItsOutcome() throws {
        let output = Line.client(
            #"{"type":"conversation.item.create","item":{"type":"function_call_output","call_id":"c1","output":"late"}}"#,
            at: 5)
        let lines = source(Line.calls("r1", "c1"), output, Line.responseCreated("r2"))
        let ahead = SessionConfiguration(key: "s", recordedOutputs: ["c1": "late"])
        // A pipe cannot be read ahead, so the output there is the outcome of a call that no handler took.
        for configuration in [ahead, SessionConfiguration(key: "s")] {
            let replay = try SessionReplay(of: lines, configuration, onReady: .decline)
            #expect(
                replay.rows(fields: "state", "output") == [
                    "1.1 session.started - -", "2.1 function_call.ready - -", "3.1 response.done - -",
                    "2.2 function_call.done replayed late", "5.1 session.ended - -",
                ])
            #expect(replay.sent == [])
        }
    }
}
