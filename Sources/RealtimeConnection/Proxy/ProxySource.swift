public import EventRouter
import HTTPService
import Logging
import NIOCore

/// A proxy source between clients and a Realtime server: each client's session passes through and is routed.
///
/// The proxy connects to the server before it answers the client, so that the client gets the server's refusal. It forwards messages
/// immediately and in order, independently of rules and handlers. At shutdown the proxy refuses new clients, and sessions continue until
/// they end or the shutdown's deadline passes.
public struct ProxySource: SessionSource {
    /// `proxy` and the address that the source listens on.
    public var name: String { "proxy \(options.address):\(options.port)" }
    /// Always true: it opens a session for each client.
    public var isLive: Bool { true }

    /// True in mode `act`.
    public var maySendClientEvents: Bool { options.mode == .act }
    /// One hour, the longest duration of a Realtime session.
    public var shutdownTimeout: Duration? { .seconds(3600) }

    private let options: ProxyOptions
    private let listening: @Sendable (String) -> Void

    /// Creates a source, which opens nothing before it runs.
    ///
    /// - Parameters:
    ///   - options: the listening address, the upstream servers, and the proxy's behaviour.
    ///   - listening: called once the source listens, with the address for clients, such as `ws://127.0.0.1:8080`.
    public init(_ options: ProxyOptions, listening: @escaping @Sendable (String) -> Void = { _ in }) {
        self.options = options
        self.listening = listening
    }

    /// Serves clients until the task is cancelled and their sessions have ended.
    ///
    /// - Parameter context: the router that routes the sessions.
    /// - Throws: ``ServerFailure`` if it cannot listen, ``DialFailure`` if `HTTPS_PROXY` is not an address.
    public func run(_ context: SourceContext) async throws {
        let readiness = Readiness.process.enter(name)
        defer { readiness.leave() }
        let health = try await startHealth(context)
        let threads = ConnectionThreads(count: ConnectionThreads.usual)
        var failure: (any Error)?
        do { try await serve(context, threads, readiness) } catch { failure = error }
        await threads.end()
        await health?.stop(within: .milliseconds(500))
        if let failure { throw failure }
    }

    private func serve(_ context: SourceContext, _ threads: ConnectionThreads, _ readiness: Readiness.Entry)
        async throws
    {
        let proxy = try ProxyServer(options, context, threads)
        let url = try await proxy.start()
        readiness.set(.ready)
        context.logger.notice("listening on \(url)", metadata: ["upstream": "\(options.upstreams[0].shown)"])
        listening(url)
        await Self.waitForCancellation()
        readiness.set(.draining)
        await proxy.drain()
    }

    private func startHealth(_ context: SourceContext) async throws -> HTTPService? {
        guard let health = options.health else { return nil }
        var limits = HTTPServiceOptions()
        limits.maximumBodyBytes = 0
        let service = HTTPService(
            address: health.address, port: health.port, routes: Readiness.process.routes, options: limits,
            logger: context.logger)
        try await service.start()
        return service
    }

    private static func waitForCancellation() async {
        let (stream, continuation) = AsyncStream<Void>.makeStream()
        await withTaskCancellationHandler {
            for await _ in stream {}
        } onCancel: {
            continuation.finish()
        }
    }
}
