public import ConfigSource
public import EventRouter

/// A way out for all figures as one text.
///
/// ## Contract
/// `start(_:)` is called once, when the handler starts; what it throws ends the start. `text` may be called at any time, from any thread,
/// until `stop()`, which is called once when everything is measured: an exporter that keeps a copy takes it there for the last time.
public protocol MetricsExporter: RecordWriter, Sendable {
    /// Begins to give the figures out.
    ///
    /// - Parameter text: gives the figures as of now, in Prometheus' text format.
    func start(_ text: @escaping @Sendable () -> String) async throws

    /// Begins in the place of an exporter that runs and goes on until it is ended; takes over what only one can have, such as a port.
    ///
    /// - Parameters:
    ///   - predecessor: the exporter, which may be of another type.
    ///   - text: gives the figures as of now, in Prometheus' text format.
    func start(succeeding predecessor: any MetricsExporter, _ text: @escaping @Sendable () -> String) async throws

    /// Ends it.
    func stop() async
}

extension MetricsExporter {
    /// Nothing is taken over.
    public func start(
        succeeding predecessor: any MetricsExporter, _ text: @escaping @Sendable () -> String
    ) async throws { try await start(text) }

    /// No records are written without a caller that learns of it.
    public func reportUnwritten(to records: UnwrittenRecords) {}
}

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
