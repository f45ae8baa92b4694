import NIOCore
import NIOWebSocket

/// The WebSocket protocol of one connection: messages, pings, liveness checks, and the closing handshake. Everything
/// runs on its event loop.
final class WebSocketHandler: ChannelInboundHandler {
    typealias InboundIn = WebSocketFrame
    typealias OutboundOut = ByteBuffer

    private let limits: WebSocketLimits
    /// Nil once the receiver knows of the end. The receiver may hold the connection; keeping it here would be a
    /// reference cycle.
    private var receiver: (any WebSocketReceiver)?
    private(set) var context: ChannelHandlerContext?
    private var phase = WebSocketPhase.open
    private var assembly: MessageAssembly
    /// The message that the receiver refused, and the messages that were read after it.
    private var refused = CircularBuffer<(message: ByteBuffer, isText: Bool)>()
    private var isPaused = false
    private var lastHeard = NIODeadline.now()
    private var lastTaken = NIODeadline.now()
    /// The number of bytes of all frames so far.
    private var writtenBytes = 0
    /// The number of those bytes that the socket had accepted at the last liveness check.
    private var takenBytes = 0
    /// When the unanswered ping was sent; nil if no ping is unanswered.
    private var pinged: NIODeadline?
    /// The data of a ping whose pong waits until the channel is writable. Only the last ping needs an answer.
    private var pendingPong: ByteBuffer?
    private var writers: [(Bool) -> Void] = []
    var acknowledgements = PingAcknowledgements()
    private var ticking: Scheduled<Void>?
    private var timeout: Scheduled<Void>?
    /// The number of bytes that wait for the socket.
    var queuedBytes: Int {
        ((try? context?.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? nil) ?? 0
    }
    /// The keys that mask a client's frames; nil for a server.
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

// MARK: - Reading

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

    /// Counts incomplete frames as activity of the peer too, so that a large frame on a slow network does not end the
    /// connection.
    func channelReadComplete(context: ChannelHandlerContext) {
        lastHeard = context.eventLoop.now
        context.fireChannelReadComplete()
    }

    /// The end to report for the connection, known once a close frame was sent or received; nil before.
    private var closingEnd: WebSocketEnd? { if case .closing(let end) = phase { end } else { nil } }

    private var hasEnded: Bool { if case .ended = phase { true } else { false } }

    private func receive(_ message: ByteBuffer, _ isText: Bool, _ context: ChannelHandlerContext) {
        // Messages that arrive after our close frame count: the peer sent them before it read the close frame.
        if !isPaused, receiver?.receive(message, isText: isText) ?? true { return }
        refused.append((message, isText))
        if !isPaused { pause(context) }
    }

    private func pause(_ context: ChannelHandlerContext) {
        isPaused = true
        context.channel.setOption(.autoRead, value: false).whenFailure { _ in }
    }

    /// Delivers the refused messages to the receiver again, and continues reading.
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
            // Echoes the peer's code. 1005 and 1006 must not be sent (RFC 6455, section 7.4.1).
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

// MARK: - Writing

extension WebSocketHandler {
    /// Writes a message. A message with `flushes: false` is sent with the next flushed message, or with ``flush()``.
    ///
    /// - Returns: false if the connection has ended or is being closed.
    func write(_ message: ByteBuffer, isText: Bool, flushes: Bool = true) -> Bool {
        guard case .open = phase, let context else { return false }
        send(isText ? .text : .binary, message, context, flushes: flushes)
        return true
    }

    /// Writes a message, and calls a closure when the socket has accepted the message, or the connection has ended.
    func write(_ message: ByteBuffer, isText: Bool, written: @escaping () -> Void) {
        guard case .open = phase, let context else { return written() }
        let taken = context.eventLoop.makePromise(of: Void.self)
        taken.futureResult.assumeIsolated().whenComplete { _ in written() }
        send(isText ? .text : .binary, message, context, taken: taken)
    }

    /// Sends all written messages to the socket.
    func flush() { context?.flush() }

    /// Whether fewer than ``WebSocketLimits/maximumQueuedBytes`` wait for the peer.
    var isWritable: Bool { context?.channel.isWritable ?? false }

    /// Calls a closure with true when the connection is writable, or with false when the connection has ended.
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

    /// Writes a frame.
    ///
    /// - Parameter taken: succeeds when the socket has accepted the frame. Without it, only the frame's bytes are
    ///   allocated.
    func send(
        _ opcode: WebSocketOpcode, _ data: ByteBuffer, _ context: ChannelHandlerContext, flushes: Bool = true,
        taken: EventLoopPromise<Void>? = nil
    ) {
        let frame = EncodedFrame(opcode, data, mask: maskKeys?.key(), context.channel.allocator)
        writtenBytes += frame.head.readableBytes + (frame.data?.readableBytes ?? 0)
        if let data = frame.data {
            context.write(wrapOutboundOut(frame.head), promise: nil)
            context.write(wrapOutboundOut(data), promise: taken)
        } else {
            context.write(wrapOutboundOut(frame.head), promise: taken)
        }
        if flushes { context.flush() }
    }
}

// MARK: - Liveness and closing

extension WebSocketHandler {
    private func tick(_ context: ChannelHandlerContext) {
        ticking = context.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(limits.pingInterval)) {
            self.checkLife(context)
        }
    }

    private func checkLife(_ context: ChannelHandlerContext) {
        let now = context.eventLoop.now
        let interval = TimeAmount(limits.pingInterval)
        // While reading is paused, silence does not mean that the peer is dead.
        if isPaused { lastHeard = now }
        let queued = queuedBytes
        // A large message may need several intervals. The peer is alive as long as it accepts some of it.
        let hasProgress = writtenBytes - queued > takenBytes
        if queued == 0 || hasProgress { lastTaken = now }
        // A ping is sent after the queued messages, so the peer cannot have answered it yet.
        if queued > 0, hasProgress { pinged = nil }
        takenBytes = writtenBytes - queued
        // Silence alone is not enough: after the machine was suspended, nothing has arrived for a long time. The peer
        // has a whole interval to answer the ping.
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
        let taken = context.eventLoop.makePromise(of: Void.self)
        send(.connectionClose, ByteBuffer(closeCode: code, reason: reason), context, taken: taken)
        phase = .closing(.local(code: code))
        releaseWriters()
        giveUp(in: limits.closeTimeout * WebSocketLimits.closePatience, code, context)
        // The close timeout counts from the moment when the close frame itself is sent.
        taken.futureResult.assumeIsolated().whenSuccess { self.giveUp(in: self.limits.closeTimeout, code, context) }
    }

    private func giveUp(in time: Duration, _ code: UInt16, _ context: ChannelHandlerContext) {
        guard case .closing = phase else { return }
        timeout?.cancel()
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
        // Closing now, with unread bytes, would reset the TCP connection, and the peer would never see the close frame.
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

/// The state of a connection.
enum WebSocketPhase {
    case open
    /// A close frame was sent; the peer's close frame is outstanding.
    case closing(WebSocketEnd)
    /// The connection has ended. The receiver is notified, unless it still refuses messages.
    case ended(WebSocketEnd)
}

extension ByteBuffer {
    /// The payload of a close frame; empty without a code. A reason of more than 123 bytes is truncated.
    init(closeCode code: UInt16?, reason: String) {
        self.init()
        guard let code else { return }
        writeInteger(code)
        writeBytes(reason.cut(toUTF8Bytes: 123).utf8)
    }
}

extension NIOWebSocketError {
    /// The close code and the reason for an error of the frame decoder.
    func violation(_ limits: WebSocketLimits) -> (code: UInt16, reason: String) {
        switch self {
        case .invalidFrameLength: (1009, "a frame is larger than \(limits.maximumMessageBytes) bytes")
        case .fragmentedControlFrame: (1002, "a control frame is fragmented")
        case .multiByteControlFrameLength: (1002, "a control frame is longer than 125 bytes")
        }
    }
}

/// The pings that were sent after messages, with the closures that their pongs call.
///
/// A peer answers pings in order, and only after it has read what was sent before them. So a pong confirms the messages
/// before its ping.
struct PingAcknowledgements {
    private var last: UInt64 = 0
    private var waiting = CircularBuffer<(number: UInt64, taken: @Sendable () -> Void)>()

    /// Registers a ping.
    ///
    /// - Parameter taken: called when the peer has answered this ping or a later one.
    /// - Returns: the ping's payload.
    mutating func ping(_ taken: @escaping @Sendable () -> Void) -> ByteBuffer {
        last += 1
        waiting.append((last, taken))
        return ByteBuffer(integer: last)
    }

    /// Handles a pong. A pong that answers none of these pings is ignored.
    mutating func take(pong data: ByteBuffer) {
        guard data.readableBytes == 8, let number = data.getInteger(at: data.readerIndex, as: UInt64.self),
            number <= last
        else { return }
        while let first = waiting.first, first.number <= number { waiting.removeFirst().taken() }
    }
}

extension WebSocketHandler {
    /// Writes a text message followed by a ping, and calls a closure when the peer has answered the ping.
    func write(_ message: ByteBuffer, acknowledged: @escaping @Sendable () -> Void) -> Bool {
        guard write(message, isText: true), let context else { return false }
        send(.ping, acknowledgements.ping(acknowledged), context)
        return true
    }
}
