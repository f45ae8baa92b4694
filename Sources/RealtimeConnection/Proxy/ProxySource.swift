public import EventRouter
import Logging
import NIOCore

/// A source between clients and a Realtime server: each client's session passes through unchanged, and is routed.
///
/// The server is dialled first, so that its refusal is the client's. Messages pass at once and in their order, whatever rules and handlers
/// do. At a shutdown new clients are refused, and sessions go on until they end or the shutdown's deadline passes.
public struct ProxySource: SessionSource {
    /// The address that it listens on.
    public var name: String { "proxy \(options.address):\(options.port)" }
    /// It opens sessions as clients come.
    public var isLive: Bool { true }

    private let options: ProxyOptions
    private let listening: @Sendable (String) -> Void

    /// Makes a source; nothing is opened before it runs.
    ///
    /// - Parameters:
    ///   - options: what it listens on, and where sessions go.
    ///   - listening: called with the address for clients, such as `ws://127.0.0.1:8080`, once it listens.
    public init(_ options: ProxyOptions, listening: @escaping @Sendable (String) -> Void = { _ in }) {
        self.options = options
        self.listening = listening
    }

    /// Serves clients until the task is cancelled and their sessions have ended.
    ///
    /// - Parameter context: the router that routes the sessions.
    /// - Throws: ``ServerFailure`` if it cannot listen, ``DialFailure`` if `HTTPS_PROXY` is no address.
    public func run(_ context: SourceContext) async throws {
        let threads = ConnectionThreads(count: ConnectionThreads.usual)
        do {
            let proxy = try ProxyServer(options, context, threads)
            let url = try await proxy.start()
            context.logger.notice("listening on \(url)", metadata: ["upstream": "\(options.upstreams[0].shown)"])
            listening(url)
            await Self.waitForCancellation()
            await proxy.drain()
            await threads.end()
        } catch {
            await threads.end()
            throw error
        }
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
