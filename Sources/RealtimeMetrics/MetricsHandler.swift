public import EventRouter
public import RealtimeEvents

/// Turns events into `Measurement`s and gives them to sinks.
///
/// What it measures:
///
/// | name | kind | labels |
/// |---|---|---|
/// | `realtime_turns_total` | counter | `interrupted` |
/// | `realtime_turn_latency_seconds` | histogram | |
/// | `realtime_responses_total` | counter | `status`, `reason` |
/// | `realtime_response_first_output_seconds` | histogram | |
/// | `realtime_tokens_total` | counter | `direction`, `modality` |
/// | `realtime_cached_tokens_total` | counter | `modality`; a part of the input tokens |
/// | `realtime_interruptions_total` | counter | |
/// | `realtime_function_calls_total` | counter | `name`, `state` |
/// | `realtime_function_call_duration_seconds` | histogram | `name` |
/// | `realtime_errors_total` | counter | `class`, `code` |
/// | `realtime_events_total` | counter | `type`: other events that a route sends here |
///
/// Times come from the recording or the connection; where it has none, they are not measured.
public struct MetricsHandler: EventHandler {
    private let sinks: [any MetricsSink]
    private let figures = MetricsSummary()

    /// Makes a handler.
    ///
    /// - Parameter sinks: where the measurements go, beside the handler's own summary.
    public init(sinks: [any MetricsSink] = []) {
        self.sinks = sinks
    }

    /// The derived events that the figures are made of.
    public var interests: [EventType] {
        [
            .routerTurnDone, .routerResponseDone, .routerResponseInterrupted, .routerFunctionCallDone,
            .routerErrorRaised,
        ]
    }

    /// The figures of all sessions so far.
    public var summary: HandlerSummary? { figures.summary }

    /// Measures the event.
    ///
    /// - Throws: `EventDecodingError` for an event whose body is no JSON object.
    public func handle(_ delivery: EventDelivery) async throws {
        for measurement in try MetricsReading.measurements(of: delivery.event, session: delivery.session.key) {
            figures.record(measurement)
            for sink in sinks { sink.record(measurement) }
        }
    }
}
