public import HTTPService
public import Logging
import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A WebSocket server: `ws://`, or `wss://` with a certificate.
///
/// A client must send its complete request within ``WebSocketLimits/handshakeTimeout``, or it is refused. The answer follows within
/// ``WebSocketLimits/answerTimeout``.
public final class WebSocketServer: Sendable {
    /// A function that answers a handshake or a plain HTTP request; see ``HandshakeRequest/fault``. It may suspend; its task is cancelled
    /// after ``WebSocketLimits/answerTimeout``.
    public typealias Answering = HandshakeAnswer.Giving

    private let address: IPAddress
    private let port: UInt16
    private let certificate: ServerCertificate?
    private let threads: ConnectionThreads
    private let limits: WebSocketLimits
    private let maximumConnections: Int
    private let sharesPort: Bool
    private let logger: Logger
    private let answer: Answering
    private let connections = Mutex(0)
    private let running = Mutex<(listener: NIOLoopBound<Listener>, loop: any EventLoop, port: UInt16)?>(nil)

    /// Creates a server, which opens nothing before ``start()``.
    ///
    /// - Parameters:
    ///   - address: the address to listen on.
    ///   - port: the port; 0 for any free port.
    ///   - certificate: for `wss://`; nil for `ws://`.
    ///   - threads: the threads that read and write its connections.
    ///   - limits: the limits of each connection.
    ///   - maximumConnections: the maximum number of concurrent connections; further ones get a 503 response.
    ///   - sharesPort: whether other processes of the same user may listen on the same port. The system spreads the connections over them.
    ///   - logger: the logger for warnings.
    ///   - answer: answers each request.
    public init(
        address: IPAddress = .loopback, port: UInt16, certificate: ServerCertificate? = nil, threads: ConnectionThreads,
        limits: WebSocketLimits = WebSocketLimits(), maximumConnections: Int = 10_000, sharesPort: Bool = false,
        logger: Logger,
        answer: @escaping Answering
    ) {
        self.address = address
        self.port = port
        self.certificate = certificate
        self.threads = threads
        self.limits = limits
        self.maximumConnections = maximumConnections
        self.sharesPort = sharesPort
        self.logger = logger
        self.answer = answer
    }

    /// The port that the server listens on; nil while it does not listen.
    public var listeningPort: UInt16? { running.withLock { $0?.port } }

    /// The address that clients connect to, such as `ws://127.0.0.1:8080`; nil while the server does not listen.
    public var url: String? {
        listeningPort.map { "\(certificate == nil ? "ws" : "wss")://\(address):\($0)" }
    }

    /// Starts listening.
    ///
    /// - Throws: ``ServerFailure`` if the server cannot listen on the address and port, or the certificate is unusable.
    public func start() async throws {
        let logger = logger
        let tls = try certificate.map { certificate throws(ServerFailure) in
            try ReloadingCertificate(certificate, logger: logger)
        }
        let loop = threads.next()
        let name = "\(address):\(port)"
        do {
            let started = try await loop.flatSubmit { [self] in
                let listener = Listener(
                    address: address, port: port, loop: loop, children: threads.group,
                    log: LimitedLog(logger, name: name), prepare: { self.prepare($0, tls) }, makeRoom: { false })
                let bound = NIOLoopBound(listener, eventLoop: loop)
                do { return try listener.open().map { (bound, $0) } } catch { return loop.makeFailedFuture(error) }
            }.get()
            running.withLock { $0 = (started.0, loop, started.1) }
        } catch {
            throw ServerFailure("cannot listen on \(name): \(NetworkError.text(of: error))")
        }
    }

    /// Stops accepting connections. Open connections continue.
    public func stop() async {
        let ended = running.withLock { running in
            defer { running = nil }
            return running
        }
        guard let ended else { return }
        try? await ended.loop.flatSubmit { ended.listener.value.close() }.get()
    }

    private static let reusePort = ChannelOptions.socket(
        SocketOptionLevel(SOL_SOCKET), SocketOptionName(SO_REUSEPORT))

    private func prepare(_ bootstrap: ServerBootstrap, _ tls: ReloadingCertificate?) -> ServerBootstrap {
        (sharesPort ? bootstrap.serverChannelOption(Self.reusePort, value: 1) : bootstrap)
            .childChannelOption(.socketOption(.tcp_nodelay), value: 1)
            .childChannelOption(.writeBufferWaterMark, value: limits.waterMark)
            .childChannelInitializer { [self] channel in
                channel.eventLoop.makeCompletedFuture { try accept(channel, tls) }
            }
    }

    private func accept(_ channel: any Channel, _ tls: ReloadingCertificate?) throws {
        try OpenFiles.keepFromChildren(channel)
        let count = connections.withLock { count in
            count += 1
            return count
        }
        channel.closeFuture.whenComplete { [self] _ in connections.withLock { $0 -= 1 } }
        let pipeline = channel.pipeline.syncOperations
        if let tls { try pipeline.addHandler(NIOSSLServerHandler(context: tls.context)) }
        try ServerHandshake.add(to: pipeline, limits: limits, isAdmitted: count <= maximumConnections, answer: answer)
    }
}
