import NIOCore

/// The request that the upstream server gets for a client's handshake: the same path, query and subprotocols, and the header fields that
/// are not hop-by-hop.
struct ForwardedRequest: Sendable {
    let target: String
    let headers: [(name: String, value: String)]
    let subprotocols: [String]

    /// - Parameters:
    ///   - request: the client's handshake.
    ///   - key: the key that replaces the client's credentials; nil to forward the client's credentials.
    init(_ request: HandshakeRequest, key: OwnKey? = nil) {
        let dropped = Self.hopByHop.union(
            request.values(of: "connection").flatMap { $0.split(separator: ",") }.map { $0.trimmingBlanks.lowercased() }
        ).union(key == nil ? [] : Self.credentials)
        target = request.target
        let passed = request.headers.filter { field in
            let name = field.name.lowercased()
            return !dropped.contains(name) && !name.hasPrefix("sec-websocket-")
        }
        headers = Self.joined(passed) + (key?.fields ?? [])
        subprotocols = request.subprotocols.filter { key == nil || !$0.hasPrefix(OwnKey.keyProtocol) }
    }

    /// The hop-by-hop header fields, and the header fields for authentication at a proxy.
    private static let hopByHop: Set<String> = [
        "connection", "upgrade", "host", "keep-alive", "proxy-connection", "proxy-authenticate", "proxy-authorization",
        "te", "trailer", "transfer-encoding", "content-length", "expect", "http2-settings",
    ]

    static let credentials: Set<String> = ["authorization", "api-key", "x-api-key", "cookie"]

    /// Joins repeated header fields into one field each.
    private static func joined(_ fields: [(name: String, value: String)]) -> [(name: String, value: String)] {
        var joined: [(name: String, value: String)] = []
        for field in fields {
            let name = field.name.lowercased()
            if let index = joined.firstIndex(where: { $0.name.lowercased() == name }) {
                joined[index].value += (name == "cookie" ? "; " : ", ") + field.value
            } else {
                joined.append(field)
            }
        }
        return joined
    }
}

/// A request that is forwarded unchanged, except for its hop-by-hop header fields.
enum PassthroughRequest {
    /// The HTTP header to send to the upstream server.
    static func header(of request: HandshakeRequest, for url: WebSocketURL) -> ByteBuffer {
        var text = "\(request.method) \(request.target) HTTP/1.1\r\nHost: \(url.authority)\r\n"
        for (name, value) in request.headers where !isDropped(name.lowercased(), of: request) {
            text += "\(name): \(value)\r\n"
        }
        // One request per connection, so that all following bytes belong to this request.
        if request.fault == .noUpgrade { text += "Connection: close\r\n" }
        return ByteBuffer(string: text + "\r\n")
    }

    private static func isDropped(_ name: String, of request: HandshakeRequest) -> Bool {
        switch name {
        case "host", "proxy-authorization", "proxy-connection", "keep-alive": true
        case "connection", "upgrade", "http2-settings": request.fault == .noUpgrade
        default: false
        }
    }
}

extension HandshakeRequest {
    /// Whether this is a handshake for a Realtime session: its path ends in `/realtime` or `/realtime/translations`.
    var isRealtimeSession: Bool {
        guard fault != .noUpgrade else { return false }
        let parts = path.split(separator: "/")
        return parts.last == "realtime" || parts.suffix(2) == ["realtime", "translations"]
    }
}
