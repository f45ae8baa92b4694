import EventRouter

// What the router itself does.
extension MetricFamily {
    static let router = [
        MetricFamily("realtime_events_total", .counter, "Events of the server by `type`."),
        MetricFamily(
            "realtime_routed_events_total", .counter, "Other events that a route sends to the meter, by `type`."),
        MetricFamily("realtime_router_derived_events_total", .counter, "Events that the router derived."),
        MetricFamily("realtime_router_undecodable_total", .counter, "Lines that are no events."),
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

    /// What the names of the figures begin with that sources count of their own.
    static let sourcePrefix = "realtime_router_source_"

    /// The family of a figure that a source counts of its own; nil for any other measurement.
    static func ofSource(_ measurement: Measurement) -> MetricFamily? {
        guard measurement.name.hasPrefix(sourcePrefix) else { return nil }
        return MetricFamily(
            measurement.name, measurement.kind, "A figure of a `source` of its own.",
            buckets: measurement.kind == .histogram ? SourceHistogram.bounds : [])
    }
}
