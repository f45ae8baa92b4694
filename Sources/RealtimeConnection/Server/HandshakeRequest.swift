import NIOCore
import NIOHTTP1

/// A client's request to a server: a WebSocket handshake, or a plain HTTP request.
public struct HandshakeRequest: Sendable {
    /// The HTTP method.
    public let method: String
    /// The path and the query, unchanged from the request line.
    public let target: String
    /// The header fields in order, with their names as the client wrote them.
    public let headers: [(name: String, value: String)]
    /// The subprotocols that the client offers.
    public let subprotocols: [String]
    /// The client's address, such as `127.0.0.1:50312`.
    public let clientAddress: String
    /// Why the request is not a valid WebSocket handshake; nil if it is.
    public let fault: Fault?

    /// The reason why a request is not a valid WebSocket handshake.
    public enum Fault: Sendable, Hashable {
        /// It is a plain HTTP request.
        case noUpgrade
        /// It asks for a WebSocket version other than 13.
        case version
        /// It is an invalid handshake; the text says why.
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

    /// The decoded value of a query item; nil if there is no such item.
    ///
    /// - Parameter name: the item's name, decoded.
    public func query(_ name: String) -> String? { QueryItems(ofTarget: target).first(name) }

    /// The value of the first header field with a name; nil if there is no such field.
    ///
    /// - Parameter name: the field's name; upper and lower case are the same.
    public func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }

    private static func fault(of head: HTTPRequestHead, key: String) -> Fault? {
        guard head.headers[canonicalForm: "upgrade"].contains(where: { $0.lowercased() == "websocket" }) else {
            return .noUpgrade
        }
        guard head.method == .GET, head.version == .http1_1 else {
            return .invalid("it is not an HTTP/1.1 GET request")
        }
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
    /// A function that answers a request.
    public typealias Giving = @Sendable (HandshakeRequest) async -> HandshakeAnswer

    /// Accepts the WebSocket connection.
    ///
    /// - Parameters:
    ///   - subprotocol: one of the subprotocols that the client offers, or nil.
    ///   - headers: additional header fields of the response.
    ///   - receiver: receives the client's messages. If the client has disconnected meanwhile, only its
    ///     ``WebSocketReceiver/ended(_:)`` is called.
    case accept(
        subprotocol: String?, headers: [(name: String, value: String)] = [], receiver: any WebSocketReceiver)
    /// Forwards the request and all following bytes to another server, without parsing them.
    case pass(ByteTunnel)
    /// Sends an HTTP response and closes the connection.
    case refuse(status: Int, headers: [(name: String, value: String)], body: [UInt8])

    /// A refusal with a plain text body.
    ///
    /// - Parameters:
    ///   - status: the HTTP status.
    ///   - text: the body, without a trailing newline.
    public static func refuse(status: Int, _ text: String) -> HandshakeAnswer {
        .refuse(
            status: status, headers: [("content-type", "text/plain; charset=utf-8")], body: Array("\(text)\n".utf8))
    }

    /// The refusal of a request that is not a valid WebSocket handshake.
    ///
    /// - Parameter fault: why it is not one.
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
