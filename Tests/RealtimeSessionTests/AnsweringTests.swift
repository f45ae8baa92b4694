import EventJSON
import RealtimeEvents
import RealtimeSession
import SeededNumbers
import Testing

@Suite struct AnsweringTests {
    private static let live = SessionConfiguration(key: "s", isInteractive: true)

    @Test("A recording's outputs keep their order, in whatever order the outcomes arrive", arguments: [false, true])
    func recordingOutputs_doNotDependOnOutcomeOrder(isShuffled: Bool) throws {
        var generator = SplitMix(seed: 7)
        let expected = (1...19).flatMap { ["output c\($0) o\($0)", "create rr_create_r\($0)"] }
        for _ in 0..<20 {
            var replay = SessionReplay()
            try replay.feed((1...19).map { Line.calls("r\($0)", "c\($0)") }.joined(separator: "\n"))
            let order = isShuffled ? (1...19).shuffled(using: &generator) : Array(1...19)
            for number in order { replay.complete("c\(number)", "o\(number)") }
            replay.end()
            #expect(replay.sent == expected)
        }
    }

    /// Outcomes may also come while the file is being read; the outbound events must not depend on it.
    @Test("A recording's outputs do not depend on when the outcomes arrive")
    func recordingOutputs_doNotDependOnOutcomeTime() throws {
        var generator = SplitMix(seed: 11)
        let lines = (1...6).map { Line.calls("r\($0)", "c\($0)a", "c\($0)b") }.flatMap { $0.split(separator: "\n") }
            .map(String.init)
        let whole = try SessionReplay(of: lines.joined(separator: "\n"), onReady: .answer("o")).sent
        #expect(whole.count == 18)
        for _ in 0..<50 {
            var replay = SessionReplay()
            var owed: [String] = []
            for (place, line) in lines.enumerated() {
                try replay.feed(line)
                let parts = place % 4
                if parts == 1 { owed.append("c\(place / 4 + 1)a") }
                if parts == 2 { owed.append("c\(place / 4 + 1)b") }
                while !owed.isEmpty, Bool.random(using: &generator) {
                    replay.complete(owed.remove(at: Int.random(in: owed.indices, using: &generator)), "o")
                }
            }
            replay.endOfSource()
            for callID in owed.shuffled(using: &generator) { replay.complete(callID, "o") }
            #expect(replay.sent == whole)
        }
    }

    @Test("Parallel calls of a response share one response.create")
    func parallelCalls_shareOneCreate() throws {
        var replay = SessionReplay(Self.live)
        try replay.feed(
            source(
                Line.responseCreated("r1"), Line.outputDone(Line.call("c1"), in: "r1"),
                Line.outputDone(Line.call("c2"), in: "r1")))
        replay.complete("c2", "two")
        #expect(replay.sent == ["output c2 two"], "an output goes out at once")
        try replay.feed(Line.responseDone("r1"))
        #expect(replay.sent.count == 1)
        replay.complete("c1", "one")
        #expect(replay.sent == ["output c2 two", "output c1 one", "create rr_create_r1"])
    }

    @Test("A create waits for the end of its response and of the active one")
    func create_waitsForItsAndTheActiveResponse() throws {
        var replay = SessionReplay(Self.live)
        try replay.feed(source(Line.responseCreated("r1"), Line.outputDone(Line.call("c1"), in: "r1")))
        replay.complete("c1", "one")
        #expect(replay.sent == ["output c1 one"])
        try replay.feed(source(Line.responseCreated("r2"), Line.responseDone("r1")))
        #expect(replay.sent == ["output c1 one"])
        try replay.feed(Line.responseDone("r2"))
        #expect(replay.sent == ["output c1 one", "create rr_create_r1"])
    }

    @Test("An out-of-band response blocks no create")
    func outOfBandResponse_blocksNoCreate() throws {
        var replay = SessionReplay(Self.live, onReady: .answer("one"))
        try replay.feed(source(Line.responseCreated("side", conversation: nil), Line.calls("r1", "c1")))
        #expect(replay.sent == ["output c1 one", "create rr_create_r1"])
    }

    @Test(
        "A refused create is sent again after the active response",
        arguments: ["rr_create_r1", nil] as [String?], ["conversation_already_has_active_response", nil] as [String?])
    func refusedCreate_isSentAgain(eventID: String?, code: String?) throws {
        var replay = SessionReplay(Self.live, onReady: .answer("one"))
        try replay.feed(source(Line.calls("r1", "c1")))
        let refusal = Line.error(code, "Conversation already has an active response", of: eventID)
        try replay.feed(source(Line.responseCreated("vad"), refusal))
        #expect(replay.sent == ["output c1 one", "create rr_create_r1"])
        try replay.feed(Line.responseDone("vad"))
        #expect(replay.sent == ["output c1 one", "create rr_create_r1", "create rr_create_r1_again"])
        try replay.feed(source(Line.responseCreated("r2"), Line.responseDone("r2")))
        #expect(replay.sent.count == 3)
    }

    @Test("An error about another event is no refusal")
    func unrelatedError_isNoRefusal() throws {
        var replay = SessionReplay(Self.live, onReady: .answer("one"))
        try replay.feed(
            source(Line.calls("r1", "c1"), Line.error("conversation_already_has_active_response", of: "mine")))
        try replay.feed(source(Line.responseCreated("r2"), Line.responseDone("r2")))
        #expect(replay.sent == ["output c1 one", "create rr_create_r1"])
    }

    @Test(
        "A response that did not complete gets its outputs and no create",
        arguments: ["cancelled", "failed", "incomplete"])
    func incompleteResponse_getsOutputsWithoutCreate(status: String) throws {
        for configuration in [Self.live, SessionConfiguration(key: "s")] {
            let replay = try SessionReplay(
                of: Line.calls("r1", "c1", status: status), configuration, onReady: .answer("one"))
            #expect(replay.sent == ["output c1 one"])
        }
    }

    @Test("A call that no handler takes delays nothing and gets no answer")
    func declinedCall_delaysNothing() throws {
        for configuration in [Self.live, SessionConfiguration(key: "s")] {
            let replay = try SessionReplay(of: Line.calls("r1", "c1"), configuration, onReady: .decline)
            #expect(replay.sent == [])
            var mixed = SessionReplay(configuration, onReady: .decline)
            try mixed.feed(source(Line.responseCreated("r1"), Line.outputDone(Line.call("c1"), in: "r1")))
            mixed.onReady = .answer("two")
            try mixed.feed(source(Line.outputDone(Line.call("c2"), in: "r1"), Line.responseDone("r1")))
            // In a live session the client answers the call that no handler took, and creates the next response.
            #expect(mixed.sent == ["output c2 two"] + (configuration.isInteractive ? [] : ["create rr_create_r1"]))
        }
    }

    @Test("Calls are declined when no route observes them")
    func unroutedCalls_areDeclined() throws {
        let configuration = SessionConfiguration(key: "s", isInteractive: true, observed: [])
        var replay = SessionReplay(configuration)
        try replay.feed(source(Line.calls("r1", "c1")))
        #expect(replay.derived.isEmpty && replay.state.outstandingCallCount == 0)
        replay.complete("c1", "late, but welcome")
        #expect(replay.sent == ["output c1 late, but welcome", "create rr_create_c1"])
    }

    @Test("An outcome without an output sends nothing")
    func outcomeWithoutOutput_sendsNothing() throws {
        var replay = SessionReplay()
        try replay.feed(source(Line.calls("r1", "c1"), Line.calls("r2", "c2")))
        replay.complete(FunctionCallOutcome(callID: "c1", state: .cancelled, output: nil))
        replay.complete("c2", "two")
        #expect(replay.sent == ["output c2 two", "create rr_create_r2"])
    }

    @Test("A call of a response that never ends is answered at the end of the source")
    func unfinishedResponse_isAnsweredAtTheEnd() throws {
        var replay = SessionReplay(onReady: .answer("o"))
        try replay.feed(
            source(
                Line.responseCreated("r1"), Line.outputDone(Line.call("c1"), in: "r1"),
                Line.argumentsDone("c2", in: "r1")))
        #expect(replay.sent == ["output c1 o"])
        replay.endOfSource()
        #expect(replay.sent == ["output c1 o", "output c2 o", "create rr_create_r1"])
    }

    @Test("A call that is ready after its response is answered")
    func lateCall_isAnswered() throws {
        for configuration in [Self.live, SessionConfiguration(key: "s")] {
            var replay = SessionReplay(configuration, onReady: .answer("o"))
            try replay.feed(
                source(
                    Line.responseCreated("r1"), Line.outputAdded(Line.call("c1", "look", ""), in: "r1"),
                    Line.responseDone("r1"), Line.outputDone(Line.call("c1"), in: "r1")))
            #expect(replay.sent == ["output c1 o", "create rr_create_r1"])
        }
    }

    @Test("Live rounds that are ready at the same time share one create")
    func liveRounds_readyTogether_shareOneCreate() throws {
        var replay = SessionReplay(Self.live)
        try replay.feed(source(Line.calls("r1", "c1"), Line.calls("r2", "c2"), Line.responseCreated("r3")))
        replay.complete("c2", "two")
        replay.complete("c1", "one")
        try replay.feed(Line.responseDone("r3"))
        #expect(replay.sent == ["output c2 two", "output c1 one", "create rr_create_r2"])
        try replay.feed(source(Line.responseCreated("r4"), Line.responseDone("r4")))
        #expect(replay.sent.count == 3)
    }

    @Test("Another executor's answer drops the router's")
    func otherExecutorsAnswer_dropsTheRouters() throws {
        var replay = SessionReplay(Self.live)
        try replay.feed(source(Line.calls("r1", "c1"), Line.outputItem("c1"), Line.outputItem("c1")))
        #expect(
            replay.rows(.routerErrorRaised, fields: "class", "source", "code", "call_id") == [
                "4.1 error.raised benign function_call answered_elsewhere c1"
            ])
        replay.complete("c1", "ours")
        #expect(replay.sent == [])
        #expect(replay.rows(.routerFunctionCallDone, fields: "state") == ["2.2 function_call.done completed"])
    }

    @Test("The server's echo of the router's output is no other executor")
    func ownEcho_isNoOtherExecutor() throws {
        var replay = SessionReplay(Self.live, onReady: .answer("ours"))
        try replay.feed(source(Line.calls("r1", "c1"), Line.outputItem("c1", "ours")))
        #expect(replay.rows(.routerErrorRaised, fields: "code") == [])
        #expect(replay.sent == ["output c1 ours", "create rr_create_r1"])
    }

    @Test("A call that another executor answered first is never ready")
    func callAnsweredElsewhere_isNeverReady() throws {
        var replay = SessionReplay(Self.live, onReady: .answer("ours"))
        try replay.feed(source(Line.argumentsDone("c1", in: "r1"), Line.outputItem("c1"), Line.responseDone("r1")))
        #expect(replay.rows(.routerFunctionCallReady, fields: "call_id") == [])
    }

    @Test("Requests that wait at the same time are served by one create")
    func waitingRequests_shareOneCreate() throws {
        var replay = SessionReplay(Self.live)
        try replay.feed(Line.responseCreated("r1"))
        replay.requestResponse()
        replay.send(.requestResponse())
        replay.send(.create(.message("Hello")))
        #expect(replay.sent == ["conversation.item.create"])
        try replay.feed(Line.responseDone("r1"))
        #expect(replay.sent == ["conversation.item.create", "create rr_2"])
        #expect(replay.outbound.map(\.eventID) == ["rr_1", "rr_2"])
        replay.requestResponse()
        #expect(replay.sent.count == 2, "the first is on its way")
    }

    @Test("A handler's own creates are sent unchanged and in order")
    func handlersCreates_areSentInOrder() throws {
        var replay = SessionReplay(Self.live)
        var parameters = ResponseParameters()
        parameters.instructions = "Be brief."
        try replay.feed(Line.responseCreated("r1"))
        replay.send(.requestResponse(parameters, eventID: "mine"))
        parameters.conversation = "none"
        replay.send(.requestResponse(parameters, eventID: "side"))
        #expect(replay.sent == ["create side"])
        try replay.feed(Line.responseDone("r1"))
        #expect(replay.sent == ["create side", "create mine"])
        #expect(replay.outbound[1].json["response"]?["instructions"]?.string == "Be brief.")
    }

    @Test("An output that a handler sends itself counts as the call's answer")
    func handlersOutput_isTheAnswer() throws {
        var replay = SessionReplay(Self.live)
        try replay.feed(Line.calls("r1", "c1"))
        replay.send(.functionCallOutput("by hand", callID: "c1"))
        replay.complete("c1", "twice")
        try replay.feed(Line.outputItem("c1", "by hand"))
        #expect(replay.sent == ["output c1 by hand"])
        #expect(replay.rows(.routerErrorRaised) == [])
    }

    @Test("Outbound events have the form that the protocol requires")
    func outboundEvents_followTheProtocol() throws {
        let replay = try SessionReplay(of: Line.calls("r1", "c1"), onReady: .answer("21 °C \"dry\""))
        #expect(
            replay.outbound.map { String(decoding: $0.jsonBytes, as: UTF8.self) } == [
                #"{"type":"conversation.item.create","event_id":"rr_output_c1","item":{"type":"function_call_output","#
                    + #""call_id":"c1","output":"21 °C \"dry\""}}"#,
                #"{"type":"response.create","event_id":"rr_create_r1"}"#,
            ])
    }
}
