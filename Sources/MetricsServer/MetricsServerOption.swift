import ConfigSource
public import EventRouter
import HTTPService
public import Logging
import RealtimeMetrics

extension HandlerRegistry {
    /// Registers the handler type `metrics` again, with the option `http`, which starts an HTTP server for Prometheus.
    ///
    /// - Parameter logger: The logger for the server's warnings; by default, they are discarded.
    public mutating func registerMetricsServer(
        logger: Logger = Logger(label: "realtime-router.http", factory: { _ in SwiftLogNoOpLogHandler() })
    ) {
        noteProduct("MetricsServer")
        registerMetrics(exporters: [MetricsExporterOption(ServerKeys.http) { options in server(&options, logger) }])
    }
}

private func server(_ options: inout HandlerOptions, _ logger: Logger) -> (any MetricsExporter)? {
    guard var section = options.read(ServerKeys.http) else { return nil }
    let text = section.read(ServerKeys.address)
    let port = section.read(ServerKeys.port)
    section.finish()
    guard let address = IPAddress(text) else {
        section.error(
            "`address` must be an IP address such as `127.0.0.1` or `::1`, and this is `\(text)`",
            at: ServerKeys.address.name)
        return nil
    }
    return MetricsServer(address: address, port: UInt16(port), logger: logger)
}

/// The keys of the option `http`.
private enum ServerKeys {
    static let address = SectionKey.string(
        "address",
        "The IP address to listen on; `0.0.0.0` for all interfaces, so that other machines get the figures too."
    ).defaulting(to: "127.0.0.1")
    static let port = SectionKey.int("port", in: 1...65535, "The port.").defaulting(
        to: Int(MetricsServer.defaultPort))
    static let http = SectionKey.section(
        "http", SectionForm([address, port]),
        "Serves the figures at http://ADDRESS:PORT/metrics for Prometheus, while the router runs; `{}` for the defaults."
    )
}
