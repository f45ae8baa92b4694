public import EventRouter
public import HTTPService

/// What a proxy listens on, where its clients' sessions go, and what is known of them.
public struct ProxyOptions: Sendable {
    /// What the router does in the sessions that pass through.
    public enum Mode: String, Sendable, CaseIterable {
        /// It watches: every byte passes, and nothing is sent but what ``ProxyOptions/ensure`` asks for.
        case observe
        /// It adds its functions to those of the client, runs them, and keeps their calls from the client.
        case act
    }

    /// The longest that a client's session may wait for a server.
    static let longestDial = Duration.seconds(10)

    /// The name of the source, with which the keys of its sessions begin.
    public var name = "proxy"
    /// The address to listen on.
    public var address: IPAddress
    /// The port; 0 for any that is free.
    public var port: UInt16
    /// Whether other processes of the user may listen on the same port: a new one starts then before the old one ends.
    public var sharesPort = false
    /// For `wss://`: the certificate; nil for `ws://`.
    public var certificate: ServerCertificate?
    /// Whether only those can reach the address who may, as behind something that ends TLS. Otherwise an address beyond this machine needs a
    /// certificate.
    public var isNetworkTrusted = false
    /// The servers, in the order in which they are tried. A client's path and query reach them as they came.
    public var upstreams = [ConnectOptions.openAI]
    /// What the router does in the sessions.
    public var mode = Mode.observe
    /// Settings that a session is to have: where the server's session lacks one, the router sends a `session.update` with it.
    public var ensure: SessionBlock?
    /// The authorities that may have signed a server's certificate.
    public var trust = TrustRoots.system
    /// Where a session's key comes from; nil for one that the router makes.
    public var sessionKey: RequestField?
    /// The labels that a session gets from its client.
    public var labels: [ClientLabel] = []
    /// The values of `Origin` that a client may send. A browser sends one; without it a handshake passes.
    public var origins: Set<String> = []
    /// The names by which clients may call this proxy, beside addresses, `localhost` and those of the certificate.
    public var hosts: Set<String> = []
    /// The router's own key, in place of the clients'; nil if each client shows the server its own.
    public var ownKey: OwnKey?
    /// The most sessions at a time; further ones are answered 503.
    public var maximumSessions = 1000
    /// How long the server's side stays open behind the client's end while words are to come.
    public var linger = Duration.seconds(3)
    /// Where `/healthz` and `/readyz` are answered; nil for nowhere but at the metrics' address.
    public var health: ListenAddress?
    /// The limits of a connection.
    public var limits = WebSocketLimits()
    /// What a variable of the environment holds: `HTTPS_PROXY` and `NO_PROXY`.
    public var variable: @Sendable (String) -> String? = HandlerSurroundings.environment

    /// A proxy in front of OpenAI.
    ///
    /// - Parameters:
    ///   - address: the address to listen on.
    ///   - port: the port; 0 for any that is free.
    public init(address: IPAddress = .loopback, port: UInt16) {
        self.address = address
        self.port = port
    }
}

extension ProxyOptions {
    /// Why a server cannot be one that a proxy leads to; nil if it can.
    public static func fault(ofUpstream url: WebSocketURL) -> String? {
        if !url.isSecure, !url.isLocal { return "`ws://` would show keys to the network: use `wss://`" }
        guard ["/", "/v1/realtime"].contains(url.target) else {
            return "the server has no path and no query here, as the client's reach it: write `\(url.with(target: ""))`"
        }
        return nil
    }

    /// Why a proxy must not listen as these options say; nil if it may.
    var listenFault: (message: String, help: String)? {
        guard !address.isLoopback, certificate == nil, !isNetworkTrusted else { return nil }
        return (
            "other machines reach \(address), and without TLS they would show their keys to the network",
            "listen on 127.0.0.1, give a certificate, or write `trusted_network: true` in a file if only a terminator of TLS reaches it"
        )
    }

    /// Why a proxy must not be run with these options, with what to do; nil if it may.
    public var fault: String? { listenFault.map { "\($0.message)\n   help: \($0.help)" } }
}

/// A field of a client's handshake.
public enum RequestField: Sendable, Hashable {
    /// A field of the header, by its name in small letters.
    case header(String)
    /// An item of the query.
    case query(String)
    /// A part of the path between slashes, counted from 0; below 0 from the end, so that -1 is the last.
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

    /// Whether the field may be a label or a key: credentials may not.
    public var isPublic: Bool {
        guard case .header(let name) = self else { return true }
        return !Self.credentials.contains(name) && !name.hasPrefix("sec-")
    }

    private static let credentials: Set<String> = [
        "authorization", "cookie", "api-key", "x-api-key", "proxy-authorization",
    ]
}

/// A label that a session gets from its client.
public struct ClientLabel: Sendable, Hashable {
    /// Where a label's value comes from.
    public enum Origin: Sendable, Hashable {
        /// The handshake.
        case request(RequestField)
        /// The `session` of the client's first `session.update`, by a path of names.
        case session([String])
    }

    /// The label's name.
    public let name: String
    /// Where its value comes from.
    public let origin: Origin

    /// A label.
    ///
    /// - Parameters:
    ///   - name: the label's name.
    ///   - origin: where its value comes from.
    public init(_ name: String, _ origin: Origin) {
        self.name = name
        self.origin = origin
    }
}
