public import EventRouter

extension HandlerRegistry {
    /// Registers the handler type `metrics`.
    ///
    /// Options: `prices` (see ``PriceTable``), `sessions` (a file with a line for each session that ended) and `provider`.
    public mutating func registerMetrics() {
        register(
            "metrics", "Turns, latency, tokens, cost, calls and errors, in the summary of a run.",
            options: [MetricsKeys.prices, MetricsKeys.sessions, MetricsKeys.provider]
        ) { options in
            let prices = options.read(MetricsKeys.prices).map { PriceTable($0, options.diagnostics) }
            return MetricsHandler(
                prices: prices, sessions: options.outputPath(MetricsKeys.sessions),
                provider: options.read(MetricsKeys.provider), clock: options.clock)
        }
    }
}
