import ConfigSource
public import EventRouter

extension HandlerRegistry {
    /// Registers the handler type `metrics`.
    ///
    /// Options: `prices` (see ``PriceTable``), `sessions` (a file with a line for each session that ended), `prometheus` and `interval`
    /// (see ``PrometheusFile``), `provider`.
    ///
    /// - Parameter exporters: further options, each of which adds an exporter.
    public mutating func registerMetrics(exporters: [MetricsExporterOption] = []) {
        let own: [any DeclaredKey] = [
            MetricsKeys.prices, MetricsKeys.sessions, MetricsKeys.prometheus, MetricsKeys.interval,
            MetricsKeys.provider,
        ]
        register(
            "metrics", "Turns, latency, tokens, cost, calls and errors, in the summary of a run and for Prometheus.",
            options: own + exporters.map(\.key)
        ) { options in
            let interval = options.read(MetricsKeys.interval)
            let file = options.outputPath(MetricsKeys.prometheus).map {
                PrometheusFile(path: $0, interval: interval, clock: options.clock)
            }
            let ways: [any MetricsExporter] =
                ([file] as [(any MetricsExporter)?]).compactMap { $0 } + exporters.compactMap { $0.make(&options) }
            let prices = options.read(MetricsKeys.prices).map { PriceTable($0, options.diagnostics) }
            return MetricsHandler(
                exporters: ways, prices: prices, sessions: options.outputPath(MetricsKeys.sessions),
                provider: options.read(MetricsKeys.provider), clock: options.clock)
        }
    }
}
