import EventJSON
import EventRouter
import FunctionCalls
import RealtimeEvents
import RouterTesting
import ScratchFolders
import Testing

/// Function-call handlers that replace running ones.
@Suite(.timeLimit(.minutes(5))) struct ReplacingTests {
    private static func table(_ path: String, _ handler: FunctionCallHandler) throws -> RouteTable {
        try RouteTable(handlers: [HandlerBinding("tools", handler)], routes: [Route("calls", to: ["tools"])])
    }

    @Test("With a changed timeout, the new handler shares the locked journal, and a running call keeps the old timeout")
    func changedTimeout_takesOverTheJournal() async throws {
        let folder = try ScratchFolder()
        let path = "\(folder.path)/calls.jsonl"
        let gate = CallGate()
        let clock = ManualClock()
        func handler(_ timeout: Duration) -> FunctionCallHandler {
            let function = LocalFunction("f", timeout: timeout, executor: ClosureExecutor { _ in await gate.pass() })
            return FunctionCallHandler([function], journal: path, clock: clock)
        }
        let router = Router(try Self.table(path, handler(.seconds(10))), clock: clock)
        try await router.start()
        let source = ScriptedSource()
        let outbound = MemoryOutbound()
        async let report = router.run(source, outbound: outbound)
        source.send(Server.responseCreated("r1"))
        source.send(Server.call("c1", "f"))
        _ = await gate.begun.wait(for: 1)
        for seconds in 1...20 {
            try await router.replace(try Self.table(path, handler(.seconds(10 + seconds))))
        }
        source.send(Server.call("c2", "f"))
        _ = await gate.begun.wait(for: 2)
        await gate.open()
        source.send(Server.responseDone("r1"))
        _ = await outbound.events.wait(for: 3)
        source.end()
        #expect(try await report.handlers[0].counts == HandlerCounts(matched: 2, delivered: 2))
        await router.stop()
        let lines = try folder.lines("calls.jsonl").map { try JSONValue(parsing: $0) }
        let states = lines.map { "\($0["call_id"]?.string ?? "") \($0["state"]?.string ?? "")" }.sorted()
        #expect(states == ["c1 completed", "c1 started", "c2 completed", "c2 started"])
        // The journal is unlocked again.
        try await router.start()
        await router.stop()
    }

    @Test("Calls from before a replacement of the rules count for the caps")
    func caps_countOnOverAReplacement() async throws {
        let clock = ManualClock()
        func table(_ timeout: Duration) throws -> RouteTable {
            let function = LocalFunction("f", timeout: timeout, executor: swift { _ in FunctionCallResult("done") })
            return try RouteTable(
                handlers: [
                    HandlerBinding(
                        "tools", FunctionCallHandler([function], caps: CallCaps(perSession: 2), clock: clock))
                ],
                routes: [Route("calls", to: ["tools"])])
        }
        let router = Router(try table(.seconds(10)), clock: clock)
        try await router.start()
        let source = ScriptedSource()
        let outbound = MemoryOutbound()
        async let report = router.run(source, outbound: outbound)
        source.send(Server.responseCreated("r1"))
        for number in 1...3 {
            source.send(Server.call("c\(number)", "f"))
            _ = await outbound.events.wait(for: number)
            try await router.replace(try table(.seconds(10 + number)))
        }
        source.end()
        _ = try await report
        await router.stop()
        let answers = outbound.events.elements.prefix(3).map { $0.json["item"]?["output"]?.string ?? "" }
        #expect(answers.prefix(2) == ["done", "done"])
        #expect(answers[2] == #"{"error":"the limit of 2 calls in a session is reached (reference c3)"}"#)
    }

    @Test(
        "An order that ran, or runs, by earlier rules is not made again: `once` holds over a replacement",
        arguments: [true, false])
    func once_holdsOverAReplacement(hasEnded: Bool) async throws {
        let (gate, clock) = (CallGate(), ManualClock())
        let policy = FunctionPolicy(once: OnceRule(by: ["cart_id"], within: .seconds(3600)))
        func table(_ timeout: Duration) throws -> RouteTable {
            let executor = ClosureExecutor { _ in await gate.pass() }
            let function = LocalFunction("f", timeout: timeout, policy: policy, executor: executor)
            return try RouteTable(
                handlers: [HandlerBinding("tools", FunctionCallHandler([function], clock: clock))],
                routes: [Route("calls", to: ["tools"])])
        }
        let router = Router(try table(.seconds(10)), clock: clock)
        try await router.start()
        let source = ScriptedSource()
        let outbound = MemoryOutbound()
        async let report = router.run(source, outbound: outbound)
        source.send(Server.responseCreated("r1"))
        source.send(Server.call("c1", "f", ["cart_id": 7]))
        _ = await gate.begun.wait(for: 1)
        if hasEnded {
            await gate.open()
            _ = await outbound.events.wait(for: 1)
        }
        for seconds in 11...13 { try await router.replace(try table(.seconds(seconds))) }
        source.send(Server.call("c2", "f", ["cart_id": 7]))
        let answer = await outbound.events.wait(for: hasEnded ? 2 : 1).last?.json["item"]
        #expect(answer?["call_id"]?.string == "c2")
        #expect((answer?["output"]?.string == "done") == hasEnded)
        await gate.open()
        source.end()
        _ = try await report
        await router.stop()
        #expect(gate.begun.elements.count == 1)
    }
}

/// Holds calls until it is opened.
private actor CallGate {
    nonisolated let begun = Collected<Int>()
    private var isOpen = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    func pass() async -> FunctionCallResult {
        begun.append(1)
        if !isOpen { await withCheckedContinuation { waiting.append($0) } }
        return FunctionCallResult("done")
    }

    func open() {
        isOpen = true
        for continuation in waiting { continuation.resume() }
        waiting = []
    }
}
