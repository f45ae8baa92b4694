import ConfigSource
import EventRouter
import NIOCore

/// Opens the server's side of a client's session: at the first of the servers that can be had.
struct UpstreamDialler: Sendable {
    private let upstreams: [WebSocketURL]
    private let client: WebSocketClient
    private let trust: TrustRoots
    private let proxy: OutboundProxy?
    private let limits: WebSocketLimits

    /// - Throws: ``DialFailure`` if `HTTPS_PROXY` is no address.
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

    /// Opens a connection with what a client asked for. Where a server is not reached, or has a fault of its own, the next one is tried.
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
    /// Opens a connection over which a request passes unread: to the first of the servers that is reached.
    ///
    /// - Parameter over: called when a tunnel that was opened has ended.
    func tunnel(_ request: HandshakeRequest, over: @escaping @Sendable () -> Void) async throws(UpstreamFailure)
        -> ByteTunnel
    {
        var failure = UpstreamFailure.closed
        for upstream in upstreams {
            let url = upstream.with(target: request.target)
            let header = PassthroughRequest.header(of: request, for: url)
            let dial = Dial(url: url, proxy: proxy, limits: limits, loop: request.eventLoop)
            do { return try await ByteTunnel.open(header, to: url, trust, dial, over: over) } catch {
                failure = .unreached(error)
                guard error.allowsNextUpstream else { break }
            }
        }
        throw failure
    }
}

/// The server's side of a session.
struct Upstream: Sendable {
    let socket: WebSocket

    /// The subprotocol that the server chose.
    var subprotocol: String? { fields(where: { $0 == "sec-websocket-protocol" }).first?.value }

    /// The fields of the server's answer that the client gets: the request's id, and what OpenAI says of its work.
    var passedFields: [(name: String, value: String)] { fields { $0 == "x-request-id" || $0.hasPrefix("openai-") } }

    private func fields(where isWanted: (String) -> Bool) -> [(name: String, value: String)] {
        socket.answerFields.filter { isWanted($0.name.lowercased()) }
    }
}

/// Why there is no server's side.
enum UpstreamFailure: Error, Sendable {
    /// A server refused the session, or was not reached.
    case unreached(DialFailure)
    /// The proxy ends.
    case closed

    /// What the client is told: a server's refusal as it came, else the reason.
    var answer: HandshakeAnswer {
        switch self {
        case .unreached(.refused(let refusal)):
            let headers = refusal.fields.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) }
            // A redirect would lead the client past the proxy.
            let status = (300..<400).contains(refusal.status) ? 502 : refusal.status
            return .refuse(status: status, headers: headers, body: refusal.body)
        case .unreached(.timedOut(let text)): return .refuse(status: 504, "the server: \(text)")
        case .unreached(let failure): return .refuse(status: 502, "the server: \(failure)")
        case .closed: return .refuse(status: 503, "this proxy is shutting down")
        }
    }
}

extension DialFailure {
    /// Whether another server may do better.
    fileprivate var allowsNextUpstream: Bool {
        switch self {
        case .unreachable, .untrusted, .violated, .timedOut: true
        case .refused(let refusal): refusal.status >= 500
        case .unusable, .cancelled: false
        }
    }
}
