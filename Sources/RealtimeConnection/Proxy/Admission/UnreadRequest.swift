import NIOCore

/// A request that passes unread: as the client wrote it, but for the fields of its hop.
enum UnreadRequest {
    /// The header for a server.
    static func header(of request: HandshakeRequest, for url: WebSocketURL) -> ByteBuffer {
        var text = "\(request.method) \(request.target) HTTP/1.1\r\nHost: \(url.authority)\r\n"
        for (name, value) in request.headers where !isDropped(name.lowercased(), of: request) {
            text += "\(name): \(value)\r\n"
        }
        // One request a connection, so that what follows belongs to it.
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
    /// Whether the path is that of a Realtime session: `/v1/realtime`, and those of other servers that end so.
    var isOfRealtime: Bool {
        guard fault != .noUpgrade else { return false }
        let parts = path.split(separator: "/")
        return parts.last == "realtime" || parts.suffix(2) == ["realtime", "translations"]
    }
}
