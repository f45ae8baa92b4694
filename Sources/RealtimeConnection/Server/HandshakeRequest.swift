import NIOCore
import NIOHTTP1

/// What a client asks a server for: the beginning of a WebSocket connection, or a plain HTTP request.
public struct HandshakeRequest: Sendable {
    /// The HTTP method.
    public let method: String
    /// The path and the query, as the request line has them.
    public let target: String
    /// The fields, in their order; names as the client wrote them.
    public let headers: [(name: String, value: String)]
    /// The subprotocols that the client offers.
    public let subprotocols: [String]
    /// The client's address, such as `127.0.0.1:50312`.
    public let clientAddress: String
    /// Why the request does not begin a WebSocket connection; nil if it does.
    public let fault: Fault?

    /// What keeps a request from beginning a WebSocket connection.
    public enum Fault: Sendable, Hashable {
        /// It is a plain HTTP request.
        case noUpgrade
        /// It asks for another version of the protocol than 13.
        case version
        /// It is a wrong handshake; the text says how.
        case invalid(String)
    }

    let key: String
    /// The event loop of the connection.
    let eventLoop: any EventLoop

    init(_ head: HTTPRequestHead, clientAddress: String, _ eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
        method = head.method.rawValue
        target = head.uri
        headers = head.headers.map { ($0.name, $0.value) }
        subprotocols = head.headers[canonicalForm: "sec-websocket-protocol"].map(String.init)
        self.clientAddress = clientAddress
        key = head.headers.first(name: "sec-websocket-key") ?? ""
        fault = Self.fault(of: head, key: key)
    }

    /// The path, without the query.
    public var path: String { String(target.prefix { $0 != "?" }) }

    /// The value of an item of the query, decoded; nil if there is none.
    ///
    /// - Parameter name: the item's name, decoded.
    public func query(_ name: String) -> String? { QueryItems(ofTarget: target).first(name) }

    /// The value of the first field of a name; nil if there is none.
    ///
    /// - Parameter name: the field's name, in any case.
    public func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }

    private static func fault(of head: HTTPRequestHead, key: String) -> Fault? {
        guard head.headers[canonicalForm: "upgrade"].contains(where: { $0.lowercased() == "websocket" }) else {
            return .noUpgrade
        }
        guard head.method == .GET, head.version == .http1_1 else { return .invalid("it is no GET of HTTP/1.1") }
        guard head.headers[canonicalForm: "connection"].contains(where: { $0.lowercased() == "upgrade" }) else {
            return .invalid("it has no `Connection: Upgrade`")
        }
        guard head.headers["sec-websocket-version"] == ["13"] else { return .version }
        guard head.headers["sec-websocket-key"].count == 1, HandshakeKey.isValid(key) else {
            return .invalid("its `Sec-WebSocket-Key` is not 16 bytes in base64")
        }
        return nil
    }
}

/// A server's answer to a ``HandshakeRequest``.
public enum HandshakeAnswer: Sendable {
    /// Gives the answer to a request.
    public typealias Giving = @Sendable (HandshakeRequest) async -> HandshakeAnswer

    /// The connection begins.
    ///
    /// - Parameters:
    ///   - subprotocol: one that the client offers, or nil.
    ///   - headers: further fields of the answer.
    ///   - receiver: who gets the client's messages. If the client has gone meanwhile it is told of the end only.
    case accept(
        subprotocol: String?, headers: [(name: String, value: String)] = [], receiver: any WebSocketReceiver)
    /// The request, and all that comes, passes unread over a connection to another server.
    case pass(ByteTunnel)
    /// The connection is closed behind an HTTP answer.
    case refuse(status: Int, headers: [(name: String, value: String)], body: [UInt8])

    /// A refusal with a text for people.
    ///
    /// - Parameters:
    ///   - status: the HTTP status.
    ///   - text: the body, without a line end.
    public static func refuse(status: Int, _ text: String) -> HandshakeAnswer {
        .refuse(
            status: status, headers: [("content-type", "text/plain; charset=utf-8")], body: Array("\(text)\n".utf8))
    }

    /// The answer to a request that does not begin a WebSocket connection.
    ///
    /// - Parameter fault: what keeps it from that.
    public static func refuse(_ fault: HandshakeRequest.Fault) -> HandshakeAnswer {
        switch fault {
        case .noUpgrade:
            .refuse(status: 426, headers: upgradeFields, body: Array("this is a WebSocket endpoint\n".utf8))
        case .version:
            .refuse(
                status: 426, headers: upgradeFields, body: Array("only version 13 of WebSocket is known here\n".utf8))
        case .invalid(let text): .refuse(status: 400, "the handshake is wrong: \(text)")
        }
    }

    private static let upgradeFields = [
        (name: "upgrade", value: "websocket"), (name: "sec-websocket-version", value: "13"),
        (name: "content-type", value: "text/plain; charset=utf-8"),
    ]
}
