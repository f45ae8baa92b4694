import EventRouter
import RealtimeEvents
import RouterTesting
import Testing

/// Live sessions whose client creates responses and has its own functions.
@Suite(.timeLimit(.minutes(5))) struct ClientRequestTests {
    private static let create = #"{"type": "response.create", "event_id": "theirs_1"}"#
    private static let sideCreate =
        #"{"type": "response.create", "event_id": "theirs_2", "response": {"conversation": "none"}}"#
    private static let output =
        #"{"type": "conversation.item.create", "item": {"type": "function_call_output", "call_id": "theirs", "output": "x"}}"#
    private static let refusal = Wire.event(
        "error", #""error": {"type": "invalid_request_error", "code": "invalid_value", "event_id": "theirs_1"}"#)

    /// A response that calls the client's function and the router's.
    private static func sharedResponse(isClientFirst: Bool) -> [String] {
        let calls = [Wire.call("theirs", in: "r1", name: "theirs"), Wire.call("ours", in: "r1", name: "ours")]
        return [Wire.responseCreated("r1")] + (isClientFirst ? calls : calls.reversed()) + [Wire.responseDone("r1")]
    }

    @Test(
        "The router's response.create waits for the response that the client requested while the function was running")
    func clientCreate_closesTheGate() async throws {
        let bench = try await Bench()
        await bench.serve(Wire.calling(["ours"], in: "r1", name: "ours"))
        await bench.send([Self.create])
        await bench.answer()
        #expect(bench.sent == ["output ours: ok"])
        await bench.serve([Wire.responseCreated("r2")])
        #expect(bench.sent == ["output ours: ok"])
        await bench.serve([Wire.responseDone("r2")])
        #expect(bench.sent == ["output ours: ok", "create"])
        try await bench.end()
    }

    @Test("A client's response.create that the server refuses does not block the router's")
    func clientCreate_refused_opensTheGate() async throws {
        let bench = try await Bench()
        await bench.serve(Wire.calling(["ours"], in: "r1", name: "ours"))
        await bench.send([Self.create])
        await bench.answer()
        #expect(bench.sent == ["output ours: ok"])
        await bench.serve([Self.refusal])
        #expect(bench.sent == ["output ours: ok", "create"])
        try await bench.end()
    }

    @Test("A client's out-of-band response.create does not block the router's")
    func clientCreate_outOfBand_leavesTheGateOpen() async throws {
        let bench = try await Bench()
        await bench.serve(Wire.calling(["ours"], in: "r1", name: "ours"))
        await bench.send([Self.sideCreate])
        await bench.answer()
        #expect(bench.sent == ["output ours: ok", "create"])
        try await bench.end()
    }

    @Test("The client continues a response with calls of both sides", arguments: [true, false])
    func sharedResponse_outputBeforeTheClients_sendsOnlyTheOutput(isClientFirst: Bool) async throws {
        let bench = try await Bench()
        await bench.serve(Self.sharedResponse(isClientFirst: isClientFirst))
        await bench.answer()
        await bench.send([Self.output, Self.create])
        await bench.serve([Wire.responseCreated("r2"), Wire.responseDone("r2")])
        #expect(bench.sent == ["output ours: ok"])
        try await bench.end()
    }

    @Test(
        "An output after the response to the client's request is followed by a response.create",
        arguments: [true, false])
    func sharedResponse_outputAfterTheClients_createsAResponse(isClientFirst: Bool) async throws {
        let bench = try await Bench()
        await bench.serve(Self.sharedResponse(isClientFirst: isClientFirst))
        await bench.send([Self.output, Self.create])
        await bench.serve([Wire.responseCreated("r2")])
        await bench.answer()
        #expect(bench.sent == ["output ours: ok"])
        await bench.serve([Wire.responseDone("r2")])
        #expect(bench.sent == ["output ours: ok", "create"])
        try await bench.end()
    }

    @Test("A client's answer to the router's call is reported, and the router's own answer is dropped")
    func clientOutput_forTheRoutersCall_dropsTheRouters() async throws {
        let bench = try await Bench()
        await bench.serve([
            Wire.responseCreated("r1"), Wire.call("theirs", in: "r1", name: "ours"), Wire.responseDone("r1"),
        ])
        await bench.send([Self.output])
        await bench.answer(isSent: false)
        #expect(bench.sent == [])
        try await bench.end()
        #expect(
            try bench.errors.deliveries.elements.map { try $0.event.decode(ErrorRaised.self).code } == [
                "answered_elsewhere"
            ])
    }
}

/// A live session with one function, `ours`, which answers when the test says so.
private struct Bench {
    let errors = MemoryHandler(interests: [.routerErrorRaised])
    private let pings = MemoryHandler(interests: [EventType("ping")])
    private let outcomes = MemoryHandler(interests: [.routerFunctionCallDone])
    private let latch: Latch
    private let outbound: MemoryOutbound
    private let source: ScriptedSource
    private let router: Router
    private let running: Task<RunReport, any Error>

    init() async throws {
        let (latch, outbound, source) = (Latch(), MemoryOutbound(), ScriptedSource())
        let calls = Answering { call in
            await latch.wait()
            return FunctionCallOutcome(done: call)
        }
        let table = try RouteTable(
            handlers: [
                HandlerBinding("calls", calls), HandlerBinding("errors", errors), HandlerBinding("pings", pings),
                HandlerBinding("outcomes", outcomes),
            ],
            routes: [
                Route(
                    "calls", match: try pattern(#"{"type": ["router.function_call.ready"], "name": ["ours"]}"#),
                    to: ["calls"]),
                Route("rest", to: ["errors", "pings", "outcomes"]),
            ])
        let router = Router(table, clock: ManualClock())
        (self.latch, self.outbound, self.source, self.router) = (latch, outbound, source, router)
        try await router.start()
        running = Task { try await router.run(source, outbound: outbound) }
    }

    /// The client events that were sent to the server.
    var sent: [String] { outbound.events.elements.map(\.gist) }

    /// Sends server events, and waits until they are routed.
    func serve(_ events: [String]) async {
        for event in events { source.send(event) }
        await settle()
    }

    /// Sends client messages, and waits until they are processed.
    func send(_ messages: [String]) async {
        for message in messages { source.send(#"{"direction": "client", "event": \#(message)}"#) }
        await settle()
    }

    /// Makes the function answer.
    func answer(isSent: Bool = true) async {
        let count = outbound.events.elements.count
        await latch.open()
        if isSent { _ = await outbound.events.wait(for: count + 1) }
        _ = await outcomes.deliveries.wait(for: 1)
        await settle()
    }

    func end() async throws {
        source.end()
        _ = try await running.value
        await router.stop()
    }

    private func settle() async {
        let count = pings.deliveries.elements.count
        source.send(Wire.event("ping"))
        _ = await pings.deliveries.wait(for: count + 1)
    }
}

/// Makes tasks wait until it is opened.
private actor Latch {
    private var isOpen = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    func wait() async {
        if !isOpen { await withCheckedContinuation { waiting.append($0) } }
    }

    func open() {
        isOpen = true
        for continuation in waiting { continuation.resume() }
        waiting = []
    }
}
