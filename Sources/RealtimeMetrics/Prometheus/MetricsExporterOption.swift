public import ConfigSource
public import EventRouter

/// An option of the handler type `metrics` that adds an exporter: see `HandlerRegistry.registerMetrics(exporters:)`.
public struct MetricsExporterOption: Sendable {
    /// The option.
    public let key: any DeclaredKey
    /// Makes the exporter; nil when the option is absent, or wrong, which is reported.
    public let make: @Sendable (inout HandlerOptions) -> (any MetricsExporter)?

    /// An option from its key and what it stands for.
    public init(
        _ key: some DeclaredKey, _ make: @escaping @Sendable (inout HandlerOptions) -> (any MetricsExporter)?
    ) {
        self.key = key
        self.make = make
    }
}
