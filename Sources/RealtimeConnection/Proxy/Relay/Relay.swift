import EventRouter
import NIOCore
import RealtimeEvents

/// Forwards the messages between a client and its server immediately, and delivers them to a session of the router.
///
/// Both connections and the relay run on one event loop. Rules and handlers run elsewhere.
final class Relay: EnqueuingRelay {
    /// A side of the relay.
    enum Side: Sendable {
        case client
        case server

        var other: Side { self == .client ? .server : .client }
    }

    /// One of the two connections.
    private struct Connection {
        var socket: WebSocket?
        var end: WebSocketEnd?
        /// Whether reading is paused until the other connection is writable.
        var isPaused = false
        /// Whether this connection accepts no more messages. The other side must then not wait for it.
        var isClosing = false
    }

    private let eventLoop: any EventLoop
    private let linger: Duration
    private let onEnd: @Sendable (AttachedSession?) -> Void
    /// Inspects the messages; nil if all messages pass unchanged.
    private let filter: SessionFilter?
    private let secrets: ClientSecrets
    private let figures: ProxyFigures
    private let wakeUps: SessionWakeUps
    /// Whether the session has enqueued messages and a wake-up is scheduled.
    private var awaitsWakeUp = false
    /// The number of forwarded messages.
    private var passed = 0
    private var client = Connection()
    private var server = Connection()
    private var session: AttachedSession?
    /// Whether messages may pass: ``begin(_:limit:)`` was called.
    private var hasBegun = false
    private var isOver = false
    private var durationTimer: Scheduled<Void>?
    private var lingerTimer: Scheduled<Void>?

    /// - Parameters:
    ///   - linger: how long the server's connection stays open after the client's has ended, while transcripts are
    ///     outstanding.
    ///   - secrets: the texts to redact before the router gets a message.
    ///   - figures: the proxy's metrics.
    ///   - wakeUps: wakes the session after messages.
    ///   - onEnd: called once, when both connections have ended, with the session if it has begun.
    ///   - filter: inspects the messages; nil if all messages pass unchanged.
    init(
        on eventLoop: any EventLoop, linger: Duration, filter: SessionFilter?, secrets: ClientSecrets,
        figures: ProxyFigures, wakeUps: SessionWakeUps,
        onEnd: @escaping @Sendable (AttachedSession?) -> Void
    ) {
        self.eventLoop = eventLoop
        self.filter = filter
        self.secrets = secrets
        self.figures = figures
        self.wakeUps = wakeUps
        self.linger = linger
        self.onEnd = onEnd
    }

    private subscript(side: Side) -> Connection {
        get { side == .client ? client : server }
        set { if side == .client { client = newValue } else { server = newValue } }
    }

    // MARK: Forwarding

    /// Starts forwarding, beginning with the messages that arrived before.
    ///
    /// - Parameters:
    ///   - session: the session that gets the messages; nil to forward without routing.
    ///   - limit: the maximum duration of the connections, independently of the session; nil for no limit.
    func begin(_ session: AttachedSession?, limit: Duration? = nil) {
        self.session = session
        hasBegun = true
        durationTimer = limit.map { limit in
            eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(limit)) {
                self.end(code: 1008, reason: "the session has lasted as long as it may")
            }
        }
        resume(.server)
    }

    func opened(_ socket: WebSocket, _ side: Side) {
        self[side].socket = socket
        if let end = self[side.other].end { return close(side, like: end) }
        resume(side.other)
    }

    func receive(_ message: ByteBuffer, isText: Bool, from side: Side) -> Bool {
        guard hasBegun else { return false }
        let other = self[side.other]
        if let socket = other.socket {
            guard socket.isWritable || other.isClosing else { return waitForRoom(socket, side) }
            guard pass(message, isText: isText, from: side, to: socket) else { return true }
        } else if other.end == nil {
            return false
        }
        deliver(message, from: side)
        return true
    }

    private func deliver(_ message: ByteBuffer, from side: Side) {
        guard let session else { return }
        let sender: AttachedSession.Side = side == .client ? .client : .server
        let receipt =
            if let message = secrets.redacted(message) {
                session.enqueue(message.span.bytes, from: sender)
            } else {
                session.enqueue(message.readableBytesSpan, from: sender)
            }
        figures.count(receipt)
        // Too much waits already.
        if receipt != .taken { AttachedSession.routeEnqueued(in: [session]) }
        guard !awaitsWakeUp else { return }
        awaitsWakeUp = true
        wakeUps.add(self)
    }

    /// Returns the session to wake, so that it routes its enqueued messages; nil if the relay has no session any more.
    func sessionToWake() -> AttachedSession? {
        awaitsWakeUp = false
        return session
    }

    /// Forwards a message to the other side.
    ///
    /// - Returns: whether to deliver the message to the session too; false for a client message that the server does
    ///   not get.
    private func pass(
        _ message: ByteBuffer, isText: Bool, from side: Side, to socket: WebSocket
    ) -> Bool {
        guard let filter else {
            post(message, isText: isText, to: socket)
            return true
        }
        let verdict = side == .client ? filter.client(message) : filter.server(message)
        switch verdict {
        case .pass: post(message, isText: isText, to: socket)
        case .edited(let message): post(message, isText: true, to: socket)
        case .hide: if side == .client { figures.swallowedOutputs.add() }
        case .forbidden(let reason): end(code: 1008, reason: reason)
        }
        if let changes = filter.takeChanges() {
            session?.addLabels(changes.labels.compactMap { secrets.label($0.name, $0.value) })
            if let update = changes.update { session?.configure(update) }
        }
        switch verdict {
        case .pass, .edited: return true
        case .hide, .forbidden: return side == .server
        }
    }

    private func post(_ message: ByteBuffer, isText: Bool, to socket: WebSocket) {
        passed += 1
        guard passed % ProxyFigures.sample == 0 else { return socket.post(message, isText: isText) }
        let arrival = NIODeadline.now()
        socket.post(message, isText: isText) { [figures] in figures.passed(since: arrival) }
    }

    /// Sends one of the router's events to the server.
    ///
    /// - Parameter sent: called with whether the event was sent, once the connection is writable again.
    func send(_ event: ClientEvent, _ sent: @escaping (Bool) -> Void) {
        guard let socket = server.socket, client.end == nil else { return sent(false) }
        guard filter?.routerSends(event) ?? true else { return sent(true) }
        socket.post(ByteBuffer(bytes: event.jsonBytes))
        socket.whenWritable { isOpen in sent(isOpen) }
    }

    /// Applies backpressure: stops reading from one side until the other side's connection is writable.
    private func waitForRoom(_ socket: WebSocket, _ side: Side) -> Bool {
        guard !self[side].isPaused else { return false }
        self[side].isPaused = true
        socket.whenWritable { [self] isOpen in
            self[side].isPaused = false
            if !isOpen { self[side.other].isClosing = true }
            // Deferred, because this closure may be called while a message is being sent.
            eventLoop.assumeIsolated().execute { self.resume(side) }
        }
        return false
    }

    private func resume(_ side: Side) { self[side].socket?.resumeReading() }

    func ended(_ end: WebSocketEnd, _ side: Side) {
        self[side].socket = nil
        self[side].end = end
        switch side {
        case .server: close(.client, like: end)
        case .client: endServer(like: end)
        }
        finishIfOver()
        // Reading from the other side may be paused because of this side. It must resume, to detect the other side's
        // end. Deferred, because this function may be called while the other side is reading.
        eventLoop.assumeIsolated().execute { self.resume(side.other) }
    }

    // MARK: Closing

    /// Closes the server's connection after the client's has ended, once the outstanding transcripts have arrived or
    /// `linger` has passed.
    private func endServer(like end: WebSocketEnd) {
        linger(until: eventLoop.now + TimeAmount(linger), end)
    }

    private func linger(until deadline: NIODeadline, _ end: WebSocketEnd) {
        guard server.socket != nil, eventLoop.now < deadline, session?.hasPendingWords == true else {
            return close(.server, like: end)
        }
        lingerTimer = eventLoop.assumeIsolated().scheduleTask(in: Self.lingerStep) {
            self.linger(until: deadline, end)
        }
    }

    /// The interval for checking whether transcripts are outstanding.
    private static let lingerStep = TimeAmount.milliseconds(50)

    /// Closes one side with the code and reason of the other side's end.
    private func close(_ side: Side, like end: WebSocketEnd) {
        let (code, reason) = end.passed
        self[side].socket?.close(code: code, reason: reason)
    }

    /// Closes both connections for a reason of the proxy.
    ///
    /// - Parameters:
    ///   - code: the close code for the client; the server gets 1000.
    ///   - reason: the reason for the client.
    func end(code: UInt16, reason: String) {
        lingerTimer?.cancel()
        client.socket?.close(code: code, reason: reason)
        server.socket?.close(code: 1000)
    }

    private func finishIfOver() {
        guard client.end != nil, server.end != nil, !isOver else { return }
        isOver = true
        lingerTimer?.cancel()
        durationTimer?.cancel()
        onEnd(session)
        session = nil
    }
}

extension WebSocketEnd {
    /// The code and the reason for closing the other side of a proxy. An end without a valid close code becomes 1011.
    var passed: (code: UInt16, reason: String) {
        switch self {
        case .closed(let code?, let reason): (code, reason)
        case .closed(nil, _): (1011, "closed without a code")
        case .lost: (1011, "the other side's connection was lost")
        case .violated: (1011, "the other side broke the protocol")
        case .silent: (1011, "the other side gave no sign of life")
        case .local(let code): (code, "")
        }
    }
}
