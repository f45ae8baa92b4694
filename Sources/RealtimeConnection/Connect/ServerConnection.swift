import EventRouter
import NIOCore
import Synchronization

/// One connection of a ``ReconnectingSession``: passes the server's messages to the session, and signals what they mean for the
/// connection.
final class ServerConnection: WebSocketReceiver {
    private struct State {
        var socket: WebSocket?
        var session: AttachedSession?
        /// Whether incoming messages are dropped because there will be no session.
        var isAbandoned = false
        var hasServed = false
        /// When our `session.update` was sent; nil once the server has confirmed it.
        var configured: Duration?
        /// The number of received messages.
        var messages = 0
        var end: WebSocketEnd?
        var watch: Task<Void, Never>?
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    /// The connection's events for the ``ConnectionState``. The stream ends with the connection or the session.
    let signals: AsyncStream<ConnectionState.Input>
    private let signalContinuation: AsyncStream<ConnectionState.Input>.Continuation
    private let isSideband: Bool
    /// The sent events that the server has not confirmed.
    let unconfirmed = UnconfirmedEvents()
    private let state = Mutex(State())

    init(isSideband: Bool) {
        self.isSideband = isSideband
        (signals, signalContinuation) = AsyncStream.makeStream()
    }

    /// Starts delivering messages to a session, beginning with the messages that were received earlier.
    func attach(_ session: AttachedSession) {
        let socket = state.withLock { state in
            state.session = session
            return state.socket
        }
        socket?.resumeReading()
    }

    /// Drops all received and future messages, so that the connection can end without a session.
    func discardMessages() {
        let socket = state.withLock { state in
            state.isAbandoned = true
            return state.socket
        }
        socket?.resumeReading()
    }

    /// The connection; nil before the handshake is done.
    var socket: WebSocket? { state.withLock { $0.socket } }

    /// How the connection ended; nil while it is open.
    var end: WebSocketEnd? { state.withLock { $0.end } }

    /// A description of how the connection ended; nil while it is open.
    var endReason: String? { state.withLock { $0.end.map { "\($0)" } } }

    /// Waits until the connection has ended.
    func waitForEnd() async {
        await withCheckedContinuation { continuation in
            let isOver = state.withLock { state in
                if state.end != nil { return true }
                state.waiting.append(continuation)
                return false
            }
            if isOver { continuation.resume() }
        }
    }

    /// Signals that something other than the connection failed, so that the session must end.
    func fail(_ reason: String) { signalContinuation.yield(.sessionFailed(reason)) }

    /// Ends the stream of signals because the session has ended.
    func sessionEnded() { signalContinuation.finish() }

    /// Signals `silent` when no message arrives for some time.
    func watchForSilence(_ silence: Duration, _ clock: any RouterClock) {
        let watch = Task { [self] in
            var seen = -1
            while !Task.isCancelled {
                let messages = state.withLock { $0.messages }
                if messages == seen { return _ = signalContinuation.yield(.silent) }
                seen = messages
                try? await clock.sleep(for: silence)
            }
        }
        let isOver = state.withLock { state in
            state.watch = watch
            return state.end != nil
        }
        if isOver { watch.cancel() }
    }

    func opened(_ socket: WebSocket) { state.withLock { $0.socket = socket } }

    func receive(_ message: ByteBuffer, isText: Bool) -> Bool {
        let (session, isAbandoned) = state.withLock { state in
            state.messages += 1
            return (state.session, state.isAbandoned)
        }
        guard let session else { return isAbandoned }
        // A Realtime server sends text messages. A binary message becomes a dead letter, which shows its content.
        guard session.receive(message.readableBytesSpan, from: .server) != .full else {
            waitForRoom(in: session)
            return false
        }
        unconfirmed.note(message)
        note(ServerSignal(message))
        return true
    }

    /// Records that our `session.update` is about to be sent.
    func configurationSent(at now: Duration) { state.withLock { $0.configured = now } }

    /// Whether our `session.update` was sent less than 5 s ago, and the server has not confirmed it.
    func hasUnconfirmedConfiguration(at now: Duration) -> Bool {
        state.withLock { $0.configured.map { now - $0 < .seconds(5) } ?? false }
    }

    private func note(_ signal: ServerSignal) {
        if signal == .updated { state.withLock { $0.configured = nil } }
        if case .fatal(let error) = signal { signalContinuation.yield(.fatal(error)) }
        guard signal == .created || isSideband else { return }
        let isFirst = state.withLock { state in
            defer { state.hasServed = true }
            return !state.hasServed
        }
        if isFirst { signalContinuation.yield(.served) }
    }

    private func waitForRoom(in session: AttachedSession) {
        Task {
            await session.waitForRoom()
            socket?.resumeReading()
        }
    }

    func ended(_ end: WebSocketEnd) {
        let (watch, waiting) = state.withLock { state in
            state.end = end
            defer { state.waiting = [] }
            return (state.watch, state.waiting)
        }
        watch?.cancel()
        signalContinuation.yield(.ended(end))
        signalContinuation.finish()
        for continuation in waiting { continuation.resume() }
    }
}
