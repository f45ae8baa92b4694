import EventJSON
import RealtimeEvents
import RealtimeSession
import Testing

/// Servers that reuse a `call_id` for another call, and frames that leave out ids.
@Suite struct CallOccurrenceTests {
    private static let live = SessionConfiguration(key: "s", isInteractive: true)

    /// A response with one call.
    private static func response(_ response: String, _ call: String, item: String, _ arguments: String = "{}") -> String
    {
        let whole = Line.call(call, "look", arguments, item: item)
        return source(
            Line.responseCreated(response),
            Line.outputAdded(Line.call(call, "look", "", item: item, status: "in_progress"), in: response),
            Line.outputDone(whole, in: response), Line.responseDone(response, output: whole))
    }

    private static let twice = source(
        response("r1", "call_0", item: "f1", #"{"room":"a"}"#), response("r2", "call_0", item: "f2", #"{"room":"b"}"#))

    @Test("A call_id that comes with another response and another item is another call")
    func reusedCallID_isAnotherOccurrence() throws {
        let replay = try SessionReplay(of: Self.twice, onReady: .answer("done"))
        #expect(
            replay.rows(
                .routerFunctionCallReady, .routerFunctionCallDone, fields: "event_id", "call_id", "occurrence", "state"
            ) == [
                "3.1 function_call.ready s/function_call.ready/call_0 call_0 - -",
                "3.2 function_call.done s/function_call.done/call_0 call_0 - completed",
                "7.1 function_call.ready s/function_call.ready/call_0#2 call_0 2 -",
                "7.2 function_call.done s/function_call.done/call_0#2 call_0 2 completed",
            ])
        #expect(
            replay.rows(.routerFunctionCallReady, fields: "arguments").map { $0.split(separator: " ")[2] } == [
                #"{"room":"a"}"#, #"{"room":"b"}"#,
            ])
        #expect(
            replay.sent == ["output call_0 done", "create rr_create_r1", "output call_0 done", "create rr_create_r2"])
        #expect(
            replay.outbound.map(\.eventID) == [
                "rr_output_call_0", "rr_create_r1", "rr_output_call_0#2", "rr_create_r2",
            ])
        #expect(replay.rows(.routerErrorRaised) == [])
        #expect(replay.rows(.routerSessionEnded, fields: "totals").allSatisfy { $0.contains(#""calls":2"#) })
    }

    @Test("Both calls wait at the same time, and each gets its own answer in any order", arguments: [true, false])
    func reusedCallID_answersReachTheirCalls(isLive: Bool) throws {
        var replay = SessionReplay(isLive ? Self.live : SessionConfiguration(key: "s"))
        try replay.feed(Self.twice)
        #expect(replay.state.outstandingCallCount == 2)
        #expect(replay.state.takenCalls.map(\.label) == ["call_0", "call_0#2"])
        replay.complete("call_0", "second", occurrence: 2)
        replay.complete("call_0", "again", occurrence: 2)
        #expect(replay.state.outstandingCallCount == 1)
        replay.complete("call_0", "first", occurrence: 1)
        replay.end()
        let outputs = replay.outbound.filter { $0.type == "conversation.item.create" }.map {
            "\($0.eventID ?? "") \($0.json["item"]?["output"]?.string ?? "")"
        }
        #expect(Set(outputs) == ["rr_output_call_0 first", "rr_output_call_0#2 second"])
        #expect(outputs.count == 2)
        #expect(replay.state.outstandingCallCount == 0)
    }

    /// The frames of one call, as servers send them: with different item ids, with missing ids, and repeated.
    @Test(
        "Frames of one call make it ready once",
        arguments: [
            [
                Line.outputAdded(Line.call("c1", "look", "", item: "tmp"), in: "r1"),
                Line.outputDone(Line.call("c1", item: "final"), in: "r1"),
                Line.responseDone("r1", output: Line.call("c1", item: "other")),
            ],
            [
                Line.event("response.output_item.done", #""item":"# + Line.call("c1", item: "f1")),
                Line.responseDone("r1", output: Line.call("c1", item: "f2")),
            ],
            [
                Line.argumentsDone("c1", in: "r1"),
                Line.event("response.output_item.done", #""item":"# + Line.call("c1", item: "f2")),
                Line.event("conversation.item.done", #""item":"# + Line.call("c1", item: "f3")),
                Line.responseDone("r1", output: Line.call("c1", item: "f4")),
            ],
            [
                Line.event(
                    "response.output_item.done",
                    #""response_id":"r1","item":{"type":"function_call","call_id":"c1","name":"look","arguments":"{}"}"#
                ),
                Line.outputDone(Line.call("c1", item: "f2"), in: "r1"),
                Line.responseDone("r1", output: Line.call("c1", item: "f3")),
            ],
            [
                Line.event("response.function_call_arguments.done", #""call_id":"c1","name":"look","arguments":"{}""#),
                Line.responseDone("r1", output: Line.call("c1", item: "f1")),
                Line.event("response.function_call_arguments.done", #""call_id":"c1","name":"look","arguments":"{}""#),
            ],
        ])
    func framesOfOneCall_runOnce(frames: [String]) throws {
        for lines in [frames, frames + frames] {
            let all = [Line.responseCreated("r1")] + lines
            let replay = try SessionReplay(of: all.joined(separator: "\n"), onReady: .answer("x"))
            #expect(replay.rows(.routerFunctionCallReady, fields: "call_id").count == 1)
            #expect(replay.sent == ["output c1 x", "create rr_create_r1"])
            #expect(replay.rows(.routerErrorRaised, fields: "code") == [])
        }
    }

    @Test(
        "A frame whose ids do not prove another call is not run, and reported",
        arguments: [
            // The same item in another response.
            (Line.outputDone(Line.call("c1", item: "f1"), in: "r2"), "", false),
            // Another item without a response, while another one is active.
            (Line.event("response.output_item.done", #""item":"# + Line.call("c1", item: "f2")), "", false),
            // Another item of the same response, with other arguments.
            (Line.outputDone(Line.call("c1", "look", #"{"a":1}"#, item: "f2"), in: "r1"), "", true),
            // The same ids with other arguments.
            (Line.outputDone(Line.call("c1", "look", #"{"a":1}"#, item: "f1"), in: "r1"), "", true),
        ])
    func unprovenRepetition_isReported(frame: String, _: String, hasOtherArguments: Bool) throws {
        let replay = try SessionReplay(
            of: source(
                Self.response("r1", "c1", item: "f1"), Line.responseCreated("r2"), frame, frame, Line.responseDone("r2")
            ),
            onReady: .answer("x"))
        #expect(replay.rows(.routerFunctionCallReady, fields: "call_id").count == 1)
        let message =
            hasOtherArguments
            ? "The call came again with other arguments, and its ids do not show that it is another call, so it was not run again."
            : "The call came again, and its ids do not show that it is another call, so it was not run again."
        #expect(
            replay.rows(.routerErrorRaised, fields: "class", "source", "code", "call_id", "event_id", "message") == [
                "8.1 error.raised benign function_call repeated c1 s/error.raised/c1/repeated \(message)"
            ])
    }

    @Test("The end of the response proves what its items did not: the call runs, and nothing is reported")
    func callIDReusedWithoutResponseIDs_runsAtTheEndOfItsResponse() throws {
        func response(_ id: String, item: String) -> String {
            source(
                Line.responseCreated(id),
                Line.event("response.output_item.done", #""item":"# + Line.call("c1", item: item)),
                Line.responseDone(id, output: Line.call("c1", item: item)))
        }
        let replay = try SessionReplay(
            of: source(response("r1", item: "f1"), response("r2", item: "f2")), onReady: .answer("x"))
        #expect(
            replay.rows(.routerFunctionCallReady, fields: "response_id", "occurrence") == [
                "2.1 function_call.ready r1 -", "6.1 function_call.ready r2 2",
            ])
        #expect(replay.rows(.routerErrorRaised) == [])
    }

    @Test(
        "A call that is not run is reported",
        arguments: [
            (
                [Line.outputDone(Line.call("c1", status: "incomplete"), in: "r1"), Line.responseDone("r1")],
                "The call is incomplete, so it was not run."
            ),
            (
                [Line.argumentsDone("c1", in: "r1"), Line.responseDone("r1", "cancelled")],
                "The call's response ended with the status `cancelled`, so the call was not run."
            ),
            (
                [Line.responseDone("r1", "cancelled"), Line.outputDone(Line.call("c1"), in: "r1")],
                "The call's response ended with the status `cancelled`, so the call was not run."
            ),
            (
                [Line.outputAdded(Line.call("c1", "look", "", status: "in_progress"), in: "r1")],
                "The session ended before the call was complete, so the call was not run."
            ),
        ])
    func callThatIsNotRun_isReported(lines: [String], message: String) throws {
        let replay = try SessionReplay(of: lines.joined(separator: "\n"), onReady: .answer("x"))
        let errors = try replay.bodies(.routerErrorRaised, as: ErrorRaised.self)
        #expect(errors.map(\.message) == [message])
        #expect(errors.map(\.code) == ["not_run"])
        #expect(errors.map(\.errorClass) == [.benign])
        #expect(errors.map(\.callID) == ["c1"])
        #expect(errors.map(\.responseID) == ["r1"])
        #expect(errors.map(\.head.eventID) == ["s/error.raised/c1/not_run"])
    }

    @Test("A restored call of the history is not reported as a call that should have run")
    func restoredCall_isNotReported() throws {
        var replay = SessionReplay(Self.live, onReady: .answer("x"))
        try replay.feed(
            source(
                Line.event("conversation.item.added", #""item":"# + Line.call("call_0", item: "h1")),
                Line.outputItem("call_0"), Self.response("r1", "call_0", item: "f1")))
        #expect(replay.rows(.routerErrorRaised) == [])
        #expect(
            replay.sent == ["output call_0 x", "create rr_create_r1"], "a response's call of the same id is another one"
        )
    }

    @Test("The server's echo of the first answer does not stop the second call")
    func echoOfAnEarlierAnswer_isNoOtherExecutor() throws {
        var replay = SessionReplay(Self.live)
        try replay.feed(Self.response("r1", "call_0", item: "f1"))
        replay.complete("call_0", "first")
        try replay.feed(source(Line.responseCreated("r2"), Line.outputDone(Line.call("call_0", item: "f2"), in: "r2")))
        try replay.feed(source(Line.outputItem("call_0", "first"), Line.outputItem("call_0", "first")))
        replay.complete("call_0", "second")
        #expect(replay.sent == ["output call_0 first", "create rr_create_r1", "output call_0 second"])
        #expect(replay.rows(.routerErrorRaised) == [])
    }

    @Test("A recording's outputs belong to the occurrences that they answer")
    func recordedOutputs_areThoseOfTheirOccurrence() throws {
        var outputs = RecordedOutputs()
        outputs[session: 1, callID: "call_0", occurrence: 1] = "first"
        let one = try SessionReplay(
            of: Self.twice, SessionConfiguration(key: "s", recordedOutputs: outputs), onReady: .answer("new"))
        #expect(one.sent == ["output call_0 new", "create rr_create_r2"])
        #expect(
            one.rows(.routerFunctionCallDone, fields: "occurrence", "state", "output") == [
                "7.2 function_call.done 2 completed new", "3.2 function_call.done - replayed first",
            ])
        outputs[session: 1, callID: "call_0", occurrence: 2] = "second"
        let both = try SessionReplay(
            of: Self.twice, SessionConfiguration(key: "s", recordedOutputs: outputs), onReady: .answer("new"))
        #expect(both.sent == [])
        #expect(
            both.rows(.routerFunctionCallDone, fields: "output") == [
                "3.2 function_call.done first", "7.2 function_call.done second",
            ])
    }

    @Test("A client's line in a pipe answers the call that waits, not the next one of its id")
    func clientsLine_answersTheCallThatWaits() throws {
        let output = Line.client(
            #"{"type":"conversation.item.create","item":{"type":"function_call_output","call_id":"call_0","output":"late"}}"#
        )
        let replay = try SessionReplay(
            of: source(
                Self.response("r1", "call_0", item: "f1"), Line.responseCreated("r2"),
                Line.outputAdded(Line.call("call_0", "look", "", item: "f2"), in: "r2"), output,
                Line.outputDone(Line.call("call_0", item: "f2"), in: "r2"), Line.responseDone("r2")),
            onReady: .answer("new"))
        #expect(replay.rows(.routerFunctionCallReady, fields: "occurrence").count == 2)
    }

    @Test("A stalled turn after the second call has an id of its own")
    func stalledTurn_namesTheOccurrence() throws {
        var configuration = SessionConfiguration(key: "s")
        configuration.deadlines.stalledAfter = 2
        let lines = Self.twice.split(separator: "\n").enumerated().map { Line.at(Double($0 * 10), String($1)) }
        let replay = try SessionReplay(
            of: (lines + [Line.at(100, Line.event("ping"))]).joined(separator: "\n"), configuration)
        #expect(
            replay.rows(.routerTurnStalled, fields: "event_id", "call_id", "occurrence").map {
                $0.split(separator: " ").dropFirst(2).joined(separator: " ")
            } == ["s/turn.stalled/call_0 call_0 -", "s/turn.stalled/call_0#2 call_0 2"])
    }

    @Test("Of two calls with one call_id in one response the first is run, and the other one reported")
    func sameCallIDInOneResponse_isReported() throws {
        let output = ["1", "2"].map { Line.call("call_0", "look", #"{"order":\#($0)}"#, item: "f\($0)") }
        let replay = try SessionReplay(
            of: source(
                Line.responseCreated("r1"), Line.responseDone("r1", output: output.joined(separator: ","))),
            onReady: .answer("done"))
        #expect(
            replay.rows(.routerFunctionCallReady, fields: "item_id", "arguments") == [
                #"2.1 function_call.ready f1 {"order":1}"#
            ])
        #expect(
            replay.rows(.routerErrorRaised, fields: "class", "code", "call_id", "item_id")
                .map { $0.split(separator: " ").dropFirst().joined(separator: " ") }
                == ["error.raised benign repeated call_0 f2"])
    }

    @Test("A call without a call_id is reported, once")
    func callWithoutID_isReported() throws {
        let call = #"{"id":"f1","type":"function_call","status":"completed","name":"look","arguments":"{}"}"#
        let replay = try SessionReplay(
            of: source(
                Line.responseCreated("r1"), Line.outputDone(call, in: "r1"), Line.responseDone("r1", output: call)))
        #expect(
            replay.rows(.routerErrorRaised, fields: "class", "source", "code", "item_id", "response_id", "message") == [
                "2.1 error.raised benign function_call call_without_id f1 r1 The call has no `call_id`, so nobody can answer it, and it was not run."
            ])
    }

    @Test("The ids of a call are bounded")
    func idsOfACall_areBounded() throws {
        var replay = SessionReplay()
        try replay.feed(Line.responseCreated("r0"))
        for number in 0..<20_000 {
            try replay.feed(
                Line.event(
                    "response.function_call_arguments.done",
                    #""call_id":"c","item_id":"i","response_id":"r\#(number)","arguments":"{\"n\":\#(number)}""#))
        }
        replay.end()
        #expect(replay.rows(.routerFunctionCallReady, fields: "call_id").count == 1)
    }
}
