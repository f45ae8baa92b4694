public import EventRouter

/// A metric: its name, what it means, and how its values are put together.
///
/// Names of OpenTelemetry's conventions for generative AI stand as Prometheus writes them: `gen_ai.client.operation.duration` in
/// seconds is `gen_ai_client_operation_duration_seconds`, and its attribute `gen_ai.request.model` is the label
/// `gen_ai_request_model`.
public struct MetricFamily: Sendable, Hashable {
    /// The name, with its unit at the end.
    public let name: String
    /// How values are put together.
    public let kind: Measurement.Kind
    /// What it means, in a sentence.
    public let help: String
    /// The upper bounds of a histogram's buckets, ascending; empty for other kinds.
    public let buckets: [Double]

    init(_ name: String, _ kind: Measurement.Kind, _ help: String, buckets: [Double] = []) {
        self.name = name
        self.kind = kind
        self.help = help
        self.buckets = buckets
    }

    /// All that ``MetricsHandler`` measures, but for what sources of your own count: `realtime_router_source_…`.
    public static let all = turns + responses + usage + calls + sessions + router + sources
}
