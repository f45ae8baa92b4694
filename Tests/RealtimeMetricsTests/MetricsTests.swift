import EventJSON
import EventRouter
import RealtimeEvents
import RealtimeMetrics
import RouterTesting
import Testing

@Suite struct MetricsTests {
    /// Three responses whose tokens are easy to add up by hand.
    private static let usages = [
        #"{"total_tokens": 150, "input_tokens": 100, "output_tokens": 50, "input_token_details": {"text_tokens": 40, "audio_tokens": 50, "cached_tokens": 30, "cached_tokens_details": {"text_tokens": 20, "audio_tokens": 0}}, "output_token_details": {"text_tokens": 10, "audio_tokens": 40}}"#,
        #"{"total_tokens": 7, "input_tokens": 5, "output_tokens": 2}"#,
        #"{"input_token_details": {"image_tokens": 9, "cached_tokens": 4}}"#,
    ]

    private static func response(_ number: Int, _ status: String = "completed", usage: String? = nil) -> String {
        let usage = usage.map { ", \"usage\": \($0)" } ?? ""
        return
            "{\"type\": \"response.done\", \"response\": {\"id\": \"r\(number)\", \"status\": \"\(status)\"\(usage)}}"
    }

    /// What a handler makes of a whole session.
    private func figures(_ lines: [String], _ sink: MemoryMetrics = MemoryMetrics()) async throws -> HandlerSummary {
        let meter = MetricsHandler(sinks: [sink])
        let table = try RouteTable(handlers: [HandlerBinding("meter", meter)], routes: [Route("all", to: ["meter"])])
        let router = Router(table, clock: ManualClock())
        try await router.start()
        let report = try await router.run(ScriptedSource(lines))
        await router.stop()
        return try #require(report.summaries.first).summary
    }

    /// What a handler makes of single events.
    private func measured(_ events: String...) async throws -> [Measurement] {
        let sink = MemoryMetrics()
        let session = RouterSession(key: "s") { _ in }
        for event in events {
            let delivery = EventDelivery(event: try RealtimeEvent(json: event), routes: ["r"], session: session)
            try await MetricsHandler(sinks: [sink]).handle(delivery)
        }
        return sink.measurements.elements
    }

    @Test func tokensAddUpToTheServersSums() async throws {
        let sink = MemoryMetrics()
        let lines = Self.usages.enumerated().map { Self.response($0, usage: $1) }
        let summary = try await figures(lines + [Self.response(3, "failed")], sink)
        #expect(
            summary.json.description
                == #"{"turns":0,"responses":{"completed":3,"failed":1},"#
                + #""tokens":{"total":166,"input":{"audio":50,"image":9,"text":40,"unspecified":15},"#
                + #""output":{"audio":40,"text":10,"unspecified":2},"cached":34},"#
                + #""function_calls":{},"interruptions":0,"errors":{"failed":1}}"#)
        #expect(
            summary.lines == [
                "turns      0", "responses  3 completed, 1 failed",
                "tokens     166: input 114 (audio 50, image 9, text 40, unspecified 15, of it cached 34)"
                    + ", output 52 (audio 40, text 10, unspecified 2)",
                "errors     1 failed",
            ])
        let cached = sink.measurements.elements.filter { $0.name == "realtime_cached_tokens_total" }
        #expect(
            cached.map(\.labels) == [["modality": "text"], ["modality": "unspecified"], ["modality": "unspecified"]])
        #expect(cached.map(\.value) == [20, 10, 4])
        #expect(Set(sink.measurements.elements.map(\.session)) == ["test"])
    }

    @Test(arguments: [
        #"{"input_tokens": -9223372036854775808, "input_token_details": {"text_tokens": 1}}"#,
        #"{"input_tokens": 9223372036854775807, "output_tokens": 9223372036854775807, "input_token_details": {"text_tokens": 1, "audio_tokens": 1e300}}"#,
        #"{"input_tokens": "many", "output_tokens": null, "input_token_details": [], "output_token_details": {"text_tokens": -5}}"#,
    ])
    func numbersOfTokensThatCannotBeAreNone(_ usage: String) async throws {
        let summary = try await figures((1...3).map { Self.response($0, usage: usage) })
        let text = summary.json["tokens"]?["input"]?["text"]?.int
        #expect(text == (usage.contains("\"text_tokens\": 1") ? 3 : nil))
        #expect(summary.json["tokens"]?["total"]?.int == text ?? 0)
    }

    @Test func aTurnsLatencyIsMeasuredWhereThereIsATime() async throws {
        let measured = try await measured(
            #"{"type": "router.turn.done", "latency_ms": 1250, "interrupted": true}"#,
            #"{"type": "router.turn.done"}"#)
        #expect(
            measured == [
                Measurement("realtime_turns_total", .counter, 1, labels: ["interrupted": "true"], session: "s"),
                Measurement("realtime_turn_latency_seconds", .histogram, 1.25, session: "s"),
                Measurement("realtime_turns_total", .counter, 1, labels: ["interrupted": "false"], session: "s"),
            ])
    }

    @Test func everyOtherEventHasItsFigures() async throws {
        let measured = try await measured(
            #"{"type": "router.response.done", "status": "incomplete", "reason": "content_filter", "first_output_ms": 300}"#,
            #"{"type": "router.function_call.done", "name": "f", "state": "timed_out", "ran_ms": 5000}"#,
            #"{"type": "router.response.interrupted"}"#,
            #"{"type": "router.error.raised", "class": "benign", "code": "c"}"#,
            #"{"type": "router.error.raised", "source": "server"}"#,
            #"{"type": "rate_limits.updated"}"#)
        #expect(
            measured == [
                Measurement(
                    "realtime_responses_total", .counter, 1,
                    labels: ["status": "incomplete", "reason": "content_filter"], session: "s"),
                Measurement("realtime_response_first_output_seconds", .histogram, 0.3, session: "s"),
                Measurement(
                    "realtime_function_calls_total", .counter, 1, labels: ["name": "f", "state": "timed_out"],
                    session: "s"),
                Measurement(
                    "realtime_function_call_duration_seconds", .histogram, 5, labels: ["name": "f"], session: "s"),
                Measurement("realtime_interruptions_total", .counter, 1, session: "s"),
                Measurement(
                    "realtime_errors_total", .counter, 1, labels: ["class": "benign", "code": "c"], session: "s"),
                Measurement(
                    "realtime_errors_total", .counter, 1, labels: ["class": "session", "code": "server"], session: "s"),
                Measurement(
                    "realtime_events_total", .counter, 1, labels: ["type": "rate_limits.updated"], session: "s"),
            ])
    }

    @Test func theSummaryTellsLatenciesByRank() {
        let summary = MetricsSummary()
        for milliseconds in 1...100 {
            summary.record(
                Measurement("realtime_turn_latency_seconds", .histogram, Double(milliseconds) / 100, session: "s"))
            summary.record(Measurement("realtime_turns_total", .counter, 1, session: "s"))
        }
        #expect(
            summary.summary.json["turn_latency_ms"]?.description == #"{"count":100,"p50":500,"p95":950,"max":1000}"#)
        #expect(summary.summary.lines[0] == "turns      100, latency 500 ms median, 950 ms p95")
    }

    @Test func anyMeasurementCanBeRecorded() {
        let summary = MetricsSummary()
        for value in [Double.nan, .infinity, -.infinity, 1e300, -1e300] {
            summary.record(Measurement("realtime_turn_latency_seconds", .histogram, value, session: "s"))
            summary.record(Measurement("realtime_interruptions_total", .counter, value, session: "s"))
            summary.record(
                Measurement(
                    "realtime_tokens_total", .counter, 1e300, labels: ["direction": "input", "modality": "text"],
                    session: "s"))
        }
        #expect(summary.summary.json["turn_latency_ms"] == nil)
        #expect(summary.summary.json["tokens"]?["input"]?["text"]?.int == 1 << 53)
    }

    @Test func theHandlerKeepsTheContract() async throws {
        let events = try MetricsHandler().interests.map { try RealtimeEvent(json: "{\"type\": \"\($0)\"}") }
        #expect(await HandlerContract.violations(events: events) { MetricsHandler() } == [])
    }
}
