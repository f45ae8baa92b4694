public import EventRouter

/// A metric: its name, its meaning and its kind.
///
/// Names from OpenTelemetry's conventions for generative AI are written in Prometheus' form:
/// `gen_ai.client.operation.duration` in seconds is `gen_ai_client_operation_duration_seconds`, and its attribute
/// `gen_ai.request.model` is the label `gen_ai_request_model`.
public struct MetricFamily: Sendable, Hashable {
    /// The name, which ends with the unit.
    public let name: String
    /// The kind, which determines how values are combined.
    public let kind: Measurement.Kind
    /// The meaning, in a sentence.
    public let help: String
    /// The upper bounds of a histogram's buckets, ascending; empty for other kinds.
    public let buckets: [Double]

    init(_ name: String, _ kind: Measurement.Kind, _ help: String, buckets: [Double] = []) {
        self.name = name
        self.kind = kind
        self.help = help
        self.buckets = buckets
    }

    /// All metrics of ``MetricsHandler``, except those that your own sources count: `realtime_router_source_…`.
    public static let all = turns + responses + usage + calls + sessions + router + sources
}

// The metrics of sessions.
extension MetricFamily {
    /// Bucket bounds for times that a person waits, in seconds.
    private static let waiting = [0.1, 0.25, 0.5, 0.75, 1, 1.5, 2, 3, 5, 10, 30]
    /// Bucket bounds for an operation's duration in seconds, from OpenTelemetry's conventions.
    private static let operation = [
        0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92,
    ]
    /// Bucket bounds for the time to the first chunk in seconds, from OpenTelemetry's conventions.
    private static let firstChunk = [
        0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10,
    ]
    /// Bucket bounds for tokens, from OpenTelemetry's conventions.
    private static let tokens = (0...13).map { Double(1 << (2 * $0)) }

    static let turns = [
        MetricFamily("realtime_turns_total", .counter, "Turns: the user spoke and was answered; by `interrupted`."),
        MetricFamily(
            "realtime_turn_latency_seconds", .histogram,
            "From the end of the user's words (`basis`) to the first of the answer (`output`).", buckets: waiting),
        MetricFamily(
            "realtime_turn_first_token_seconds", .histogram,
            "From the end of the user's words to the first words or sound of the answer, whichever came first.",
            buckets: waiting),
        MetricFamily("realtime_interruptions_total", .counter, "Responses that were cut off, by `reason`."),
        MetricFamily(
            "realtime_turns_stalled_total", .counter,
            "Turns in which the user waited and nothing came, `after` speech or a function call."),
        MetricFamily(
            "realtime_speech_seconds_total", .counter,
            "Speech by `role`: the user's as detected, the assistant's as its audio came or was played."),
    ]

    static let responses = [
        MetricFamily("realtime_responses_total", .counter, "Responses by `status` and `reason`."),
        MetricFamily(
            "gen_ai_client_operation_duration_seconds", .histogram,
            "Duration of responses, from their creation to their end.", buckets: operation),
        MetricFamily(
            "gen_ai_client_operation_time_to_first_chunk_seconds", .histogram,
            "From the creation of a response to its first words or sound.", buckets: firstChunk),
        MetricFamily("realtime_errors_total", .counter, "Errors from every channel, by `class` and `code`."),
        MetricFamily("realtime_rate_limit", .gauge, "The rate limit of the server, by `name`."),
        MetricFamily("realtime_rate_limit_remaining", .gauge, "What remains of the rate limit, by `name`."),
        MetricFamily(
            "realtime_rate_limit_reset_seconds", .gauge,
            "Time until the whole rate limit is available again, by `name`."),
    ]

    static let usage = [
        MetricFamily(
            "gen_ai_client_token_usage", .histogram, "Tokens of a response, by `gen_ai_token_type`.", buckets: tokens),
        MetricFamily("realtime_tokens_total", .counter, "Tokens of responses, by `direction` and `modality`."),
        MetricFamily(
            "realtime_cached_tokens_total", .counter, "Input tokens that came from the cache: a part of the input."),
        MetricFamily(
            "realtime_transcription_tokens_total", .counter, "Tokens of transcriptions, by `direction` and `modality`."),
        MetricFamily(
            "realtime_transcription_seconds_total", .counter, "Audio that was transcribed and is billed by time."),
        MetricFamily(
            "realtime_cost_dollars_total", .counter,
            "Cost by the price table, by `kind` and model, of what has a price."),
        MetricFamily(
            "realtime_unpriced_total", .counter, "Responses and transcriptions that have no price in the table."),
    ]

    static let calls = [
        MetricFamily("realtime_function_calls_total", .counter, "Function calls by `name` and `state`."),
        MetricFamily(
            "gen_ai_execute_tool_duration_seconds", .histogram, "How long function calls ran.", buckets: operation),
    ]

    static let sessions = [
        MetricFamily(
            "realtime_sessions_total", .counter,
            "Sessions that ended, by `reason`; `unheard` where the user spoke and nothing was to transcribe it."),
        MetricFamily("realtime_sessions_expiring_total", .counter, "Sessions that the server was about to end."),
        MetricFamily("realtime_sessions_active", .gauge, "Sessions that are being routed."),
    ]
}

// The metrics of the router itself.
extension MetricFamily {
    static let router = [
        MetricFamily("realtime_events_total", .counter, "Events of the server by `type`."),
        MetricFamily(
            "realtime_routed_events_total", .counter,
            "Other events that a route sends to the `metrics` handler, by `type`."),
        MetricFamily("realtime_router_derived_events_total", .counter, "Events that the router derived."),
        MetricFamily("realtime_router_undecodable_total", .counter, "Lines that are not events."),
        MetricFamily("realtime_router_unmatched_total", .counter, "Events of the server that no route took."),
        MetricFamily("realtime_router_matched_total", .counter, "Events that a `route` took."),
        MetricFamily(
            "realtime_router_deliveries_total", .counter,
            "Deliveries to a `handler` by `outcome`: delivered, dropped, dead_letter."),
        MetricFamily("realtime_router_failed_attempts_total", .counter, "Attempts of a `handler` that failed."),
        MetricFamily(
            "realtime_router_queue_depth", .gauge, "Deliveries that wait for a `handler` or are being handled."),
        MetricFamily(
            "realtime_router_handling_seconds", .histogram, "How long a `handler` takes for a delivery.",
            buckets: HandlingTimes.bounds),
    ]

    static let sources = [
        MetricFamily("realtime_router_source_sessions", .gauge, "Sessions that are being routed, by `source`."),
        MetricFamily(
            "realtime_router_source_reconnects_total", .counter,
            "Connections of a `source` that were lost and made again."),
    ]

    /// The prefix of the names of metrics that sources count themselves.
    static let sourcePrefix = "realtime_router_source_"

    /// The metric that a source counts itself; nil for any other measurement.
    static func ofSource(_ measurement: Measurement) -> MetricFamily? {
        guard measurement.name.hasPrefix(sourcePrefix) else { return nil }
        return MetricFamily(
            measurement.name, measurement.kind, "A metric that a `source` counts itself.",
            buckets: measurement.kind == .histogram ? SourceHistogram.bounds : [])
    }
}
