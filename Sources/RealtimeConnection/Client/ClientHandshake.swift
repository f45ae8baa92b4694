import ConfigSource
import EventJSON
import NIOCore
import NIOHTTP1
import NIOWebSocket

/// The client side of the opening handshake (RFC 6455, section 4.1).
final class ClientHandshake: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    struct Request: Sendable {
        let target: String
        let host: String
        let headers: [(name: String, value: String)]
        let subprotocols: [String]
    }

    /// How many bytes of a refusal's body are kept.
    private static let keptBytes = 64 << 10

    private let request: Request
    private let key = HandshakeKey.random()
    private let splitter: HandshakeSplitter
    private let limits: WebSocketLimits
    private let receiver: any WebSocketReceiver
    private let opened: EventLoopPromise<WebSocket>
    private var response: HTTPResponseHead?
    private var body = ByteBuffer()
    private var isDone = false

    private init(
        _ request: Request, _ splitter: HandshakeSplitter, _ limits: WebSocketLimits, _ receiver: any WebSocketReceiver,
        _ opened: EventLoopPromise<WebSocket>
    ) {
        self.request = request
        self.splitter = splitter
        self.limits = limits
        self.receiver = receiver
        self.opened = opened
    }

    /// Adds the handshake to a connected channel.
    static func add(
        _ request: Request, to pipeline: ChannelPipeline.SynchronousOperations, _ limits: WebSocketLimits,
        _ receiver: any WebSocketReceiver, _ opened: EventLoopPromise<WebSocket>
    ) throws {
        var headerLimits = NIOHTTPDecoderLimitConfiguration()
        headerLimits.maxHeaderFieldSize = limits.maximumHeaderBytes
        headerLimits.maxHeaderListSize = limits.maximumHeaderBytes
        let decoder = HTTPResponseDecoder(leftOverBytesStrategy: .forwardBytes, limitConfiguration: headerLimits)
        let splitter = HandshakeSplitter.forClient(limit: limits.maximumHeaderBytes)
        try pipeline.addHandlers([
            splitter, HTTPRequestEncoder(), ByteToMessageHandler(decoder),
            ClientHandshake(request, splitter, limits, receiver, opened),
        ])
    }

    func handlerAdded(context: ChannelHandlerContext) {
        // After a timeout or a cancellation, a late response opens nothing.
        opened.futureResult.assumeIsolated().whenFailure { _ in self.isDone = true }
        var headers = HTTPHeaders([
            ("host", request.host), ("upgrade", "websocket"), ("connection", "Upgrade"), ("sec-websocket-key", key),
            ("sec-websocket-version", "13"),
        ])
        if !request.subprotocols.isEmpty {
            headers.add(name: "sec-websocket-protocol", value: request.subprotocols.joined(separator: ", "))
        }
        for (name, value) in request.headers { headers.replaceOrAdd(name: name, value: value) }
        let head = HTTPRequestHead(version: .http1_1, method: .GET, uri: request.target, headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isDone else { return }
        switch unwrapInboundIn(data) {
        case .head(let head):
            response = head
            if head.status == .switchingProtocols, let fault = fault(of: head.headers) {
                fail(.violated("the server's answer to the handshake is wrong: \(fault)"), context)
            }
        case .body(var part):
            body.writeBuffer(&part)
            if body.readableBytes >= Self.keptBytes { refuse(context) }
        case .end:
            if response?.status == .switchingProtocols { upgrade(context) } else { refuse(context) }
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard !isDone else { return }
        if response != nil { return refuse(context) }
        let text = NetworkError.text(of: error)
        switch error {
        case is HTTPParserError: fail(.violated("the server's answer to the handshake is not HTTP: \(text)"), context)
        default: fail(NetworkError.isOfCertificate(error) ? .untrusted(text) : .unreachable(text), context)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        if response != nil { refuse(context) }
        fail(.unreachable("the server closed the connection during the handshake"), context)
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        fail(.unreachable("the connection was closed during the handshake"), context)
    }

    private func fail(_ failure: DialFailure, _ context: ChannelHandlerContext) {
        guard !isDone else { return }
        isDone = true
        opened.fail(failure)
        context.close(promise: nil)
    }

    private func refuse(_ context: ChannelHandlerContext) {
        guard let response else { return }
        fail(.refused(HandshakeRefusal(response, body)), context)
    }

    private func upgrade(_ context: ChannelHandlerContext) {
        isDone = true
        let handler = WebSocketHandler(isClient: true, limits: limits, receiver: receiver)
        do {
            try splitter.upgrade([
                ByteToMessageHandler(WebSocketFrameDecoder(maxFrameSize: limits.maximumMessageBytes)), handler,
            ])
            let fields = response?.headers.map { (name: $0.name, value: $0.value) } ?? []
            opened.succeed(WebSocket(context.channel, handler, answerFields: fields))
        } catch {
            opened.fail(DialFailure.unreachable(NetworkError.text(of: error)))
            context.close(promise: nil)
        }
    }

    private func fault(of headers: HTTPHeaders) -> String? {
        guard headers["upgrade"].contains(where: { $0.lowercased() == "websocket" }) else {
            return "it has no `Upgrade: websocket`"
        }
        guard headers[canonicalForm: "connection"].contains(where: { $0.lowercased() == "upgrade" }) else {
            return "it has no `Connection: Upgrade`"
        }
        guard headers["sec-websocket-accept"] == [HandshakeKey.accept(key)] else {
            return "its `Sec-WebSocket-Accept` does not fit the key"
        }
        guard headers["sec-websocket-extensions"].isEmpty else { return "it has extensions that were not asked for" }
        let chosen = headers[canonicalForm: "sec-websocket-protocol"]
        guard chosen.allSatisfy({ request.subprotocols.contains(String($0)) }) else {
            return "it has a subprotocol that was not asked for"
        }
        return nil
    }
}

extension HandshakeRefusal {
    /// The header fields that are kept in ``fields``.
    private static let passed = ["content-type", "content-encoding", "x-request-id", "retry-after"]

    private static func fields(of head: HTTPResponseHead) -> [String: String] {
        passed.reduce(into: [:]) { $0[$1] = head.headers.first(name: $1) }
    }

    init(_ head: HTTPResponseHead, _ body: ByteBuffer) {
        let error = (try? JSONValue(parsing: body.readableBytesSpan))?["error"]
        var text = error?["message"]?.string ?? error?.string ?? String(buffer: body)
        text = text.split(whereSeparator: { $0 == "\n" || $0 == "\r" }).first.map(String.init) ?? ""
        self.init(
            status: Int(head.status.code), message: text.cut(toUTF8Bytes: 500).printable,
            code: error?["code"]?.string?.printable ?? error?["type"]?.string?.printable,
            requestID: head.headers.first(name: "x-request-id")?.printable,
            retryAfter: head.headers.first(name: "retry-after").flatMap { Double($0) }.flatMap {
                $0.isFinite ? $0 : nil
            }, body: Array(body.readableBytesView), fields: Self.fields(of: head))
    }
}
