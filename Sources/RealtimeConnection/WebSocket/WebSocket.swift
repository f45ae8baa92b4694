public import NIOCore

/// An open WebSocket connection. All of it may be called from any thread.
public final class WebSocket: Sendable {
    let channel: any Channel
    private let handler: NIOLoopBound<WebSocketHandler>
    /// The fields of the server's answer to the handshake; none on the server's side.
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

    /// Sends a text message, and returns when the peer has taken enough of what was sent to let more wait.
    ///
    /// - Parameter message: the text, as UTF-8.
    /// - Returns: false if the connection has ended, and the message may not have been sent.
    @discardableResult
    public func send(_ message: [UInt8]) async -> Bool {
        await write { $0.write(ByteBuffer(bytes: message), isText: true) }
    }

    /// Sends a text message, as ``send(_:)`` does, and a ping behind it.
    ///
    /// - Parameter acknowledged: called on the event loop when the peer has answered the ping, so that it has read the message. It is never
    ///   called after the end of the connection.
    func send(_ message: [UInt8], acknowledged: @escaping @Sendable () -> Void) async -> Bool {
        await write { $0.write(ByteBuffer(bytes: message), acknowledged: acknowledged) }
    }

    /// Writes something, and waits until more may wait.
    private func write(_ body: @escaping @Sendable (WebSocketHandler) -> Bool) async -> Bool {
        await withCheckedContinuation { continuation in
            eventLoop.execute { [handler] in
                guard body(handler.value) else { return continuation.resume(returning: false) }
                if handler.value.isWritable { return continuation.resume(returning: true) }
                handler.value.whenWritable { continuation.resume(returning: $0) }
            }
        }
    }

    /// Sends a message without waiting. What the peer does not take stays in memory: the caller bounds it by ``queuedBytes``.
    ///
    /// - Parameters:
    ///   - message: the message's bytes; for a text message UTF-8.
    ///   - isText: whether it is a text message, not a binary one.
    public func post(_ message: ByteBuffer, isText: Bool = true) {
        // Not by a closure, which would be allocated for each message.
        if eventLoop.inEventLoop { return _ = handler.value.write(message, isText: isText) }
        onLoop { _ = $0.write(message, isText: isText) }
    }

    /// Sends a message as ``post(_:isText:)`` does, and calls a closure when the socket has taken it, or never will. Only on the event loop.
    func post(_ message: ByteBuffer, isText: Bool, written: @escaping () -> Void) {
        handler.value.write(message, isText: isText, written: written)
    }

    /// Writes a text message that goes out with ``flush()``, or with the next one that is sent. Only on the event loop.
    func enqueue(_ message: ByteBuffer) { _ = handler.value.write(message, isText: true, flushes: false) }

    /// Lets everything go out that was enqueued. Only on the event loop.
    func flush() { handler.value.flush() }

    /// How many bytes the peer has not taken. Only on the event loop.
    public var queuedBytes: Int { handler.value.queuedBytes }

    /// Whether the peer has taken enough of what was sent to let more wait. Only on the event loop.
    var isWritable: Bool { handler.value.isWritable }

    /// Calls a closure when the peer has taken enough of what was sent: with true, or with false if the connection has ended. Only on the
    /// event loop.
    func whenWritable(_ body: @escaping (Bool) -> Void) { handler.value.whenWritable(body) }

    /// Reads on after the receiver refused a message; the receiver gets that message again.
    public func resumeReading() {
        onLoop { $0.resume() }
    }

    /// Closes the connection: sends a close frame behind what was sent, and waits `closeTimeout` for the peer's.
    ///
    /// - Parameters:
    ///   - code: the code; 1000 for a normal end.
    ///   - reason: at most 123 bytes of UTF-8; a longer one is cut.
    public func close(code: UInt16 = 1000, reason: String = "") {
        onLoop { $0.close(code: code, reason: reason) }
    }

    /// Ends the connection at once, without a close frame.
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

/// Who gets the messages of a connection.
///
/// ## Contract
/// All functions are called on the connection's event loop, in the order of what happened, and must return soon: while one runs, no
/// connection of the same event loop is read. ``opened(_:)`` comes first, ``ended(_:)`` last, each once.
public protocol WebSocketReceiver: AnyObject, Sendable {
    /// The handshake is done. Messages that are sent here go out before anything else.
    ///
    /// - Parameter socket: the connection.
    func opened(_ socket: WebSocket)

    /// A message came.
    ///
    /// - Parameters:
    ///   - message: the whole message, whatever its fragments were.
    ///   - isText: whether it is a text message, not a binary one.
    /// - Returns: false to refuse it for now. Then nothing more is read, until ``WebSocket/resumeReading()`` gives the message again.
    func receive(_ message: ByteBuffer, isText: Bool) -> Bool

    /// The connection has ended.
    ///
    /// - Parameter end: how.
    func ended(_ end: WebSocketEnd)
}

/// The limits of a WebSocket connection.
public struct WebSocketLimits: Sendable, Hashable {
    /// The largest message that is taken, in bytes, over all its fragments. A larger one ends the connection with 1009.
    public var maximumMessageBytes = 16 << 20
    /// The time from the first attempt to connect to the end of the handshake: name resolution, TLS and the HTTP upgrade included.
    public var handshakeTimeout = Duration.seconds(15)
    /// How long the answer to a client's handshake may take, once the request is there.
    public var answerTimeout = Duration.seconds(15)
    /// How long a peer may be silent before it gets a ping. A peer that sends nothing for two such intervals, or takes nothing, is dead.
    public var pingInterval = Duration.seconds(20)
    /// How long the peer has to answer a close frame, once that has gone out. What waits before it has ten times as long.
    public var closeTimeout = Duration.seconds(3)
    /// From so many bytes on that the peer has not taken, ``WebSocket/send(_:)`` waits.
    public var maximumQueuedBytes = 256 << 10
    /// The largest HTTP header of a handshake, in bytes.
    public var maximumHeaderBytes = 16 << 10

    /// The defaults.
    public init() {}
}

extension WebSocketLimits {
    /// How many ``closeTimeout``s it takes at most until a connection that is being closed has ended.
    static let closePatience = 10

    /// When a channel stops to be writable, and when it is again.
    var waterMark: ChannelOptions.Types.WriteBufferWaterMark {
        ChannelOptions.Types.WriteBufferWaterMark(
            low: max(1, maximumQueuedBytes / 4), high: max(1, maximumQueuedBytes))
    }
}
