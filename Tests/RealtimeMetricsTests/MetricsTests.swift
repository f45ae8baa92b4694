import EventJSON
import EventRouter
import RealtimeEvents
import RealtimeMetrics
import RouterTesting
import Testing

@Suite struct MetricsTests {
    /// Three responses whose tokens are easy to sum by hand.
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

    /// The measurements of a whole session.
    private func figures(_ lines: [String], _ sink: MemoryMetrics = MemoryMetrics()) async throws -> HandlerSummary {
        let meter = MetricsHandler(sinks: [sink])
        let table = try RouteTable(handlers: [HandlerBinding("meter", meter)], routes: [Route("all", to: ["meter"])])
        let router = Router(table, clock: ManualClock())
        try await router.start()
        let report = try await router.run(ScriptedSource(lines))
        await router.stop()
        return try #require(report.summaries.first).summary
    }

    /// The measurements of single events.
    private func measured(_ events: String...) async throws -> [Measurement] {
        let sink = MemoryMetrics()
        let handler = MetricsHandler(sinks: [sink])
        let session = RouterSession(key: "s") { _ in }
        for event in events {
            let delivery = EventDelivery(event: try RealtimeEvent(json: event), routes: ["r"], session: session)
            try await handler.handle(delivery)
        }
        return sink.measurements.elements
    }

    @Test(arguments: [
        ("1e308", #"{"a":{"limit":1e+100}}"#), ("-1e308", #"{"a":{"limit":-1e+100}}"#), ("1e400", "nil"),
        ("1e30", #"{"a":{"limit":1e+30}}"#), ("-0.0005", #"{"a":{"limit":-0.001}}"#),
    ])
    func rateLimit_ofAnyNumber(_ number: String, _ told: String) async throws {
        let limits = #"[{"name": "a", "limit": \#(number)}]"#
        let summary = try await figures([#"{"type": "rate_limits.updated", "rate_limits": \#(limits)}"#])
        #expect(summary.json["rate_limits"].map(\.description) ?? "nil" == told)
    }

    /// A recording may contain times whose sum is infinite.
    @Test func speech_ofAnyLength() async throws {
        let lines = (0..<3).flatMap { number in
            [(-1e308, "started"), (1e307, "stopped")].map { at, what in
                #"{"at": \#(at), "direction": "server", "event": {"type": "output_audio_buffer.\#(what)", "response_id": "r\#(number)"}}"#
            }
        }
        #expect(try await figures(lines).json["speech_seconds"]?.description == #"{"assistant":1e+100}"#)
    }

    @Test func tokens_sumToTheServersTotals() async throws {
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
                "turns          0",
                "responses      4",
                "  completed    3  ████████████████",
                "  failed       1  █████▍",
                "tokens       166",
                "  input      114  ████████████████  audio 50, image 9, text 40, unspecified 15, of it cached 34",
                "  output      52  ███████▎          audio 40, text 10, unspecified 2",
                "errors         1",
                "  failed       1  ████████████████",
            ])
        let cached = sink.measurements.elements.filter { $0.name == "realtime_cached_tokens_total" }
        #expect(
            cached.map(\.labels) == [["modality": "text"], ["modality": "unspecified"], ["modality": "image"]])
        #expect(cached.map(\.value) == [20, 10, 4])
        #expect(
            Set(sink.measurements.elements.filter { $0.name == "realtime_tokens_total" }.map(\.session)) == ["test"])
    }

    @Test(arguments: [
        #"{"input_tokens": -9223372036854775808, "input_token_details": {"text_tokens": 1}}"#,
        #"{"input_tokens": 9223372036854775807, "output_tokens": 9223372036854775807, "input_token_details": {"text_tokens": 1, "audio_tokens": 1e300}}"#,
        #"{"input_tokens": "many", "output_tokens": null, "input_token_details": [], "output_token_details": {"text_tokens": -5}}"#,
    ])
    func tokens_impossibleNumbersCountAsZero(_ usage: String) async throws {
        let summary = try await figures((1...3).map { Self.response($0, usage: usage) })
        let text = summary.json["tokens"]?["input"]?["text"]?.int
        #expect(text == (usage.contains("\"text_tokens\": 1") ? 3 : nil))
        #expect(summary.json["tokens"]?["total"]?.int == text ?? 0)
    }

    @Test func latency_isMeasuredOnlyWithTimes() async throws {
        let measured = try await measured(
            #"{"type": "router.turn.done", "latency_ms": 1250, "latency_basis": "item", "latency_output": "audio", "first_token_ms": 900, "interrupted": true}"#,
            #"{"type": "router.turn.done"}"#)
        #expect(
            measured == [
                Measurement("realtime_turns_total", .counter, 1, labels: ["interrupted": "true"], session: "s"),
                Measurement(
                    "realtime_turn_latency_seconds", .histogram, 1.25, labels: ["basis": "item", "output": "audio"],
                    session: "s"),
                Measurement("realtime_turn_first_token_seconds", .histogram, 0.9, session: "s"),
                Measurement("realtime_turns_total", .counter, 1, labels: ["interrupted": "false"], session: "s"),
            ])
    }

    @Test(arguments: [
        (
            #"{"type": "router.response.done", "status": "incomplete", "reason": "content_filter", "first_output_ms": 300, "duration_ms": 2000}"#,
            [
                #"realtime_responses_total{reason="content_filter",status="incomplete"} 1.0"#,
                #"gen_ai_client_operation_duration_seconds{gen_ai_operation_name="chat",gen_ai_provider_name="openai"} 2.0"#,
                #"gen_ai_client_operation_time_to_first_chunk_seconds{gen_ai_operation_name="chat",gen_ai_provider_name="openai"} 0.3"#,
            ]
        ),
        (
            #"{"type": "router.function_call.done", "name": "f", "state": "timed_out", "ran_ms": 5000}"#,
            [
                #"realtime_function_calls_total{name="f",state="timed_out"} 1.0"#,
                #"gen_ai_execute_tool_duration_seconds{error_type="timed_out",gen_ai_operation_name="execute_tool",gen_ai_tool_name="f"} 5.0"#,
            ]
        ),
        (
            #"{"type": "router.response.interrupted", "reason": "turn_detected"}"#,
            [#"realtime_interruptions_total{reason="turn_detected"} 1.0"#]
        ),
        (
            #"{"type": "router.error.raised", "class": "benign", "code": "c"}"#,
            [#"realtime_errors_total{class="benign",code="c"} 1.0"#]
        ),
        (
            #"{"type": "router.error.raised", "source": "server"}"#,
            [#"realtime_errors_total{class="session",code="server"} 1.0"#]
        ),
        (
            #"{"type": "router.session.ended", "reason": "expired", "unheard": true}"#,
            [#"realtime_sessions_total{reason="expired",unheard="true"} 1.0"#]
        ),
        (
            #"{"type": "rate_limits.updated", "rate_limits": [{"name": "tokens", "limit": 100, "remaining": 60, "reset_seconds": 0.5}, {"limit": null}]}"#,
            [
                #"realtime_rate_limit{name="tokens"} 100.0"#, #"realtime_rate_limit_remaining{name="tokens"} 60.0"#,
                #"realtime_rate_limit_reset_seconds{name="tokens"} 0.5"#,
            ]
        ),
        (#"{"type": "response.done"}"#, [#"realtime_routed_events_total{type="response.done"} 1.0"#]),
    ])
    func everyOtherEventHasItsFigures(event: String, figures: [String]) async throws {
        #expect(try await measured(event).map(Self.line) == figures)
    }

    @Test(arguments: [
        (
            #"{"type": "rate_limits.updated", "rate_limits": [5, {"name": 7, "limit": "many", "remaining": 3, "reset_seconds": null}]}"#,
            [#"realtime_rate_limit_remaining{name="unknown"} 3.0"#]
        ),
        (#"{"type": "rate_limits.updated", "rate_limits": {"name": "tokens", "limit": 1}}"#, []),
        (
            #"{"type": "router.response.done", "status": 5, "reason": [], "usage": "none", "duration_ms": "long"}"#,
            [#"realtime_responses_total{status="unknown"} 1.0"#]
        ),
        (
            #"{"type": "conversation.item.input_audio_transcription.completed", "usage": {"type": 1, "input_tokens": "5", "input_token_details": {"audio_tokens": 4, "text_tokens": true}}}"#,
            [#"realtime_transcription_tokens_total{direction="input",modality="audio"} 4.0"#]
        ),
        (
            #"{"type": "conversation.item.input_audio_transcription.completed", "usage": {"type": "duration", "seconds": "5"}}"#,
            []
        ),
    ])
    func wrongType_isNotMeasured(event: String, figures: [String]) async throws {
        #expect(try await measured(event).map(Self.line) == figures)
    }

    @Test func model_isKnownUntilAnotherIsNamed() async throws {
        let response = #"{"type": "router.response.done", "duration_ms": 1}"#
        let measured = try await measured(
            response, #"{"type": "session.created", "session": {"model": "a", "tools": [{"model": "t"}]}}"#, response,
            #"{"type": "session.updated", "session": {"model": 5, "audio": []}}"#, response,
            #"{"type": "session.updated", "session": {"model": "b"}}"#, response)
        let durations = measured.filter { $0.name == "gen_ai_client_operation_duration_seconds" }
        #expect(durations.map { $0.labels["gen_ai_request_model"] } == [nil, "a", "a", "b"])
    }

    /// A measurement as one line.
    private static func line(_ measurement: Measurement) -> String {
        let labels = measurement.labels.map { "\($0.name)=\"\($0.value)\"" }
        return measurement.name + (labels.isEmpty ? "" : "{\(labels.joined(separator: ","))}") + " \(measurement.value)"
    }

    @Test func label_hasAtMostFiftyValues() async throws {
        let sink = MemoryMetrics()
        let handler = MetricsHandler(sinks: [sink])
        let session = RouterSession(key: "s") { _ in }
        for number in 1...60 {
            let name = "f\(number)\\u001b" + String(repeating: "x", count: 200)
            let event = #"{"type": "router.function_call.done", "name": "\#(name)", "state": "completed"}"#
            try await handler.handle(
                EventDelivery(event: try RealtimeEvent(json: event), routes: ["r"], session: session))
        }
        let names = sink.measurements.elements.compactMap { $0.labels["name"] }
        #expect(Set(names).count == 51)
        #expect(names[0] == "f1 " + String(repeating: "x", count: 97) + "…")
        #expect(names.filter { $0 == "other" }.count == 10)
    }

    @Test func summary_showsLatencyPercentiles() {
        let summary = MetricsSummary()
        for milliseconds in 1...100 {
            summary.record(
                Measurement("realtime_turn_latency_seconds", .histogram, Double(milliseconds) / 100, session: "s"))
            summary.record(Measurement("realtime_turns_total", .counter, 1, session: "s"))
        }
        #expect(
            summary.summary.json["turn_latency_ms"]?.description == #"{"count":100,"p50":500,"p95":950,"max":1000}"#)
        #expect(
            summary.summary.lines == [
                "turns        100  latency 500 ms median, 950 ms p95",
                "  to 250 ms   25  ████████████████", "  to 500 ms   25  ████████████████",
                "  to 750 ms   25  ████████████████", "  to 1.0 s    25  ████████████████", "responses      0",
                "tokens         0",
            ])
    }

    @Test func summary_acceptsAnyMeasurement() {
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

    @Test func handler_keepsTheContract() async throws {
        let events = try MetricsHandler().interests.map { try RealtimeEvent(json: "{\"type\": \"\($0)\"}") }
        #expect(await HandlerContract.violations(events: events) { MetricsHandler() } == [])
    }
}
