import NIOCore
import NIOHTTP1
import NIOWebSocket

/// The server side of the opening handshake (RFC 6455, section 4.2), which also answers plain HTTP requests.
final class ServerHandshake: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private enum Phase {
        case reading
        case answering(Task<Void, Never>)
        case done
    }

    private let splitter: HandshakeSplitter
    private let limits: WebSocketLimits
    private let answer: HandshakeAnswer.Giving
    /// Whether the connection is within the server's limit.
    private let isAdmitted: Bool
    private var phase = Phase.reading
    private var timer: Scheduled<Void>?

    private init(
        splitter: HandshakeSplitter, limits: WebSocketLimits, isAdmitted: Bool,
        answer: @escaping HandshakeAnswer.Giving
    ) {
        self.splitter = splitter
        self.limits = limits
        self.isAdmitted = isAdmitted
        self.answer = answer
    }

    /// Adds the handshake to an accepted channel.
    static func add(
        to pipeline: ChannelPipeline.SynchronousOperations, limits: WebSocketLimits, isAdmitted: Bool,
        answer: @escaping HandshakeAnswer.Giving
    ) throws {
        var headerLimits = NIOHTTPDecoderLimitConfiguration()
        headerLimits.maxHeaderFieldSize = limits.maximumHeaderBytes
        headerLimits.maxHeaderListSize = limits.maximumHeaderBytes
        headerLimits.maxHeaderFieldCount = 100
        let decoder = HTTPRequestDecoder(leftOverBytesStrategy: .forwardBytes, limitConfiguration: headerLimits)
        let splitter = HandshakeSplitter.forServer(limit: limits.maximumHeaderBytes)
        try pipeline.addHandlers([
            splitter, HTTPResponseEncoder(), ByteToMessageHandler(decoder),
            ServerHandshake(splitter: splitter, limits: limits, isAdmitted: isAdmitted, answer: answer),
        ])
    }

    func handlerAdded(context: ChannelHandlerContext) { limit(to: limits.handshakeTimeout, context) }

    private func limit(to timeout: Duration, _ context: ChannelHandlerContext) {
        timer?.cancel()
        timer = context.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(timeout)) {
            switch self.phase {
            case .reading:
                self.refuse(.refuse(status: 408, "the handshake took too long"), context)
            case .answering(let task):
                task.cancel()
                self.refuse(.refuse(status: 503, "the answer to the handshake took too long"), context)
            case .done: context.close(promise: nil)
            }
        }
    }

    func handlerRemoved(context: ChannelHandlerContext) { timer?.cancel() }

    /// Refuses a connection above the limit immediately, before it sends a request.
    func channelActive(context: ChannelHandlerContext) {
        if !isAdmitted { refuse(.refuse(status: 503, "too many connections"), context) }
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        timer?.cancel()
        if case .answering(let task) = phase { task.cancel() }
        phase = .done
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard case .reading = phase else { return context.close(promise: nil) }
        switch error as? HTTPParserError {
        case .headerOverflow?: refuse(.refuse(status: 431, "the request's header is too large"), context)
        case nil: context.close(promise: nil)
        default: refuse(.refuse(status: 400, "this is not an HTTP request"), context)
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .head(let head) = unwrapInboundIn(data), case .reading = phase else { return }
        guard isAdmitted else { return refuse(.refuse(status: 503, "too many connections"), context) }
        guard splitter.isWaiting else {
            return refuse(.refuse(status: 431, "the request's header is too large"), context)
        }
        let request = HandshakeRequest(
            head, clientAddress: context.channel.remoteAddress.map(Self.text) ?? "unknown", context.eventLoop)
        limit(to: limits.answerTimeout, context)
        // Reading stops until the request is answered.
        context.channel.setOption(.autoRead, value: false).whenFailure { _ in }
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        let (loop, answer) = (context.eventLoop, answer)
        phase = .answering(
            Task(executorPreference: HandshakeExecutor.shared) {
                let result = await answer(request)
                loop.execute { bound.value.0.deliver(result, to: request, bound.value.1) }
            })
    }

    private func deliver(_ answer: HandshakeAnswer, to request: HandshakeRequest, _ context: ChannelHandlerContext) {
        guard case .answering = phase else {
            switch answer {
            case .accept(_, _, let receiver): receiver.ended(.lost("the client left during the handshake"))
            case .pass(let tunnel): tunnel.close()
            case .refuse: break
            }
            return
        }
        switch answer {
        case .refuse: refuse(answer, context)
        case .pass(let tunnel): pass(tunnel, context)
        case .accept(let subprotocol, let fields, let receiver):
            if let fault = request.fault {
                receiver.ended(.lost("the client asked for no WebSocket"))
                return refuse(.refuse(fault), context)
            }
            accept(request, subprotocol, fields, receiver, context)
        }
    }

    private func accept(
        _ request: HandshakeRequest, _ subprotocol: String?, _ fields: [(name: String, value: String)],
        _ receiver: any WebSocketReceiver, _ context: ChannelHandlerContext
    ) {
        phase = .done
        timer?.cancel()
        var headers = HTTPHeaders([
            ("upgrade", "websocket"), ("connection", "Upgrade"),
            ("sec-websocket-accept", HandshakeKey.accept(request.key)),
        ])
        if let subprotocol { headers.add(name: "sec-websocket-protocol", value: subprotocol) }
        for (name, value) in fields { headers.add(name: name, value: value) }
        let head = HTTPResponseHead(version: .http1_1, status: .switchingProtocols, headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        upgrade(receiver, context)
    }

    private func pass(_ tunnel: ByteTunnel, _ context: ChannelHandlerContext) {
        phase = .done
        timer?.cancel()
        do { try splitter.upgrade([tunnel.clientEnd]) } catch {
            tunnel.close()
            context.close(promise: nil)
        }
    }

    private func upgrade(_ receiver: any WebSocketReceiver, _ context: ChannelHandlerContext) {
        do {
            try splitter.upgrade([
                ByteToMessageHandler(WebSocketFrameDecoder(maxFrameSize: limits.maximumMessageBytes)),
                WebSocketHandler(isClient: false, limits: limits, receiver: receiver),
            ])
            context.channel.setOption(.autoRead, value: true).whenFailure { _ in }
        } catch {
            receiver.ended(.lost("the connection ended during the handshake"))
            context.close(promise: nil)
        }
    }

    private func refuse(_ answer: HandshakeAnswer, _ context: ChannelHandlerContext) {
        guard case .refuse(let status, let fields, let body) = answer else { return }
        phase = .done
        splitter.discard()
        timer?.cancel()
        var headers = HTTPHeaders(fields.map { ($0.name, $0.value) })
        headers.replaceOrAdd(name: "connection", value: "close")
        headers.replaceOrAdd(name: "content-length", value: "\(body.count)")
        let head = HTTPResponseHead(
            version: .http1_1, status: HTTPResponseStatus(statusCode: status), headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: body)))), promise: nil)
        // The timer closes the connection if the client does not read the response.
        timer = context.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(limits.closeTimeout)) {
            context.close(promise: nil)
        }
        context.writeAndFlush(wrapOutboundOut(.end(nil))).assumeIsolated().whenComplete { _ in
            context.close(mode: .output, promise: nil)
            context.channel.setOption(.autoRead, value: true).whenFailure { _ in }
        }
    }

    private static func text(_ address: SocketAddress) -> String {
        guard let host = address.ipAddress, let port = address.port else { return "\(address)" }
        return host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }
}
