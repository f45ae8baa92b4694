public import ConfigSource
public import EventRouter

/// Exports all metrics as one text.
///
/// ## Contract
/// The handler calls `start(_:)` once, when it starts; an error there ends the start. The exporter may call `text` at
/// any time and from any thread, until `stop()` returns. The handler calls `stop()` once, after everything is measured;
/// an exporter that keeps a copy calls `text` there for the last time.
public protocol MetricsExporter: RecordWriter, Sendable {
    /// Starts exporting.
    ///
    /// - Parameter text: Returns the current metrics in Prometheus' text format.
    func start(_ text: @escaping @Sendable () -> String) async throws

    /// Starts as the successor of a running exporter, which runs until its own `stop()`. Takes over what only one of
    /// them can own, such as a port.
    ///
    /// - Parameters:
    ///   - predecessor: The running exporter, which may be of another type.
    ///   - text: Returns the current metrics in Prometheus' text format.
    func start(succeeding predecessor: any MetricsExporter, _ text: @escaping @Sendable () -> String) async throws

    /// Stops exporting.
    func stop() async
}

extension MetricsExporter {
    /// Starts without taking over anything.
    public func start(
        succeeding predecessor: any MetricsExporter, _ text: @escaping @Sendable () -> String
    ) async throws { try await start(text) }

    /// Does nothing: every error of this exporter reaches a caller.
    public func reportUnwritten(to records: UnwrittenRecords) {}
}

/// An option of the handler type `metrics` that adds an exporter: see `HandlerRegistry.registerMetrics(exporters:)`.
public struct MetricsExporterOption: Sendable {
    /// The option.
    public let key: any DeclaredKey
    /// Creates the exporter from the options. Returns nil if the option is absent, or invalid, which it also reports.
    public let make: @Sendable (inout HandlerOptions) -> (any MetricsExporter)?

    /// Creates an option from its key and the function that creates the exporter.
    public init(
        _ key: some DeclaredKey, _ make: @escaping @Sendable (inout HandlerOptions) -> (any MetricsExporter)?
    ) {
        self.key = key
        self.make = make
    }
}
