public import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// An HTTP/1.1 server for a few small endpoints that untrusted clients may reach. Whatever clients do, it stays within
/// the limits of its ``HTTPServiceOptions`` and does not slow down the rest of the process.
///
/// ```swift
/// let service = HTTPService(port: 8080, routes: [
///     HTTPRoute("GET", "/health") { _ in HTTPResponse(text: "ok\n") }
/// ])
/// try await service.start()
/// ```
/// The service uses its own two threads and never Swift's cooperative pool: one reads and writes, the other runs the
/// handlers (see ``HTTPRoute/Handler``). A connection handles one request at a time, and reads no more bytes until that
/// request is answered. A request that exceeds a limit gets an error status and a short text. If accepting a connection
/// fails, the service logs the error, at most once a minute for each kind, and continues.
public final class HTTPService: Sendable {
    private struct Running {
        let port: UInt16
        let threads: ServiceThreads
        let parts: NIOLoopBound<(listener: Listener, table: ConnectionTable)>
    }

    private let address: IPAddress
    private let port: UInt16
    private let routes: [HTTPRoute]
    private let options: HTTPServiceOptions
    private let logger: Logger
    private let running = Mutex<Running?>(nil)

    /// Creates a service; opens nothing before ``start()``.
    ///
    /// - Parameters:
    ///   - address: The address to listen on; by default the loopback interface.
    ///   - port: The port; 0 for any free port.
    ///   - routes: The routes. If two routes have the same method and path, the first route answers.
    ///   - options: The limits.
    ///   - logger: The logger for warnings; by default, they are discarded.
    public init(
        address: IPAddress = .loopback, port: UInt16, routes: [HTTPRoute],
        options: HTTPServiceOptions = HTTPServiceOptions(),
        logger: Logger = Logger(label: "realtime-router.http", factory: { _ in SwiftLogNoOpLogHandler() })
    ) {
        self.address = address
        self.port = port
        self.routes = routes
        self.options = options
        self.logger = logger
    }

    /// The port on which the service listens; nil while it does not listen.
    public var listeningPort: UInt16? { running.withLock { $0?.port } }

    /// Starts listening and answering. A running service must be stopped before it is started again.
    ///
    /// - Throws: ``HTTPServiceError`` if the service cannot listen at the address and port.
    public func start() async throws {
        let threads = ServiceThreads()
        let (address, port, routes, options, logger) = (address, port, routes, options, logger)
        let network = threads.network
        do {
            let running = try await network.flatSubmit {
                let log = LimitedLog(logger, name: "http://\(address):\(port)")
                let handlers = HandlerRunner(
                    limit: options.maximumConcurrentRequests, loop: network, executor: threads.executor, log: log)
                let table = ConnectionTable(
                    options: options, routes: HTTPRoutes(routes), handlers: handlers, loop: network, log: log)
                let listener = Listener(
                    address: address, port: port, loop: network, children: network, log: log,
                    prepare: { Self.prepare($0, for: table, on: network) },
                    makeRoom: table.closeLongestWaiting)
                let parts = NIOLoopBound((listener: listener, table: table), eventLoop: network)
                do {
                    return try listener.open().map { Running(port: $0, threads: threads, parts: parts) }
                } catch {
                    return network.makeFailedFuture(error)
                }
            }.get()
            self.running.withLock { $0 = running }
        } catch {
            await threads.shutDown()
            throw HTTPServiceError("cannot listen on \(address):\(port): \(Self.reason(error))")
        }
    }

    /// Stops the service: accepts no more connections, closes those that wait for their clients, and waits until the
    /// deadline for the answers in progress. Then it closes all connections and cancels the handlers that are still
    /// running.
    ///
    /// Returns at the deadline at the latest; a handler that ignores its cancellation does not delay it. Does nothing
    /// if the service is not running.
    public func stop(within deadline: Duration = .seconds(1)) async {
        let ended = running.withLock { running in
            defer { running = nil }
            return running
        }
        guard let ended else { return }
        let parts = ended.parts
        let network = ended.threads.network
        let answered = network.flatSubmit {
            let stopped = parts.value.listener.close().and(parts.value.table.stop()).map { _, _ in }
            network.scheduleTask(in: TimeAmount(deadline)) { parts.value.table.closeAll() }
            return stopped
        }
        try? await answered.get()
        let threads = ended.threads
        let rest = network.submit {
            let handlers = parts.value.table.handlers
            return (isIdle: handlers.isIdle, idle: handlers.whenIdle())
        }
        guard let (isIdle, idle) = try? await rest.get() else { return }
        let end = Task {
            try? await idle.get()
            await threads.shutDown()
        }
        // A handler that ignores its cancellation keeps its thread running; `stop` does not wait for it.
        if isIdle { await end.value }
    }

    /// Configures accepted connections: bounded reads, and the channel handlers.
    private static func prepare(
        _ bootstrap: ServerBootstrap, for table: ConnectionTable, on network: any EventLoop
    ) -> ServerBootstrap {
        let bound = NIOLoopBound(table, eventLoop: network)
        return
            bootstrap
            .childChannelOption(.autoRead, value: false)
            .childChannelOption(.maxMessagesPerRead, value: 1)
            .childChannelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: 8 * 1024))
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelOption(.socketOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try addHandlers(to: channel, bound.value) }
            }
    }

    private static func addHandlers(to channel: any Channel, _ table: ConnectionTable) throws {
        let gate = RequestGate(table.options)
        let connection = HTTPConnection(table: table, gate: gate)
        gate.connection = connection
        var limits = NIOHTTPDecoderLimitConfiguration()
        limits.maxHeaderFieldSize = max(table.options.maximumRequestLineBytes, table.options.maximumHeaderBytes)
        limits.maxHeaderListSize = table.options.maximumRequestLineBytes + table.options.maximumHeaderBytes
        limits.maxHeaderFieldCount = table.options.maximumHeaderCount
        try channel.pipeline.syncOperations.addHandlers([
            gate, HTTPResponseEncoder(),
            ByteToMessageHandler(HTTPRequestDecoder(limitConfiguration: limits)),
            connection,
        ])
        try OpenFiles.keepFromChildren(channel)
    }

    private static func reason(_ error: any Error) -> String {
        if let error = error as? IOError { return String(cString: strerror(error.errnoCode)) }
        return "\(error)"
    }
}

/// The network thread and the handler thread of a service.
private struct ServiceThreads {
    let network: any EventLoop
    let executor: EventLoopTaskExecutor
    private let groups: [MultiThreadedEventLoopGroup]

    init() {
        let groups = (0..<2).map { _ in MultiThreadedEventLoopGroup(numberOfThreads: 1) }
        for group in groups { group.any().execute { PipeSignal.blockOnThisThread() } }
        self.groups = groups
        network = groups[0].any()
        executor = EventLoopTaskExecutor(groups[1].any())
    }

    func shutDown() async {
        for group in groups { try? await group.shutdownGracefully() }
    }
}

/// The error for an ``HTTPService`` that cannot start.
public struct HTTPServiceError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The address, the port and the reason, such as `cannot listen on 127.0.0.1:80: Permission denied`.
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}
