import EventRouter
import MetricsTestKit
import RealtimeMetrics
import RouterTesting
import SwiftMetricsBridge
import Testing

@Suite struct SwiftMetricsSinkTests {
    private let backend = TestMetrics()

    @Test func counter_addsUp() throws {
        let sink = SwiftMetricsSink(factory: backend)
        for amount in [2.0, 0.5, 0.5] {
            sink.record(Measurement("tokens_total", .counter, amount, labels: ["b": "2", "a": "1"], session: "s"))
        }
        sink.record(Measurement("tokens_total", .counter, 7, labels: ["b": "3", "a": "1"], session: "s"))
        #expect(try backend.expectCounter("tokens_total", [("a", "1"), ("b", "2")]).totalValue == 3)
        #expect(try backend.expectCounter("tokens_total", [("a", "1"), ("b", "3")]).totalValue == 7)
    }

    @Test func gauge_hasItsLatestValue() throws {
        let sink = SwiftMetricsSink(factory: backend)
        for value in [5.0, 3.25] {
            sink.record(Measurement("remaining", .gauge, value, labels: ["name": "tokens"], session: "s"))
        }
        #expect(try backend.expectMeter("remaining", [("name", "tokens")]).values == [5, 3.25])
    }

    @Test func histogram_ofSecondsIsATimer_othersAreRecorders() throws {
        let sink = SwiftMetricsSink(factory: backend)
        sink.record(Measurement("wait_seconds", .histogram, 1.25, session: "s"))
        sink.record(Measurement("wait_seconds", .histogram, 0.5, count: 2, session: "s"))
        sink.record(Measurement("usage", .histogram, 120, session: "s"))
        #expect(try backend.expectTimer("wait_seconds").values == [1_250_000_000, 500_000_000, 500_000_000])
        #expect(try backend.expectRecorder("usage").values == [120])
    }

    @Test func session_reachesTheBackend() async throws {
        let meter = MetricsHandler(sinks: [SwiftMetricsSink(factory: backend)], clock: ManualClock())
        let table = try RouteTable(handlers: [HandlerBinding("meter", meter)], routes: [Route("all", to: ["meter"])])
        let router = Router(table, clock: ManualClock())
        try await router.start()
        _ = try await router.run(
            ScriptedSource([
                #"{"type": "session.created", "session": {"id": "s", "model": "m"}}"#,
                #"{"type": "response.done", "response": {"id": "r", "status": "completed", "usage": {"input_tokens": 9}}}"#,
                #"{"type": "error", "error": {"code": "c", "message": "m"}}"#,
            ]))
        await router.stop()
        let counter = { (name: String, labels: [(String, String)]) in
            try self.backend.expectCounter(name, labels).totalValue
        }
        #expect(try counter("realtime_responses_total", [("status", "completed")]) == 1)
        #expect(
            try counter("realtime_tokens_total", [("direction", "input"), ("modality", "unspecified")]) == 9)
        #expect(try counter("realtime_errors_total", [("class", "session"), ("code", "c")]) == 1)
        #expect(try counter("realtime_events_total", [("type", "response.done")]) == 1)
        #expect(try counter("realtime_router_matched_total", [("route", "all")]) == 4)
        #expect(try backend.expectMeter("realtime_sessions_active").lastValue == 0)
    }
}
