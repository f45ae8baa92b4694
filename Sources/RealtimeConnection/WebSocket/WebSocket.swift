public import NIOCore

/// An open WebSocket connection. Its members may be used from any thread, unless they say "only on the event loop".
public final class WebSocket: Sendable {
    let channel: any Channel
    private let handler: NIOLoopBound<WebSocketHandler>
    /// The header fields of the server's handshake response; empty on the server's side.
    let answerFields: [(name: String, value: String)]

    init(
        _ channel: any Channel, _ handler: WebSocketHandler, answerFields: [(name: String, value: String)] = []
    ) {
        self.channel = channel
        self.answerFields = answerFields
        self.handler = NIOLoopBound(handler, eventLoop: channel.eventLoop)
    }

    /// The event loop on which the receiver is called.
    public var eventLoop: any EventLoop { channel.eventLoop }

    /// Sends a text message, and returns once less than ``WebSocketLimits/maximumQueuedBytes`` is queued.
    ///
    /// - Parameter message: the text, as UTF-8.
    /// - Returns: false if the connection has ended, and the message may not have been sent.
    @discardableResult
    public func send(_ message: [UInt8]) async -> Bool {
        await write { $0.write(ByteBuffer(bytes: message), isText: true) }
    }

    /// Sends a text message, as ``send(_:)`` does, followed by a ping.
    ///
    /// - Parameter acknowledged: called on the event loop when the peer has answered the ping, and therefore has read
    ///   the message. It is never called after the end of the connection.
    func send(_ message: [UInt8], acknowledged: @escaping @Sendable () -> Void) async -> Bool {
        await write { $0.write(ByteBuffer(bytes: message), acknowledged: acknowledged) }
    }

    /// Runs a write on the event loop, and waits until the connection is writable.
    private func write(_ body: @escaping @Sendable (WebSocketHandler) -> Bool) async -> Bool {
        await withCheckedContinuation { continuation in
            eventLoop.execute { [handler] in
                guard body(handler.value) else { return continuation.resume(returning: false) }
                if handler.value.isWritable { return continuation.resume(returning: true) }
                handler.value.whenWritable { continuation.resume(returning: $0) }
            }
        }
    }

    /// Sends a message without waiting. Unsent messages stay in memory, so the caller must limit them by checking
    /// ``queuedBytes``.
    ///
    /// - Parameters:
    ///   - message: the message's bytes; for a text message UTF-8.
    ///   - isText: whether it is a text message, not a binary one.
    public func post(_ message: ByteBuffer, isText: Bool = true) {
        // Not through `onLoop`, whose closure would be allocated for each message.
        if eventLoop.inEventLoop { return _ = handler.value.write(message, isText: isText) }
        onLoop { _ = $0.write(message, isText: isText) }
    }

    /// Sends a message as ``post(_:isText:)`` does, and calls a closure when the socket has accepted the message, or
    /// the connection has ended. Only on the event loop.
    func post(_ message: ByteBuffer, isText: Bool, written: @escaping () -> Void) {
        handler.value.write(message, isText: isText, written: written)
    }

    /// Queues a text message. It is sent by ``flush()``, or together with the next sent message. Only on the event
    /// loop.
    func enqueue(_ message: ByteBuffer) { _ = handler.value.write(message, isText: true, flushes: false) }

    /// Sends all enqueued messages. Only on the event loop.
    func flush() { handler.value.flush() }

    /// The number of bytes that wait to be sent. Only on the event loop.
    public var queuedBytes: Int { handler.value.queuedBytes }

    /// Whether less than ``WebSocketLimits/maximumQueuedBytes`` is queued. Only on the event loop.
    var isWritable: Bool { handler.value.isWritable }

    /// Calls a closure with true when the connection is writable, or with false when the connection has ended. Only on
    /// the event loop.
    func whenWritable(_ body: @escaping (Bool) -> Void) { handler.value.whenWritable(body) }

    /// Continues reading after the receiver refused a message. The receiver gets the refused message again.
    public func resumeReading() {
        onLoop { $0.resume() }
    }

    /// Closes the connection: sends a close frame after all queued messages, and waits `closeTimeout` for the peer's
    /// close frame.
    ///
    /// - Parameters:
    ///   - code: the code; 1000 for a normal end.
    ///   - reason: at most 123 bytes of UTF-8; a longer reason is truncated.
    public func close(code: UInt16 = 1000, reason: String = "") {
        onLoop { $0.close(code: code, reason: reason) }
    }

    /// Ends the connection immediately, without a close frame.
    public func abort() {
        onLoop { $0.abort() }
    }

    /// Waits until the connection has ended and its socket is closed.
    public func waitForEnd() async { try? await channel.closeFuture.get() }

    private func onLoop(_ body: @escaping @Sendable (WebSocketHandler) -> Void) {
        if eventLoop.inEventLoop { return body(handler.value) }
        eventLoop.execute { [handler] in body(handler.value) }
    }
}

/// Receives the messages of a connection.
///
/// ## Contract All functions are called on the connection's event loop, in the order of the events. They must not
/// block: while one runs, no connection of the same event loop is read. ``opened(_:)`` is called first and
/// ``ended(_:)`` last, each exactly once.
public protocol WebSocketReceiver: AnyObject, Sendable {
    /// Called when the handshake is done. Messages that are sent from here go out before any others.
    ///
    /// - Parameter socket: the connection.
    func opened(_ socket: WebSocket)

    /// Called for each message.
    ///
    /// - Parameters:
    ///   - message: the whole message, joined from its fragments.
    ///   - isText: whether it is a text message, not a binary one.
    /// - Returns: false to refuse the message for now. The connection then stops reading until
    ///   ``WebSocket/resumeReading()``, which delivers the message again.
    func receive(_ message: ByteBuffer, isText: Bool) -> Bool

    /// Called when the connection has ended.
    ///
    /// - Parameter end: how.
    func ended(_ end: WebSocketEnd)
}

/// The limits of a WebSocket connection.
public struct WebSocketLimits: Sendable, Hashable {
    /// The largest accepted message, in bytes over all its fragments. A larger message ends the connection with code
    /// 1009.
    public var maximumMessageBytes = 16 << 20
    /// The time limit for opening a connection, including name resolution, TLS and the HTTP upgrade.
    public var handshakeTimeout = Duration.seconds(15)
    /// How long a server may take to answer a client's handshake, counted from the complete request.
    public var answerTimeout = Duration.seconds(15)
    /// How long a peer may be silent before it gets a ping. A peer that sends nothing, or accepts nothing, for two
    /// intervals counts as dead.
    public var pingInterval = Duration.seconds(20)
    /// How long the peer has to answer a close frame, counted from when it is sent. Messages queued before it get ten
    /// times as long.
    public var closeTimeout = Duration.seconds(3)
    /// The number of queued bytes from which on ``WebSocket/send(_:)`` waits.
    public var maximumQueuedBytes = 256 << 10
    /// The largest HTTP header of a handshake, in bytes.
    public var maximumHeaderBytes = 16 << 10

    /// The defaults.
    public init() {}
}

extension WebSocketLimits {
    /// The longest time from a close to the end of the connection, as a multiple of ``closeTimeout``.
    static let closePatience = 10

    /// The numbers of queued bytes at which a channel stops being writable and becomes writable again.
    var waterMark: ChannelOptions.Types.WriteBufferWaterMark {
        ChannelOptions.Types.WriteBufferWaterMark(
            low: max(1, maximumQueuedBytes / 4), high: max(1, maximumQueuedBytes))
    }
}
