import NIOCore
import NIOPosix
import NIOSSL

/// Opens WebSocket connections to servers: `wss://` and `ws://`, through an HTTP proxy if the environment names one.
///
/// Frames that arrive together with the server's handshake response are not lost. The client offers no extensions and follows no
/// redirects.
public struct WebSocketClient: Sendable {
    private let threads: ConnectionThreads
    private let trust: TrustRoots
    private let proxy: OutboundProxy?
    private let limits: WebSocketLimits

    /// Creates a client without opening anything.
    ///
    /// - Parameters:
    ///   - threads: the threads that read and write its connections.
    ///   - trust: the authorities that may have signed a server's certificate.
    ///   - proxy: the HTTP proxy; nil for direct connections.
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

    /// Opens a connection. The receiver gets all its messages.
    ///
    /// - Parameters:
    ///   - url: the server.
    ///   - headers: additional header fields of the request, such as `Authorization`. A value with a line break is refused.
    ///   - subprotocols: the subprotocols that the client offers in `Sec-WebSocket-Protocol`.
    ///   - receiver: receives the messages. Its ``WebSocketReceiver/ended(_:)`` is called only if this function returns.
    /// - Returns: the open connection.
    /// - Throws: ``DialFailure`` after at most ``WebSocketLimits/handshakeTimeout``; `.cancelled` if the task is cancelled. If the
    ///   certificate was rejected, a second connection with the same time limit finds out why.
    public func connect(
        to url: WebSocketURL, headers: [(name: String, value: String)] = [], subprotocols: [String] = [],
        receiver: any WebSocketReceiver
    ) async throws(DialFailure) -> WebSocket {
        try await connect(to: url, headers: headers, subprotocols: subprotocols, on: threads.next(), receiver)
    }

    /// Opens a connection, as the public function does, on a given event loop of the client's threads.
    func connect(
        to url: WebSocketURL, headers: [(name: String, value: String)], subprotocols: [String],
        on loop: any EventLoop, _ receiver: any WebSocketReceiver
    ) async throws(DialFailure) -> WebSocket {
        for (name, value) in headers where !HandshakeFields.isValid(name: name, value: value) {
            throw .unusable("the header `\(name)` is not a valid HTTP header field")
        }
        do {
            return try await dial(url, headers, subprotocols, loop, receiver)
        } catch .untrusted(let reason) {
            // The TLS library does not say why it rejected the certificate.
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
