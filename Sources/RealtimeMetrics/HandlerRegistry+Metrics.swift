public import EventRouter

extension HandlerRegistry {
    /// Registers the handler type `metrics`. It has no options of its own.
    public mutating func registerMetrics() {
        register("metrics") { _ in MetricsHandler() }
    }
}
