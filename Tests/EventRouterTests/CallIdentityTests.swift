import EventRouter
import RealtimeEvents
import RouterTesting
import ScratchFolders
import Testing

/// Calls that share a `call_id`.
@Suite(.timeLimit(.minutes(5))) struct CallIdentityTests {
    private static func call(in response: String, item: String) -> [String] {
        let call =
            #"{"id":"\#(item)","type":"function_call","status":"completed","name":"f","call_id":"call_0","arguments":"{}"}"#
        return [
            Wire.responseCreated(response),
            Wire.event("response.output_item.done", #""response_id":"\#(response)","item":\#(call)"#),
            Wire.responseDone(response),
        ]
    }

    private static let twice = call(in: "r1", item: "f1") + call(in: "r2", item: "f2")

    private func table(_ handler: any EventHandler, _ letters: any DeadLetterSink = MemoryDeadLetters()) throws
        -> RouteTable
    {
        try RouteTable(
            handlers: [HandlerBinding("calls", handler)], routes: [Route("calls", to: ["calls"])], deadLetters: letters)
    }

    @Test("A handler answers both calls separately")
    func reusedCallID_isAnsweredTwice() async throws {
        let outbound = MemoryOutbound()
        let calls = Answering { FunctionCallOutcome(of: $0, state: .completed, output: $0.responseID) }
        _ = try await run(Self.twice, try table(calls), outbound: outbound)
        #expect(
            outbound.events.elements.map(\.gist) == ["output call_0: r1", "create", "output call_0: r2", "create"])
    }

    @Test("A late answer reaches the call of its own session")
    func sessionsWithTheSameCallID_getTheirOwnAnswers() async throws {
        let outbound = MemoryOutbound()
        let done = MemoryHandler(interests: [.routerFunctionCallDone])
        let calls = Answering { call in
            // The second session's call is answered first.
            if call.head.session == "test" { _ = await done.deliveries.wait(for: 1) }
            return FunctionCallOutcome(callID: call.callID ?? "", state: .completed, output: call.head.session)
        }
        let sessions = ["one", "two"].map { Wire.event("session.created", #""session":{"id":"\#($0)"}"#) }
        // No response is created in the second session, since that would wait for the first one's call.
        let lines =
            [sessions[0]] + Self.call(in: "r1", item: "f1").dropFirst() + [sessions[1]]
            + Self.call(in: "r1", item: "f1").dropFirst()
        let table = try RouteTable(
            handlers: [HandlerBinding("calls", calls), HandlerBinding("done", done)],
            routes: [Route("calls", to: ["calls"]), Route("done", to: ["done"])])
        _ = try await run(lines, table, outbound: outbound)
        #expect(
            outbound.events.elements.map(\.gist) == [
                "output call_0: test", "create", "output call_0: test#2", "create",
            ])
    }

    @Test("A dead letter names the call by session, call_id and occurrence")
    func deadLetter_namesTheCall() async throws {
        struct NoLuck: Error {}
        let letters = MemoryDeadLetters()
        let handler = ClosureHandler(interests: [.routerFunctionCallReady]) { _ in throw NoLuck() }
        let session = Wire.event("session.created", #""session":{"id":"sess_1"}"#)
        _ = try await run([session] + Self.twice, try table(handler, letters))
        #expect(letters.letters.elements.map(\.call?.label) == ["call_0", "call_0#2"])
        #expect(letters.letters.elements.map(\.sessionID) == ["sess_1", "sess_1"])

        let folder = try ScratchFolder()
        let file = DeadLetterFile(path: folder.path + "/dead.jsonl", clock: ManualClock())
        try file.start()
        for letter in letters.letters.elements {
            var letter = letter
            letter.bytes = []
            file.record(letter)
        }
        file.stop()
        let begin = #"{"session":"test","session_id":"sess_1","time":"2026-01-01T00:00:00.000Z","call_id":"call_0","#
        let lines = folder.lines("dead.jsonl")
        #expect(lines.map { $0.hasPrefix(begin) } == [true, true])
        #expect(lines.map { $0.hasPrefix(begin + #""occurrence":2,"reason":"failed""#) } == [false, true])
    }

    @Test("A shutdown cancels every running call, including calls with the same id")
    func shutDown_cancelsBothCalls() async throws {
        let calls = SilentTaker()
        let outcomes = MemoryHandler(interests: [.routerFunctionCallDone])
        let table = try RouteTable(
            handlers: [HandlerBinding("calls", calls), HandlerBinding("outcomes", outcomes)],
            routes: [Route("calls", to: ["calls"]), Route("outcomes", to: ["outcomes"])])
        let source = ScriptedSource()
        let clock = ManualClock()
        let router = Router(table, clock: clock)
        try await router.start()
        async let report = router.run(source)
        for line in Self.twice { source.send(line) }
        _ = await calls.taken.wait(for: 2)
        async let end: Void = router.shutDown(within: .seconds(5))
        await clock.waitForSleepers()
        clock.advance(by: .seconds(5))
        await end
        _ = try await report
        await router.stop()
        let bodies = try outcomes.deliveries.elements.map { try $0.event.decode(FunctionCallOutcome.self) }
        #expect(bodies.map(\.state) == [.cancelled, .cancelled])
        #expect(bodies.map(\.occurrence) == [nil, 2])
    }
}

/// Takes calls and never answers them.
private struct SilentTaker: FunctionCallHandling {
    let interests: [EventType] = [.routerFunctionCallReady]
    let taken = Collected<Int>()

    func handle(_ delivery: EventDelivery) async throws { taken.append(delivery.event.position.line) }
}
