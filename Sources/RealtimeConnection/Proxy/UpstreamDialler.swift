import ConfigSource
import EventRouter
import NIOCore

/// Connects to the upstream servers: tries them in order until one accepts.
struct UpstreamDialler: Sendable {
    private let upstreams: [WebSocketURL]
    private let client: WebSocketClient
    private let trust: TrustRoots
    private let proxy: OutboundProxy?
    private let limits: WebSocketLimits

    /// - Throws: ``DialFailure`` if `HTTPS_PROXY` is not an address.
    init(_ options: ProxyOptions, _ threads: ConnectionThreads) throws(DialFailure) {
        upstreams = options.upstreams
        var limits = options.limits
        limits.handshakeTimeout = min(
            ProxyOptions.longestDial, options.limits.answerTimeout / (options.upstreams.count + 1))
        self.limits = limits
        trust = options.trust
        proxy = try OutboundProxy(variable: options.variable)
        client = WebSocketClient(threads: threads, trust: trust, proxy: proxy, limits: limits)
    }

    /// Opens a connection for a client's request. If a server cannot be reached, or fails with a status of 500 or more, the next one is
    /// tried.
    func dial(
        _ request: ForwardedRequest, _ receiver: any WebSocketReceiver, on eventLoop: any EventLoop
    ) async throws(UpstreamFailure) -> Upstream {
        var failure = UpstreamFailure.closed
        for upstream in upstreams {
            do {
                let socket = try await client.connect(
                    to: upstream.with(target: request.target), headers: request.headers,
                    subprotocols: request.subprotocols, on: eventLoop, receiver)
                return Upstream(socket: socket)
            } catch {
                failure = .unreached(error)
                guard error.allowsNextUpstream else { break }
            }
        }
        throw failure
    }
}

extension UpstreamDialler {
    /// Opens a tunnel for a request that is forwarded without being parsed, to the first server that can be reached.
    ///
    /// - Parameter onEnd: called when the opened tunnel has ended.
    func tunnel(_ request: HandshakeRequest, onEnd: @escaping @Sendable () -> Void) async throws(UpstreamFailure)
        -> ByteTunnel
    {
        var failure = UpstreamFailure.closed
        for upstream in upstreams {
            let url = upstream.with(target: request.target)
            let header = PassthroughRequest.header(of: request, for: url)
            let dial = Dial(url: url, proxy: proxy, limits: limits, loop: request.eventLoop)
            do { return try await ByteTunnel.open(header, to: url, trust, dial, onEnd: onEnd) } catch {
                failure = .unreached(error)
                guard error.allowsNextUpstream else { break }
            }
        }
        throw failure
    }
}

/// The upstream connection of a session.
struct Upstream: Sendable {
    let socket: WebSocket

    /// The subprotocol that the server chose.
    var subprotocol: String? { fields(where: { $0 == "sec-websocket-protocol" }).first?.value }

    /// The header fields of the server's response that the client gets: `x-request-id` and `openai-*`.
    var passedFields: [(name: String, value: String)] { fields { $0 == "x-request-id" || $0.hasPrefix("openai-") } }

    private func fields(where isWanted: (String) -> Bool) -> [(name: String, value: String)] {
        socket.answerFields.filter { isWanted($0.name.lowercased()) }
    }
}

/// Why there is no upstream connection.
enum UpstreamFailure: Error, Sendable {
    /// The last tried server refused the session, or could not be reached.
    case unreached(DialFailure)
    /// The proxy is shutting down.
    case closed

    /// The response for the client: the server's own refusal, or else an error with the reason.
    var answer: HandshakeAnswer {
        switch self {
        case .unreached(.refused(let refusal)):
            let headers = refusal.fields.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) }
            // A redirect would make the client bypass the proxy.
            let status = (300..<400).contains(refusal.status) ? 502 : refusal.status
            return .refuse(status: status, headers: headers, body: refusal.body)
        case .unreached(.timedOut(let text)): return .refuse(status: 504, "the server: \(text)")
        case .unreached(let failure): return .refuse(status: 502, "the server: \(failure)")
        case .closed: return .refuse(status: 503, "this proxy is shutting down")
        }
    }
}

extension DialFailure {
    /// Whether the next upstream server should be tried.
    fileprivate var allowsNextUpstream: Bool {
        switch self {
        case .unreachable, .untrusted, .violated, .timedOut: true
        case .refused(let refusal): refusal.status >= 500
        case .unusable, .cancelled: false
        }
    }
}
