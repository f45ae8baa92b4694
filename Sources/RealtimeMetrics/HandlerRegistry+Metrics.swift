public import EventRouter

extension HandlerRegistry {
    /// Registers the handler type `metrics`. It has no options of its own.
    public mutating func registerMetrics() {
        register("metrics", "Turns, latency, tokens, calls and errors, in the summary of a run.", options: []) { _ in
            MetricsHandler()
        }
    }
}
