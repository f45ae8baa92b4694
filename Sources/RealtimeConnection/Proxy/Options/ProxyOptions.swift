public import EventRouter
public import HTTPService

/// The options of a proxy: its listening address, its upstream servers, and how it handles sessions.
public struct ProxyOptions: Sendable {
    /// What the router does in the clients' sessions.
    public enum Mode: String, Sendable, CaseIterable {
        /// The router only observes. It changes no message, and sends nothing except for ``ProxyOptions/ensure``.
        case observe
        /// The router adds its functions to the client's, runs them, and hides their calls from the client.
        case act
    }

    /// The longest time to connect to one upstream server.
    static let longestDial = Duration.seconds(10)

    /// The name of the source, which is the prefix of its sessions' generated keys.
    public var name = "proxy"
    /// The address to listen on.
    public var address: IPAddress
    /// The port; 0 for any free port.
    public var port: UInt16
    /// Whether other processes of the same user may listen on the same port, so that a new process can start before the old one ends.
    public var sharesPort = false
    /// The certificate for `wss://`; nil for `ws://`.
    public var certificate: ServerCertificate?
    /// Whether the network is trusted, such as behind a TLS-terminating load balancer. Otherwise a proxy that is reachable from other
    /// machines needs a certificate.
    public var isNetworkTrusted = false
    /// The upstream servers, tried in order. They get the client's path and query unchanged.
    public var upstreams = [ConnectOptions.openAI]
    /// What the router does in the clients' sessions.
    public var mode = Mode.observe
    /// Settings that each session must have. If the server's session lacks some of them, the router sends a `session.update` with those.
    public var ensure: SessionSettings?
    /// The certificate authorities to trust.
    public var trust = TrustRoots.system
    /// The handshake field that contains the session's key; nil for generated keys.
    public var sessionKey: RequestField?
    /// The labels that a session gets from its client's handshake or first `session.update`.
    public var labels: [ClientLabel] = []
    /// The allowed values of `Origin`, which browsers send. A handshake without `Origin` is allowed.
    public var origins: Set<String> = []
    /// The allowed host names, in addition to IP addresses, `localhost` and the certificate's names.
    public var hosts: Set<String> = []
    /// The router's own API key, which replaces the clients' keys; nil to forward each client's key.
    public var ownKey: OwnKey?
    /// The maximum number of concurrent sessions; further clients get a 503 response.
    public var maximumSessions = 1000
    /// How long the server's connection stays open after the client's has ended, while transcripts are outstanding.
    public var linger = Duration.seconds(3)
    /// The address for `/healthz` and `/readyz`; nil to serve them only at the metrics endpoint.
    public var health: ListenAddress?
    /// The limits of each connection.
    public var limits = WebSocketLimits()
    /// Returns the value of an environment variable; used for `HTTPS_PROXY` and `NO_PROXY`.
    public var variable: @Sendable (String) -> String? = HandlerContext.environment

    /// The options of a proxy in front of OpenAI.
    ///
    /// - Parameters:
    ///   - address: the address to listen on.
    ///   - port: the port; 0 for any free port.
    public init(address: IPAddress = .loopback, port: UInt16) {
        self.address = address
        self.port = port
    }
}

extension ProxyOptions {
    /// Why an address cannot be an upstream server; nil if it can.
    public static func fault(ofUpstream url: WebSocketURL) -> String? {
        if !url.isSecure, !url.isLocal { return "`ws://` would show keys to the network: use `wss://`" }
        guard ["/", "/v1/realtime"].contains(url.target) else {
            return "the server has no path and no query here, as the client's reach it: write `\(url.with(target: ""))`"
        }
        return nil
    }

    /// Why the listening address is unsafe, with help; nil if it is safe.
    var listenFault: (message: String, help: String)? {
        guard !address.isLoopback, certificate == nil, !isNetworkTrusted else { return nil }
        return (
            "other machines reach \(address), and without TLS they would show their keys to the network",
            "listen on 127.0.0.1, give a certificate, or write `trusted_network: true` in a file if only a terminator of TLS reaches it"
        )
    }

    /// Why a proxy must not run with these options, with help; nil if it may.
    public var fault: String? { listenFault.map { "\($0.message)\n   help: \($0.help)" } }
}

/// A field of a client's handshake.
public enum RequestField: Sendable, Hashable {
    /// A header field, by its lowercase name.
    case header(String)
    /// A query item, by its name.
    case query(String)
    /// A path segment, by its index from 0; a negative index counts from the end, so -1 is the last segment.
    case path(Int)

    func value(in request: HandshakeRequest) -> String? {
        switch self {
        case .header(let name): return request.header(name)
        case .query(let name): return request.query(name)
        case .path(let index):
            let parts = request.path.split(separator: "/")
            let place = index < 0 ? parts.count + index : index
            return parts.indices.contains(place) ? String(parts[place]).percentDecoded : nil
        }
    }

    /// Whether the field may be used as a label or session key. Credentials may not, because labels and keys are written to records.
    public var isPublic: Bool {
        switch self {
        case .header(let name): !Self.credentials.contains(name.lowercased()) && !name.lowercased().hasPrefix("sec-")
        case .query(let name): !Self.queryCredentials.contains(name.lowercased())
        case .path: true
        }
    }

    private static let credentials: Set<String> = [
        "authorization", "cookie", "api-key", "x-api-key", "proxy-authorization",
    ]

    /// Query items in which servers of this protocol take a key.
    private static let queryCredentials: Set<String> = [
        "api-key", "api_key", "apikey", "token", "access_token", "authorization", "ephemeral_key",
        "client_secret",
    ]
}

/// A label that a session gets from its client.
public struct ClientLabel: Sendable, Hashable {
    /// The source of a label's value.
    public enum Origin: Sendable, Hashable {
        /// A field of the handshake.
        case request(RequestField)
        /// A member of `session` in the client's first `session.update`, by its path.
        case session([String])
    }

    /// The label's name.
    public let name: String
    /// The source of its value.
    public let origin: Origin

    /// A label.
    ///
    /// - Parameters:
    ///   - name: the label's name.
    ///   - origin: the source of its value.
    public init(_ name: String, _ origin: Origin) {
        self.name = name
        self.origin = origin
    }
}
