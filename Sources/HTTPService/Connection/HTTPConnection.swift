import NIOCore
import NIOHTTP1

/// One connection. It handles one request at a time: it reads the next request only after answering the current
/// request.
///
/// It is the last handler of its channel. Used on the event loop only.
final class HTTPConnection: ChannelInboundHandler, TrackedConnection, GatedConnection, HandlerCaller {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    enum Phase: Equatable {
        /// Waiting for the first byte of a request.
        case waiting
        case readingHead
        case readingBody
        case handling
        case writing
        /// The last answer is written. The connection stays open for a moment, so that the client can read the answer
        /// before unread bytes reset the connection.
        case lingering
        case closed
    }

    /// The number of bytes after the last answer that are read and discarded.
    private static let lingerBytes = 256 * 1024
    private static let lingerTimeout = TimeAmount.seconds(1)

    let table: ConnectionTable
    private let gate: RequestGate
    private var context: ChannelHandlerContext?
    private(set) var phase = Phase.waiting
    /// The deadline of the phase.
    private(set) var deadline = NIODeadline.distantFuture
    private var head: HTTPRequestHead?
    private var route: HTTPRoute?
    private var refusal: HTTPRefusal?
    private var body: [UInt8] = []
    private var closesAfterAnswer = false
    private var isFirstRequest = true
    private var call: HandlerCall?
    /// The neighbours in the table's linked list of waiting connections.
    var previous: (any TrackedConnection)?
    var next: (any TrackedConnection)?

    init(table: ConnectionTable, gate: RequestGate) {
        self.table = table
        self.gate = gate
    }

    private var options: HTTPServiceOptions { table.options }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    func channelActive(context: ChannelHandlerContext) {
        guard table.admit(self) else { return refuse(.unavailable) }
        waitForClient(.waiting, for: options.headerTimeout)
        gate.open()
    }

    func channelInactive(context: ChannelHandlerContext) { ended() }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // NIO closes the connection after a socket error. Decoder errors are about invalid requests.
        if error is HTTPParserError || error is ByteToMessageDecoderError { refuse(HTTPRefusal(error)) }
    }

    /// Enters a phase in which the connection waits for the client.
    private func waitForClient(_ phase: Phase, for time: Duration) {
        enter(phase, for: TimeAmount(time))
        table.didStartWaiting(self)
    }

    private func enter(_ phase: Phase, for time: TimeAmount) {
        self.phase = phase
        deadline = .now() + time
    }

    // MARK: Reading requests

    /// Called before bytes are passed to the decoder.
    func bytesPassed() {
        guard phase == .waiting else { return }
        // For the first request, the time limit of the header starts with the connection.
        let first = isFirstRequest ? deadline : .distantFuture
        enter(.readingHead, for: TimeAmount(options.headerTimeout))
        deadline = min(deadline, first)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard phase == .readingHead || phase == .readingBody else { return }
        switch Self.unwrapInboundIn(data) {
        case .head(let head): begin(head)
        case .body(let bytes): take(bytes)
        case .end: requestEnded()
        }
    }

    private func begin(_ head: HTTPRequestHead) {
        self.head = head
        let body: RequestBody
        do throws(HTTPRefusal) {
            body = try RequestBody(head, limit: options.maximumBodyBytes)
        } catch {
            return refuse(error)
        }
        let target = RequestTarget(head.uri)
        // The bytes after an upgrade or CONNECT would not be HTTP, so the decoder stops there.
        closesAfterAnswer = !head.isKeepAlive || head.method == .CONNECT || head.headers.contains(name: "upgrade")
        switch table.routes.match(method: head.method.rawValue, path: target.path) {
        case .found(let route): self.route = route
        case .otherMethods(let methods): refusal = .methodNotAllowed(methods)
        case .notFound: refusal = .notFound
        }
        gate.framing.headEnded(bodyLength: body.length)
        guard body.length != 0 else { return }
        if let refusal { return refuse(refusal) }
        enter(.readingBody, for: TimeAmount(options.bodyTimeout))
        if body.expectsContinue { sendContinue() }
    }

    private func sendContinue() {
        guard let context, let head else { return }
        let response = HTTPResponseHead(version: head.version, status: .continue)
        context.writeAndFlush(Self.wrapOutboundOut(.head(response)), promise: nil)
    }

    private func take(_ bytes: ByteBuffer) {
        guard body.count + bytes.readableBytes <= options.maximumBodyBytes else { return refuse(.bodyTooLarge) }
        body.append(contentsOf: bytes.readableBytesView)
        gate.framing.bodyGrew(by: bytes.readableBytes)
    }

    private func requestEnded() {
        gate.hold()
        gate.framing.requestEnded()
        if let refusal { return write(refusal.response) }
        guard let head, let route else { return }
        enter(.handling, for: TimeAmount(options.handlerTimeout))
        table.didStopWaiting(self)
        let target = RequestTarget(head.uri)
        let request = HTTPRequest(
            method: head.method.rawValue, path: target.path, query: target.query,
            headers: HTTPFields(head.headers.lazy.map { ($0.name, $0.value) }), body: body,
            clientAddress: context?.remoteAddress?.ipAddress)
        body = []
        let call = HandlerCall(route: route, request: request, caller: self)
        self.call = call
        table.handlers.run(call)
    }

    // MARK: Writing answers

    /// Writes a handler's answer. Ignores an answer after the connection has given up on the call.
    func answer(_ response: HTTPResponse, of call: HandlerCall) {
        guard phase == .handling, self.call === call else { return }
        write(response)
    }

    /// Answers a request that was not read completely, and closes the connection.
    func refuse(_ refusal: HTTPRefusal) {
        guard phase != .writing, phase != .lingering, phase != .closed else { return }
        closesAfterAnswer = true
        write(refusal.response)
    }

    private func write(_ response: HTTPResponse) {
        gate.hold()
        closesAfterAnswer = closesAfterAnswer || gate.hasOverflowed || table.isStopping
        cancelCall()
        waitForClient(.writing, for: options.writeTimeout)
        guard let context else { return }
        let written = context.eventLoop.makePromise(of: Void.self)
        written.futureResult.assumeIsolated().whenSuccess { self.written() }
        let message = ResponseMessage(response, to: head, closes: closesAfterAnswer, date: table.date())
        context.write(Self.wrapOutboundOut(.head(message.head)), promise: nil)
        if let body = message.body { context.write(Self.wrapOutboundOut(.body(.byteBuffer(body))), promise: nil) }
        context.writeAndFlush(Self.wrapOutboundOut(.end(nil)), promise: written)
    }

    private func written() {
        guard phase == .writing else { return }
        (head, route, refusal, body) = (nil, nil, nil, [])
        isFirstRequest = false
        if !closesAfterAnswer && !table.isStopping {
            waitForClient(.waiting, for: options.idleTimeout)
            gate.open()
            if gate.inputIsClosed { inputClosed() }
        } else if gate.inputIsClosed || table.isStopping {
            close()
        } else {
            enter(.lingering, for: Self.lingerTimeout)
            context?.close(mode: .output, promise: nil)
            gate.discard(Self.lingerBytes)
        }
    }

    // MARK: Closing

    /// Called when the client has closed its side. An incomplete request gets no answer.
    func inputClosed() {
        switch phase {
        case .waiting, .readingHead, .readingBody, .lingering: close()
        case .handling, .writing, .closed: break
        }
    }

    /// Called when the deadline has passed.
    func deadlinePassed() {
        switch phase {
        case .readingHead, .readingBody: refuse(.requestTimeout)
        case .handling: refuse(.unavailable)
        case .waiting, .writing, .lingering, .closed: close()
        }
    }

    /// Closes the connection, or, if an answer is in progress, closes it after that.
    func closeWhenAnswered() {
        if phase != .handling && phase != .writing { close() }
    }

    func close() {
        guard phase != .closed else { return }
        let context = context
        ended()
        context?.close(promise: nil)
    }

    private func ended() {
        guard phase != .closed else { return }
        phase = .closed
        gate.hold()
        cancelCall()
        table.didClose(self)
    }

    private func cancelCall() {
        if let call { table.handlers.cancel(call) }
        call = nil
    }
}
