import ConfigSource
import EventJSON
import EventRouter
import RealtimeEvents
import RouterTesting
import Synchronization
import Testing

/// Failures of the files that the router itself writes.
@Suite(.timeLimit(.minutes(5))) struct FailureTests {
    @Test func afterAFailureToSendNothingIsSentAndEverythingIsDelivered() async throws {
        let outbound = BrokenOutbound()
        let talker = ClosureHandler { delivery in
            for _ in 1...3 { delivery.session.send(.inputAudioBufferClear(InputAudioBufferClear())) }
        }
        let table = try RouteTable(
            handlers: [HandlerBinding("talker", talker, queue: QueuePolicy(capacity: 1))],
            routes: [Route("all", match: try pattern(#"{"type": [{"exists": true}]}"#), to: ["talker"])])
        let report = try await run((1...50).map { Wire.event("x\($0)") }, table, outbound: outbound)
        #expect(report.failure is BrokenOutbound.Closed)
        #expect(report.sent == 0)
        #expect(outbound.attempts.load(ordering: .relaxed) == 1)
        let counts = report.handlers[0].counts
        #expect(counts.delivered == counts.matched)
        #expect(counts.delivered >= report.events)
    }

    @Test("A client event that cannot be written to a file is counted, and the session continues")
    func outbound_thatCannotBeWritten_isCounted() async throws {
        let talker = ClosureHandler { $0.session.send(.inputAudioBufferClear(InputAudioBufferClear())) }
        let table = try RouteTable(
            handlers: [HandlerBinding("talker", talker)],
            routes: [Route("all", match: try pattern(#"{"type": ["x"]}"#), to: ["talker"])])
        let report = try await run([Wire.event("x"), Wire.event("x")], table, outbound: FullOutbound())
        #expect(report.failure == nil && report.sent == 0)
        #expect(report.unwritten.map { [$0.path, "\($0.records)", $0.error] } == [["out.jsonl", "2", "no room"]])
        #expect(report.json["unwritten"] == ["out.jsonl": ["records": 2, "error": "no room"]])
    }

    @Test("A handler's write error counts the deliveries that finally failed, not the attempts")
    func handler_throwingAWriteError_countsDeliveries() async throws {
        let attempts = Atomic<Int>(0)
        let handler = ClosureHandler { _ in
            let attempt = attempts.add(1, ordering: .relaxed).newValue
            // Two attempts at the first event fail, and one at the second.
            if attempt != 4 { throw FileFailure(path: "mine.txt", reason: "no room") }
        }
        let table = try RouteTable(
            handlers: [HandlerBinding("mine", handler, retry: RetryPolicy(attempts: 2, backoff: .zero))],
            routes: [Route("all", match: try pattern(#"{"type": ["x"]}"#), to: ["mine"])])
        let reported = Mutex<[UnwrittenFile]>([])
        let router = Router(table, reportUnwritten: { file in reported.withLock { $0.append(file) } })
        try await router.start()
        let report = try await router.run(ScriptedSource((1...2).map { _ in Wire.event("x") }))
        await router.stop()
        #expect(report.handlers[0].counts.deadLetters == 1 && report.handlers[0].counts.failed == 3)
        #expect(report.unwritten.map(\.records) == [1] && reported.withLock { $0 } == report.unwritten)
    }

    @Test func aHandlerThatRunsCallsMayNotRetry() throws {
        let error = #expect(throws: ConfigurationError.self) {
            try RouteTable(
                handlers: [HandlerBinding("calls", Answering(), retry: RetryPolicy(attempts: 2))],
                routes: [Route("calls", to: ["calls"])])
        }
        #expect(
            error?.description == """
                error: handler `calls` may not retry function calls: a call runs at most once
                   help: remove `retry` from this handler
                """)
    }

    @Test("A timeout of a handler of function calls is an error: a call that timed out could still be running")
    func timeout_ofFunctionCalls_isRefused() throws {
        let error = #expect(throws: ConfigurationError.self) {
            try RouteTable(
                handlers: [HandlerBinding("calls", Answering(), timeout: .seconds(5))],
                routes: [Route("calls", to: ["calls"])])
        }
        #expect(
            error?.description == """
                error: handler `calls` may not have a timeout: a call that is answered as late could still run
                   help: remove the timeout from this handler; each function has its own
                """)
    }

    #if os(Linux)
        @Test func recordsThatCannotBeKeptAreReported() async throws {
            let table = try RouteTable(
                handlers: [HandlerBinding("h", MemoryHandler())],
                routes: [Route("x", match: try pattern(#"{"type": ["x"]}"#), to: ["h"])],
                deadLetters: DeadLetterFile(path: "/dev/full"))
            let router = Router(table, clock: ManualClock(), log: try DispatchLogFile(path: "/dev/full"))
            try await router.start()
            let report = try await router.run(ScriptedSource(["not JSON", Wire.event("x")]))
            await router.stop()
            #expect(
                report.unwritten.map { [$0.path, "\($0.records)", $0.error] } == [
                    ["/dev/full", "2", "No space left on device"]
                ])
        }
    #endif
}

/// Writes to a full file.
private struct FullOutbound: OutboundSink {
    func send(_ event: ClientEvent) async throws { throw FileFailure(path: "out.jsonl", reason: "no room") }
}

/// Fails at the first event.
private final class BrokenOutbound: OutboundSink {
    struct Closed: Error {}
    let attempts = Atomic<Int>(0)

    func send(_ event: ClientEvent) async throws {
        attempts.add(1, ordering: .relaxed)
        throw Closed()
    }
}
