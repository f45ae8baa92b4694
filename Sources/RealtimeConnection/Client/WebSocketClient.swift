import NIOCore
import NIOPosix
import NIOSSL

/// Opens WebSocket connections to servers: `wss://` and `ws://`, through an HTTP proxy where the environment names one.
///
/// Frames that come right behind the server's answer are not lost, no extension is offered, and redirects are not followed.
public struct WebSocketClient: Sendable {
    private let threads: ConnectionThreads
    private let trust: TrustRoots
    private let proxy: OutboundProxy?
    private let limits: WebSocketLimits

    /// Makes a client; nothing is opened.
    ///
    /// - Parameters:
    ///   - threads: where its connections are read and written.
    ///   - trust: the authorities that may have signed a server's certificate.
    ///   - proxy: the proxy for hosts that it holds for.
    ///   - limits: the limits of each connection.
    public init(
        threads: ConnectionThreads, trust: TrustRoots = .system, proxy: OutboundProxy? = nil,
        limits: WebSocketLimits = WebSocketLimits()
    ) {
        self.threads = threads
        self.trust = trust
        self.proxy = proxy
        self.limits = limits
    }

    /// Opens a connection. The receiver gets its messages from the first one on.
    ///
    /// - Parameters:
    ///   - url: the server.
    ///   - headers: further fields of the request, such as `Authorization`. A value with a line end is refused.
    ///   - subprotocols: what the client offers in `Sec-WebSocket-Protocol`.
    ///   - receiver: who gets the messages; it is told of the end of the connection only if this returns.
    /// - Returns: the open connection.
    /// - Throws: why there is none, after ``WebSocketLimits/handshakeTimeout`` at the latest; `.cancelled` if the task is cancelled. What is
    ///   wrong with a certificate a second connection finds out, which has the same time again.
    public func connect(
        to url: WebSocketURL, headers: [(name: String, value: String)] = [], subprotocols: [String] = [],
        receiver: any WebSocketReceiver
    ) async throws(DialFailure) -> WebSocket {
        try await connect(to: url, headers: headers, subprotocols: subprotocols, on: threads.next(), receiver)
    }

    /// Opens a connection, as the public function does, on an event loop of the client's threads.
    func connect(
        to url: WebSocketURL, headers: [(name: String, value: String)], subprotocols: [String],
        on loop: any EventLoop, _ receiver: any WebSocketReceiver
    ) async throws(DialFailure) -> WebSocket {
        for (name, value) in headers where !HandshakeFields.isValid(name: name, value: value) {
            throw .unusable("the header `\(name)` is no valid field of an HTTP request")
        }
        do {
            return try await dial(url, headers, subprotocols, loop, receiver)
        } catch .untrusted(let reason) {
            // The library does not say why. The certificate does.
            throw .untrusted(await PeerCertificate.fault(of: url, loop, proxy, limits) ?? reason)
        }
    }

    private func dial(
        _ url: WebSocketURL, _ headers: [(name: String, value: String)], _ subprotocols: [String],
        _ loop: any EventLoop, _ receiver: any WebSocketReceiver
    ) async throws(DialFailure) -> WebSocket {
        let tls = url.isSecure ? try tlsContext() : nil
        let handshake = ClientHandshake.Request(
            target: url.target, host: url.authority, headers: headers, subprotocols: subprotocols)
        let dial = Dial(url: url, proxy: proxy, limits: limits, loop: loop)
        do {
            return try await dial.open { channel, opened in
                let pipeline = channel.pipeline.syncOperations
                if let tls { try pipeline.addHandler(TLSClient.handler(tls, host: url.host)) }
                try ClientHandshake.add(handshake, to: pipeline, limits, receiver, opened)
            }
        } catch let failure as DialFailure {
            throw failure
        } catch {
            throw .unreachable(NetworkError.text(of: error))
        }
    }

    private func tlsContext() throws(DialFailure) -> NIOSSLContext {
        let configuration = try trust.clientConfiguration()
        do { return try NIOSSLContext(configuration: configuration) } catch {
            throw .unusable("TLS cannot be set up: \(NetworkError.text(of: error))")
        }
    }
}
