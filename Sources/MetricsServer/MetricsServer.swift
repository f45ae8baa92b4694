public import HTTPService
public import Logging
public import RealtimeMetrics
import Synchronization

/// Serves the metrics over HTTP for Prometheus (`GET /metrics`), and whether the process accepts work (`GET /healthz`
/// and `GET /readyz`).
///
/// By default, only this machine can connect. The metrics contain no words of a conversation, but names of functions,
/// routes and handlers.
///
/// Scrapes do not slow down routing, however many there are: the text is created on the service's own thread, at most
/// four times a second, and further requests get the same text.
public final class MetricsServer: MetricsExporter {
    /// The default port of OpenTelemetry's and many other Prometheus exporters.
    public static let defaultPort: UInt16 = 9464

    private let address: IPAddress
    private let port: UInt16
    private let logger: Logger
    private let endpoint = Mutex<MetricsEndpoint?>(nil)

    /// Creates the server; opens nothing before ``start(_:)``.
    ///
    /// - Parameters:
    ///   - address: The address to listen on; by default the loopback interface.
    ///   - port: The port; 0 for any free port.
    ///   - logger: The logger for warnings, for example about a lack of descriptors; by default, they are discarded.
    public init(
        address: IPAddress = .loopback, port: UInt16 = MetricsServer.defaultPort,
        logger: Logger = Logger(label: "realtime-router.http", factory: { _ in SwiftLogNoOpLogHandler() })
    ) {
        self.address = address
        self.port = port
        self.logger = logger
    }

    /// The port on which the server listens; nil while it does not listen.
    public var listeningPort: UInt16? { endpoint.withLock { $0?.service.listeningPort } }

    /// Starts listening and answering.
    ///
    /// - Throws: `HTTPServiceError` if the server cannot listen at the address and port.
    public func start(_ text: @escaping @Sendable () -> String) async throws {
        let endpoint = MetricsEndpoint(address, port, logger)
        endpoint.add(self, text)
        try await endpoint.service.start()
        self.endpoint.withLock { $0 = endpoint }
    }

    /// Takes over the listening socket of a predecessor with the same address and port; otherwise starts listening like
    /// ``start(_:)``.
    ///
    /// - Throws: The errors of ``start(_:)``.
    public func start(
        succeeding predecessor: any MetricsExporter, _ text: @escaping @Sendable () -> String
    ) async throws {
        guard let other = predecessor as? MetricsServer, other.address == address, other.port == port,
            let endpoint = other.endpoint.withLock({ $0 })
        else { return try await start(text) }
        endpoint.add(self, text)
        self.endpoint.withLock { $0 = endpoint }
    }

    /// Stops listening, unless a successor uses the socket. Requests in progress get their answers if those take less
    /// than half a second.
    public func stop() async {
        let ended = endpoint.withLock { endpoint in
            defer { endpoint = nil }
            return endpoint
        }
        guard let ended, ended.remove(self) else { return }
        await ended.service.stop(within: .milliseconds(500))
    }
}

/// A listening service, and the servers that share it. The newest server answers.
private final class MetricsEndpoint: Sendable {
    private struct User {
        let server: ObjectIdentifier
        let text: RecentText
    }

    let service: HTTPService
    private let users: UserList

    private final class UserList: Sendable {
        let list = Mutex<[User]>([])
    }

    init(_ address: IPAddress, _ port: UInt16, _ logger: Logger) {
        let users = UserList()
        self.users = users
        let route = HTTPRoute("GET", "/metrics") { _ in
            let text = users.list.withLock { $0.last?.text }
            return HTTPResponse(
                headers: ["Content-Type": "text/plain; version=0.0.4; charset=utf-8"], body: text?.bytes ?? [])
        }
        var options = HTTPServiceOptions()
        // A scrape has no body.
        options.maximumBodyBytes = 0
        options.maximumConcurrentRequests = 1
        service = HTTPService(
            address: address, port: port, routes: [route] + Readiness.process.routes, options: options, logger: logger)
    }

    func add(_ server: MetricsServer, _ text: @escaping @Sendable () -> String) {
        users.list.withLock { $0.append(User(server: ObjectIdentifier(server), text: RecentText(text))) }
    }

    /// Removes a server.
    ///
    /// - Returns: Whether no server is left.
    func remove(_ server: MetricsServer) -> Bool {
        users.list.withLock { list in
            list.removeAll { $0.server == ObjectIdentifier(server) }
            return list.isEmpty
        }
    }
}

/// A text that is recreated only if the last one is older than ``maximumAge``.
private final class RecentText: Sendable {
    private static let maximumAge = Duration.milliseconds(250)

    private let make: @Sendable () -> String
    private let last = Mutex<(bytes: [UInt8], madeAt: ContinuousClock.Instant)?>(nil)

    init(_ make: @escaping @Sendable () -> String) {
        self.make = make
    }

    var bytes: [UInt8] {
        last.withLock { last in
            let now = ContinuousClock.now
            if let last, now - last.madeAt < Self.maximumAge { return last.bytes }
            let bytes = Array(make().utf8)
            last = (bytes, now)
            return bytes
        }
    }
}
