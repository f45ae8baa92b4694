import ConfigSource
import EventRouter
import RealtimeEvents
import RouterTesting
import Synchronization
import Testing

/// What happens when the places fail to which the router itself writes.
@Suite(.timeLimit(.minutes(1))) struct FailureTests {
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
                report.unwritten == [
                    "dead letters were lost: cannot write /dev/full: No space left on device",
                    "records of deliveries were lost: cannot write /dev/full: No space left on device",
                ])
        }
    #endif
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
