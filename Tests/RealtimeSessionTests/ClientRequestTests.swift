import EventJSON
import RealtimeEvents
import RealtimeSession
import Testing

/// A client that creates responses itself and has functions of its own, beside the router.
@Suite struct ClientRequestTests {
    private static let live = SessionConfiguration(key: "s", isInteractive: true)

    /// A client's `response.create`.
    private static func create(_ id: String? = nil, conversation: String? = nil, at seconds: Double = 0) -> String {
        let fields = [
            id.map { #""event_id":"\#($0)""# },
            conversation.map { #""response":{"conversation":"\#($0)","metadata":{"topic":"side"}}"# },
        ].compactMap(\.self)
        return Line.client(Line.event("response.create", fields.joined(separator: ",")), at: seconds)
    }

    /// A client's output for a call.
    private static func output(_ call: String, id: String? = nil, at seconds: Double = 0) -> String {
        let id = id.map { #""event_id":"\#($0)","# } ?? ""
        return Line.client(
            Line.event(
                "conversation.item.create",
                #"\#(id)"item":{"id":"o_\#(call)","type":"function_call_output","call_id":"\#(call)","output":"theirs"}"#
            ),
            at: seconds)
    }

    /// A response with one call for the client and one for the router, in either order.
    private static func sharedResponse(_ replay: inout SessionReplay, isClientFirst: Bool) throws {
        try replay.feed(Line.responseCreated("r1"))
        for isClients in [isClientFirst, !isClientFirst] {
            replay.onReady = isClients ? .decline : .take
            try replay.feed(Line.outputDone(Line.call(isClients ? "theirs" : "ours"), in: "r1"))
        }
        try replay.feed(Line.responseDone("r1"))
    }

    // MARK: Creates

    @Test("A create waits for the response that the client requested")
    func clientCreate_closesTheGate() throws {
        var replay = SessionReplay(Self.live)
        try replay.feed(source(Line.calls("r1", "c1"), Self.create("mine")))
        replay.complete("c1", "one")
        #expect(replay.sent == ["output c1 one"])
        try replay.feed(Line.responseCreated("r2"))
        #expect(replay.sent.count == 1)
        try replay.feed(Line.responseDone("r2"))
        #expect(replay.sent == ["output c1 one", "create rr_create_r1"])
    }

    @Test("A refused create of the client opens the gate", arguments: ["mine", nil] as [String?])
    func clientCreate_refused_opensTheGate(id: String?) throws {
        var replay = SessionReplay(Self.live)
        try replay.feed(source(Line.calls("r1", "c1"), Self.create(id)))
        replay.complete("c1", "one")
        try replay.feed(Line.error("invalid_value", of: "another"))
        #expect(replay.sent == ["output c1 one"])
        try replay.feed(Line.error("invalid_value", of: id))
        #expect(replay.sent == ["output c1 one", "create rr_create_r1"])
        #expect(replay.rows(.routerErrorRaised, fields: "class").count == 2)
    }

    @Test("An out-of-band create of the client does not close the gate")
    func clientCreate_outOfBand_leavesTheGateOpen() throws {
        var replay = SessionReplay(Self.live)
        try replay.feed(source(Line.calls("r1", "c1"), Self.create("side", conversation: "none")))
        replay.complete("c1", "one")
        #expect(replay.sent == ["output c1 one", "create rr_create_r1"])
    }

    @Test("An out-of-band response is not the one that the client requested")
    func clientCreate_outOfBandResponse_keepsTheGateClosed() throws {
        var replay = SessionReplay(Self.live)
        try replay.feed(source(Line.calls("r1", "c1"), Self.create("mine")))
        replay.complete("c1", "one")
        try replay.feed(
            source(Line.responseCreated("side", conversation: nil), Line.responseDone("side", conversation: nil)))
        #expect(replay.sent == ["output c1 one"])
    }

    @Test(
        "A client's create that the router's response outran is refused, and the router's is not sent again",
        arguments: ["mine", nil] as [String?])
    func clientCreate_overtaken_isNotTheRouters(id: String?) throws {
        var replay = SessionReplay(Self.live, onReady: .answer("one"))
        try replay.feed(
            source(
                Line.calls("r1", "c1"), Self.create(id), Line.responseCreated("r2"),
                Line.error("conversation_already_has_active_response", of: id), Line.responseDone("r2")))
        #expect(replay.sent == ["output c1 one", "create rr_create_r1"])
    }

    @Test("An event that the router sent does not count as the client's when it comes back")
    func ownEvents_passedBack_areNotTheClients() throws {
        var replay = SessionReplay(Self.live, onReady: .answer("one"))
        try replay.feed(
            source(
                Line.calls("r1", "c1"), Self.output("c1", id: "rr_output_c1"), Self.create("rr_create_r1"),
                Line.responseCreated("r2"), Line.outputItem("c1"), Line.responseDone("r2"), Line.calls("r3", "c3")))
        #expect(replay.sent == ["output c1 one", "create rr_create_r1", "output c3 one", "create rr_create_r3"])
        #expect(replay.rows(.routerErrorRaised, fields: "code") == [])
    }

    // MARK: Calls

    @Test("A create waits until the client has answered its call", arguments: [true, false])
    func clientCall_unanswered_closesTheGate(isClientSeen: Bool) throws {
        var replay = SessionReplay(Self.live, onReady: .decline)
        try replay.feed(Line.calls("r1", "theirs"))
        replay.onReady = .answer("two")
        try replay.feed(Line.calls("r2", "ours"))
        #expect(replay.sent == ["output ours two"])
        try replay.feed(isClientSeen ? Self.output("theirs") : Line.outputItem("theirs"))
        #expect(replay.sent == ["output ours two", "create rr_create_r2"])
    }

    @Test("A client that never answers its call delays a create for one minute")
    func clientCall_neverAnswered_opensTheGateAfterAMinute() throws {
        var replay = SessionReplay(Self.live, onReady: .decline)
        try replay.feed(
            Line.calls("r1", "theirs").split(separator: "\n").map { Line.at(1, String($0)) }.joined(separator: "\n"))
        #expect(replay.state.nextAlarm == 11, "the model says nothing; no create waits")
        replay.onReady = .answer("two")
        try replay.feed(
            Line.calls("r2", "ours").split(separator: "\n").map { Line.at(2, String($0)) }.joined(separator: "\n"))
        replay.advanceTime(to: 60.9)
        #expect(replay.sent == ["output ours two"])
        #expect(replay.state.nextAlarm == 61)
        replay.advanceTime(to: 61)
        #expect(replay.sent == ["output ours two", "create rr_create_r2"])
        #expect(replay.state.nextAlarm == 3301)
    }

    @Test("The client's answer to the router's call counts before the server shows it, once")
    func clientOutput_forTheRoutersCall_dropsTheRouters() throws {
        var replay = SessionReplay(Self.live)
        try replay.feed(source(Line.calls("r1", "c1"), Self.output("c1")))
        replay.complete("c1", "ours")
        try replay.feed(Line.outputItem("c1"))
        #expect(replay.sent == [])
        #expect(
            replay.rows(.routerErrorRaised, fields: "class", "source", "code", "call_id") == [
                "4.1 error.raised benign function_call answered_elsewhere c1"
            ])
    }

    @Test("Of two calls with one id, the client's output and its item answer the first")
    func clientOutput_andItsItem_areOneAnswer() throws {
        var replay = SessionReplay(Self.live)
        try replay.feed(
            source(
                Line.responseCreated("r1"), Line.outputDone(Line.call("c1", item: "a"), in: "r1"),
                Line.responseDone("r1"),
                Line.responseCreated("r2"), Line.outputDone(Line.call("c1", item: "b"), in: "r2"),
                Line.responseDone("r2")))
        try replay.feed(source(Self.output("c1"), Line.outputItem("c1")))
        replay.complete("c1", "second", occurrence: 2)
        #expect(replay.sent == ["output c1 second", "create rr_create_r2"])
    }

    // MARK: Responses with calls of both sides

    @Test(
        "The client asks for the continuation of a response with calls of both", arguments: [true, false],
        [true, false])
    func sharedResponse_outputBeforeTheClients_noCreate(isClientFirst: Bool, isClientSeen: Bool) throws {
        var replay = SessionReplay(Self.live)
        try Self.sharedResponse(&replay, isClientFirst: isClientFirst)
        replay.complete("ours", "one")
        try replay.feed(isClientSeen ? source(Self.output("theirs"), Self.create("mine")) : Line.outputItem("theirs"))
        try replay.feed(source(Line.responseCreated("r2"), Line.responseDone("r2")))
        #expect(replay.sent == ["output ours one"])
    }

    @Test(
        "An output that comes after the client's create was served needs a create of the router's",
        arguments: [true, false], [true, false])
    func sharedResponse_outputAfterTheClients_createsAResponse(isClientFirst: Bool, isClientSeen: Bool) throws {
        var replay = SessionReplay(Self.live)
        try Self.sharedResponse(&replay, isClientFirst: isClientFirst)
        try replay.feed(isClientSeen ? source(Self.output("theirs"), Self.create("mine")) : Line.outputItem("theirs"))
        try replay.feed(Line.responseCreated("r2"))
        replay.complete("ours", "one")
        #expect(replay.sent == ["output ours one"])
        try replay.feed(Line.responseDone("r2"))
        #expect(replay.sent == ["output ours one", "create rr_create_r1"])
    }

    @Test(
        "An output that overlaps the client's create needs one of the router's only if that is served",
        arguments: [true, false])
    func sharedResponse_outputWhileTheClientsCreateIsInFlight(isServed: Bool) throws {
        var replay = SessionReplay(Self.live)
        try Self.sharedResponse(&replay, isClientFirst: true)
        try replay.feed(source(Self.output("theirs"), Self.create("mine")))
        replay.complete("ours", "one")
        if isServed {
            try replay.feed(source(Line.responseCreated("r2"), Line.responseDone("r2")))
        } else {
            try replay.feed(Line.error("invalid_value", of: "mine"))
        }
        #expect(replay.sent == ["output ours one"] + (isServed ? ["create rr_create_r1"] : []))
    }

    @Test("A response that the client creates for another reason does not continue a call that it has not answered")
    func sharedResponse_clientsOtherCreate_isNoContinuation() throws {
        var replay = SessionReplay(Self.live)
        try Self.sharedResponse(&replay, isClientFirst: true)
        try replay.feed(source(Self.create("other"), Line.responseCreated("r2"), Line.responseDone("r2")))
        replay.complete("ours", "one")
        try replay.feed(
            source(Self.output("theirs"), Self.create("mine"), Line.responseCreated("r3"), Line.responseDone("r3")))
        #expect(replay.sent == ["output ours one"])
    }

    // MARK: Recordings

    @Test(
        "A recording whose client answered one of two calls has asked for the continuation", arguments: [true, false])
    func recording_sharedResponse_sendsOnlyTheOutput(isClientFirst: Bool) throws {
        var configuration = SessionConfiguration(key: "s", recordedOutputs: ["theirs": "x"])
        let calls = isClientFirst ? ["theirs", "ours"] : ["ours", "theirs"]
        let lines = source(
            Line.responseCreated("r1"), Line.outputDone(Line.call(calls[0]), in: "r1"),
            Line.outputDone(Line.call(calls[1]), in: "r1"), Line.responseDone("r1"), Self.output("theirs"),
            Self.create(),
            Line.responseCreated("r2"), Line.responseDone("r2"), Line.calls("r3", "alone"))
        #expect(
            try SessionReplay(of: lines, configuration, onReady: .answer("one")).sent == [
                "output ours one", "output alone one", "create rr_create_r3",
            ])
        configuration.rerunCalls = true
        #expect(
            try SessionReplay(of: lines, configuration, onReady: .answer("one")).sent == [
                "output \(calls[0]) one", "output \(calls[1]) one", "create rr_create_r1", "output alone one",
                "create rr_create_r3",
            ])
    }

    @Test("A handler's request waits for the response that a recording's client requested")
    func recording_clientCreate_closesTheGate() throws {
        var replay = SessionReplay()
        try replay.feed(source(Line.sessionCreated(), Self.create("mine")))
        replay.requestResponse()
        #expect(replay.sent == [])
        try replay.feed(source(Line.responseCreated("r1"), Line.responseDone("r1")))
        #expect(replay.sent == ["create rr_1"])
    }
}
