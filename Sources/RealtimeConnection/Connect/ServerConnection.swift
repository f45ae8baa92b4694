import EventRouter
import NIOCore
import Synchronization

/// One connection of a held session: passes the server's messages to the session, and says what they mean for the connection.
final class ServerConnection: WebSocketReceiver {
    private struct State {
        var socket: WebSocket?
        var session: AttachedSession?
        /// Whether no session will take what comes.
        var isAbandoned = false
        var hasServed = false
        /// When our configuration went out, until the server says that it has taken it.
        var configured: Duration?
        /// How many messages have come.
        var messages = 0
        var end: WebSocketEnd?
        var watch: Task<Void, Never>?
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    /// What the connection has to say to the ``ConnectionState``. It ends with the connection, or with the session.
    let signals: AsyncStream<ConnectionState.Input>
    private let signalContinuation: AsyncStream<ConnectionState.Input>.Continuation
    private let isSideband: Bool
    /// What went out and is not confirmed.
    let unconfirmed = UnconfirmedEvents()
    private let state = Mutex(State())

    init(isSideband: Bool) {
        self.isSideband = isSideband
        (signals, signalContinuation) = AsyncStream.makeStream()
    }

    /// The session takes messages from now on; those that came earlier have waited.
    func attach(_ session: AttachedSession) {
        let socket = state.withLock { state in
            state.session = session
            return state.socket
        }
        socket?.resumeReading()
    }

    /// No session takes messages: what came and what comes is dropped, so that the connection can end.
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

    /// How the connection ended, in words; nil while it is open.
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

    /// Something else than the connection has failed, so that the session must end.
    func fail(_ reason: String) { signalContinuation.yield(.broken(reason)) }

    /// The session has ended, whatever the connection does.
    func sessionEnded() { signalContinuation.finish() }

    /// Gives a signal when no message has come for some time.
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
        // A Realtime server sends text. Anything else becomes a dead letter that shows it.
        guard session.receive(message.readableBytesSpan, from: .server) != .full else {
            waitForRoom(in: session)
            return false
        }
        unconfirmed.note(message)
        note(ServerSignal(message))
        return true
    }

    /// Our configuration goes out.
    func configurationSent(at now: Duration) { state.withLock { $0.configured = now } }

    /// Whether our configuration went out a moment ago, and the server has not said that it has taken it.
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
