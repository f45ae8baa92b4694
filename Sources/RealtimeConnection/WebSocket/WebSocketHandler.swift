import NIOCore
import NIOWebSocket

/// The WebSocket protocol of one connection: messages, pings, sign of life, and the closing handshake. Everything runs on its event loop.
final class WebSocketHandler: ChannelInboundHandler {
    typealias InboundIn = WebSocketFrame
    typealias OutboundOut = ByteBuffer

    private let limits: WebSocketLimits
    /// Nil once it knows of the end: it may hold the connection, and must not hold it for ever.
    private var receiver: (any WebSocketReceiver)?
    private(set) var context: ChannelHandlerContext?
    private var phase = WebSocketPhase.open
    private var assembly: MessageAssembly
    /// What the receiver refused, and what was read behind it.
    private var refused = CircularBuffer<(message: ByteBuffer, isText: Bool)>()
    private var isPaused = false
    private var lastHeard = NIODeadline.now()
    private var lastTaken = NIODeadline.now()
    /// How many bytes the socket had not taken when that was looked at last.
    private var waitingBytes: Int?
    /// When a ping went out that nothing has answered.
    private var pinged: NIODeadline?
    /// The data of a ping whose pong waits for the peer to take what was sent. Only the last ping needs an answer.
    private var pendingPong: ByteBuffer?
    private var writers: [(Bool) -> Void] = []
    var acknowledgements = PingAcknowledgements()
    private var ticking: Scheduled<Void>?
    private var timeout: Scheduled<Void>?
    private(set) var queuedBytes = 0
    /// For a client, whose frames are masked.
    private var maskKeys: MaskKeys?

    init(isClient: Bool, limits: WebSocketLimits, receiver: any WebSocketReceiver) {
        if isClient { maskKeys = MaskKeys() }
        self.limits = limits
        self.receiver = receiver
        assembly = MessageAssembly(maximumBytes: limits.maximumMessageBytes, expectsMask: !isClient)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        lastHeard = context.eventLoop.now
        lastTaken = lastHeard
        tick(context)
        receiver?.opened(WebSocket(context.channel, self))
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        finish(closingEnd ?? .lost("the connection was taken down"))
        timeout?.cancel()
        self.context = nil
    }
}

// MARK: - What comes

extension WebSocketHandler {
    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        lastHeard = context.eventLoop.now
        guard !hasEnded else { return }
        switch assembly.take(unwrapInboundIn(data)) {
        case .message(let message, let isText): receive(message, isText, context)
        case .ping(let data): answerPing(data, context)
        case .pong(let data): acknowledgements.take(pong: data)
        case .more: break
        case .close(let code, let reason): peerCloses(code, reason, context)
        case .violation(let code, let reason): violate(code, reason, context)
        }
    }

    /// A frame that comes slowly is a sign of life before it is whole.
    func channelReadComplete(context: ChannelHandlerContext) {
        lastHeard = context.eventLoop.now
        context.fireChannelReadComplete()
    }

    /// The end that this side or the peer's close frame has begun.
    private var closingEnd: WebSocketEnd? { if case .closing(let end) = phase { end } else { nil } }

    private var hasEnded: Bool { if case .ended = phase { true } else { false } }

    private func receive(_ message: ByteBuffer, _ isText: Bool, _ context: ChannelHandlerContext) {
        // What the peer sends behind our close frame was sent before it saw that: it counts.
        if !isPaused, receiver?.receive(message, isText: isText) ?? true { return }
        refused.append((message, isText))
        if !isPaused { pause(context) }
    }

    private func pause(_ context: ChannelHandlerContext) {
        isPaused = true
        context.channel.setOption(.autoRead, value: false).whenFailure { _ in }
    }

    /// Gives the receiver what it refused, and reads on.
    func resume() {
        guard isPaused else { return }
        while let next = refused.first {
            guard receiver?.receive(next.message, isText: next.isText) ?? true else { return }
            refused.removeFirst()
        }
        isPaused = false
        if case .ended(let end) = phase { return notifyReceiver(end) }
        guard let context else { return }
        lastHeard = context.eventLoop.now
        context.channel.setOption(.autoRead, value: true).whenFailure { _ in }
    }

    private func answerPing(_ data: ByteBuffer, _ context: ChannelHandlerContext) {
        guard case .open = phase else { return }
        guard context.channel.isWritable else {
            pendingPong = data
            return
        }
        send(.pong, data, context)
    }

    private func peerCloses(_ code: UInt16?, _ reason: String, _ context: ChannelHandlerContext) {
        switch phase {
        case .open:
            // The peer's code is echoed; 1005 and 1006 never go out.
            send(.connectionClose, ByteBuffer(closeCode: code, reason: ""), context)
            phase = .closing(.closed(code: code, reason: reason))
            end(.closed(code: code, reason: reason), context)
        case .closing(let end): self.end(end, context)
        case .ended: break
        }
    }

    private func violate(_ code: UInt16, _ reason: String, _ context: ChannelHandlerContext) {
        if case .open = phase { send(.connectionClose, ByteBuffer(closeCode: code, reason: reason), context) }
        end(.violated(code: code, reason), context)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if let violation = (error as? NIOWebSocketError)?.violation(limits) {
            violate(violation.code, violation.reason, context)
        } else {
            end(closingEnd ?? .lost(NetworkError.text(of: error)), context)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        finish(closingEnd ?? .lost("the peer closed the connection"))
    }
}

// MARK: - What goes out

extension WebSocketHandler {
    /// Writes a message. One that is not flushed goes out with the next one that is, or with ``flush()``.
    ///
    /// - Returns: false if the connection has ended or is being closed.
    func write(_ message: ByteBuffer, isText: Bool, flushes: Bool = true) -> Bool {
        guard case .open = phase, let context else { return false }
        send(isText ? .text : .binary, message, context, flushes: flushes)
        return true
    }

    /// Writes a message, and calls a closure when the socket has taken it, or never will.
    func write(_ message: ByteBuffer, isText: Bool, written: @escaping () -> Void) {
        guard case .open = phase, let context else { return written() }
        send(isText ? .text : .binary, message, context).assumeIsolated().whenComplete { _ in written() }
    }

    /// Lets everything go out that was written.
    func flush() { context?.flush() }

    /// Whether the peer has taken enough of what was sent to let more wait.
    var isWritable: Bool { context?.channel.isWritable ?? false }

    /// Calls a closure when the peer has taken enough: with true, or with false if the connection has ended.
    func whenWritable(_ writer: @escaping (Bool) -> Void) {
        guard case .open = phase, let context else { return writer(false) }
        if context.channel.isWritable { return writer(true) }
        writers.append(writer)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable {
            lastTaken = context.eventLoop.now
            if let pendingPong {
                self.pendingPong = nil
                answerPing(pendingPong, context)
            }
            let writers = self.writers
            self.writers = []
            for writer in writers { writer(true) }
        }
        context.fireChannelWritabilityChanged()
    }

    @discardableResult
    func send(
        _ opcode: WebSocketOpcode, _ data: ByteBuffer, _ context: ChannelHandlerContext, flushes: Bool = true
    ) -> EventLoopFuture<Void> {
        let size = data.readableBytes
        let frame = EncodedFrame(opcode, data, mask: maskKeys?.key(), context.channel.allocator)
        queuedBytes += size
        let taken = context.eventLoop.makePromise(of: Void.self)
        taken.futureResult.assumeIsolated().whenComplete { _ in
            self.queuedBytes -= size
            self.lastTaken = context.eventLoop.now
        }
        if let data = frame.data {
            context.write(wrapOutboundOut(frame.head), promise: nil)
            context.write(wrapOutboundOut(data), promise: taken)
        } else {
            context.write(wrapOutboundOut(frame.head), promise: taken)
        }
        if flushes { context.flush() }
        return taken.futureResult
    }
}

// MARK: - Time and end

extension WebSocketHandler {
    private func tick(_ context: ChannelHandlerContext) {
        ticking = context.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(limits.pingInterval)) {
            self.checkLife(context)
        }
    }

    private func checkLife(_ context: ChannelHandlerContext) {
        let now = context.eventLoop.now
        let interval = TimeAmount(limits.pingInterval)
        // What is not read says nothing of the peer.
        if isPaused { lastHeard = now }
        if queuedBytes == 0 { lastTaken = now }
        // A large message may take long, and then some of it is taken.
        let waiting = (try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? nil
        if let waiting, let before = waitingBytes, waiting < before { lastTaken = now }
        waitingBytes = waiting
        // Not before a ping had its interval: a machine that slept has heard nothing for long either.
        let isUnanswered = pinged.map { lastHeard < $0 } ?? false
        guard !isUnanswered, now - lastTaken < interval * 2 else {
            return end(.silent(limits.pingInterval * 2), context)
        }
        pinged = nil
        if now - lastHeard >= interval, case .open = phase {
            pinged = now
            send(.ping, ByteBuffer(), context)
        }
        tick(context)
    }

    func close(code: UInt16, reason: String) {
        guard case .open = phase, let context else { return }
        let code = MessageAssembly.isAllowed(code) ? code : 1011
        let written = send(.connectionClose, ByteBuffer(closeCode: code, reason: reason), context)
        phase = .closing(.local(code: code))
        releaseWriters()
        giveUp(in: limits.closeTimeout * WebSocketLimits.closePatience, code, context)
        // What waits before the close frame may take its time.
        written.assumeIsolated().whenSuccess { self.giveUp(in: self.limits.closeTimeout, code, context) }
    }

    private func giveUp(in time: Duration, _ code: UInt16, _ context: ChannelHandlerContext) {
        timeout?.cancel()
        guard case .closing = phase else { return }
        timeout = context.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(time)) {
            self.end(.local(code: code), context)
        }
    }

    func abort() {
        guard let context else { return }
        end(.lost("aborted here"), context)
    }

    /// Ends the connection, and closes its socket.
    private func end(_ end: WebSocketEnd, _ context: ChannelHandlerContext) {
        guard !hasEnded else { return }
        finish(end)
        guard case .violated = end else { return context.close(promise: nil) }
        // Closed at once, with bytes unread, the socket would be reset, and the peer would never see the close frame.
        timeout = context.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(limits.closeTimeout)) {
            context.close(promise: nil)
        }
    }

    private func finish(_ end: WebSocketEnd) {
        guard !hasEnded else { return }
        phase = .ended(end)
        ticking?.cancel()
        timeout?.cancel()
        acknowledgements = PingAcknowledgements()
        releaseWriters()
        if !isPaused { notifyReceiver(end) }
    }

    private func notifyReceiver(_ end: WebSocketEnd) {
        let receiver = self.receiver
        self.receiver = nil
        receiver?.ended(end)
    }

    private func releaseWriters() {
        let writers = self.writers
        self.writers = []
        for writer in writers { writer(false) }
    }
}

/// How far a connection is.
enum WebSocketPhase {
    case open
    /// A close frame went out; the peer's is to come.
    case closing(WebSocketEnd)
    /// The receiver knows it, unless it still refuses messages.
    case ended(WebSocketEnd)
}

extension ByteBuffer {
    /// The data of a close frame; none without a code. A reason of more than 123 bytes is cut.
    init(closeCode code: UInt16?, reason: String) {
        self.init()
        guard let code else { return }
        writeInteger(code)
        writeBytes(reason.cut(toUTF8Bytes: 123).utf8)
    }
}

extension NIOWebSocketError {
    /// The close code and the words for what the decoder of frames refuses.
    func violation(_ limits: WebSocketLimits) -> (code: UInt16, reason: String) {
        switch self {
        case .invalidFrameLength: (1009, "a frame is larger than \(limits.maximumMessageBytes) bytes")
        case .fragmentedControlFrame: (1002, "a control frame is fragmented")
        case .multiByteControlFrameLength: (1002, "a control frame is longer than 125 bytes")
        }
    }
}

/// The pings that went out behind messages, and what is to be done when the peer answers them.
///
/// A peer answers pings in their order, and only when it has read what came before them.
struct PingAcknowledgements {
    private var last: UInt64 = 0
    private var waiting = CircularBuffer<(number: UInt64, taken: @Sendable () -> Void)>()

    /// Makes a ping.
    ///
    /// - Parameter taken: called when the peer has answered it, or a later one.
    /// - Returns: the ping's data.
    mutating func ping(_ taken: @escaping @Sendable () -> Void) -> ByteBuffer {
        last += 1
        waiting.append((last, taken))
        return ByteBuffer(integer: last)
    }

    /// Takes a pong. One that answers no ping of these is ignored.
    mutating func take(pong data: ByteBuffer) {
        guard data.readableBytes == 8, let number = data.getInteger(at: data.readerIndex, as: UInt64.self),
            number <= last
        else { return }
        while let first = waiting.first, first.number <= number { waiting.removeFirst().taken() }
    }
}

extension WebSocketHandler {
    /// Writes a text message and a ping behind it, and calls a closure when the peer has answered that.
    func write(_ message: ByteBuffer, acknowledged: @escaping @Sendable () -> Void) -> Bool {
        guard write(message, isText: true), let context else { return false }
        send(.ping, acknowledgements.ping(acknowledged), context)
        return true
    }
}
