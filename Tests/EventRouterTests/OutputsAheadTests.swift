import EventRouter
import RealtimeEvents
import RouterTesting
import Synchronization
import Testing

/// Reading a recording ahead for the client's function call outputs.
struct OutputsAheadTests {
    /// A recording that counts the times it is read ahead.
    private final class Recording: EventSource {
        let key = "s"
        let name = "recording"
        let isInteractive = false
        let answersInEnvelopes = true
        let timesAsked = Mutex(0)
        private let lines: SessionLines

        init(_ lines: [String]) { self.lines = SessionLines(lines, key: key, name: name) }

        func recordedOutputs() async throws -> RecordedOutputs {
            timesAsked.withLock { $0 += 1 }
            return try await lines.recordedOutputs()
        }

        func nextBatch() async throws -> EventBatch? { try await lines.nextBatch() }
    }

    private func table(_ taken: MemoryHandler, _ done: MemoryHandler) throws -> RouteTable {
        try RouteTable(
            handlers: [HandlerBinding("taken", taken), HandlerBinding("done", done)],
            routes: [Route("taken", to: ["taken"]), Route("done", to: ["done"])])
    }

    private func run(_ lines: [String]) async throws -> (asked: Int, ready: [String], done: [String]) {
        let ready = MemoryHandler(interests: [.routerFunctionCallReady])
        let done = MemoryHandler(interests: [.routerFunctionCallDone])
        let source = Recording(lines)
        let router = Router(try table(ready, done))
        try await router.start()
        let report = try await router.run(source)
        await router.stop()
        #expect(report.failure == nil)
        return (source.timesAsked.withLock { $0 }, ready.types, done.types)
    }

    private let output =
        #"{"direction":"client","event":{"type":"conversation.item.create","item":{"type":"function_call_output","call_id":"c1","output":"12 degrees"}}}"#

    @Test func eventsThatStandAloneAreNotReadAhead() async throws {
        let (asked, ready, done) = try await run(Wire.calling(["c1"], in: "r1"))
        #expect(asked == 0)
        #expect(ready == ["router.function_call.ready"])
        #expect(done == [])
    }

    @Test func theFirstEnvelopeIsReadAheadOf() async throws {
        let wrapped = Wire.calling(["c1"], in: "r1").map { #"{"direction":"server","event":\#($0)}"# }
        let (asked, ready, done) = try await run(wrapped + [output])
        #expect(asked == 1)
        #expect(ready == ["router.function_call.ready"])
        #expect(done == ["router.function_call.done"])
    }

    @Test func envelopesBehindEventsThatStandAloneAreReadAheadToo() async throws {
        let envelope = #"{"direction":"server","event":{"type":"rate_limits.updated"}}"#
        let (asked, ready, done) = try await run([envelope] + Wire.calling(["c1"], in: "r1") + [output])
        #expect(asked == 1)
        #expect(ready == ["router.function_call.ready"])
        #expect(done == ["router.function_call.done"])
    }
}
