import EventRouter
import NIOCore
import Synchronization

/// One connection of a held session: passes the server's messages to the session, and says what they mean for the connection.
final class ServerLine: WebSocketReceiver {
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
    let signs: AsyncStream<ConnectionState.Input>
    private let signal: AsyncStream<ConnectionState.Input>.Continuation
    private let isSideband: Bool
    /// What went out and is not confirmed.
    let unconfirmed = UnconfirmedEvents()
    private let state = Mutex(State())

    init(isSideband: Bool) {
        self.isSideband = isSideband
        (signs, signal) = AsyncStream.makeStream()
    }

    /// The session takes messages from now on; those that came earlier have waited.
    func begin(_ session: AttachedSession) {
        let socket = state.withLock { state in
            state.session = session
            return state.socket
        }
        socket?.resumeReading()
    }

    /// No session takes messages: what came and what comes is dropped, so that the connection can end.
    func abandon() {
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
    func fail(_ reason: String) { signal.yield(.broken(reason)) }

    /// The session has ended, whatever the connection does.
    func sessionIsOver() { signal.finish() }

    /// Gives a sign when no message has come for some time.
    func watch(_ silence: Duration, _ clock: any RouterClock) {
        let watch = Task { [self] in
            var seen = -1
            while !Task.isCancelled {
                let messages = state.withLock { $0.messages }
                if messages == seen { return _ = signal.yield(.silent) }
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
        note(ServerSign(message))
        return true
    }

    /// Our configuration goes out.
    func noteConfiguration(at now: Duration) { state.withLock { $0.configured = now } }

    /// Whether our configuration went out a moment ago, and the server has not said that it has taken it.
    func isBehindConfiguration(at now: Duration) -> Bool {
        state.withLock { $0.configured.map { now - $0 < .seconds(5) } ?? false }
    }

    private func note(_ sign: ServerSign) {
        if sign == .updated { state.withLock { $0.configured = nil } }
        if case .fatal(let error) = sign { signal.yield(.fatal(error)) }
        guard sign == .created || isSideband else { return }
        let isFirst = state.withLock { state in
            defer { state.hasServed = true }
            return !state.hasServed
        }
        if isFirst { signal.yield(.served) }
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
        signal.yield(.ended(end))
        signal.finish()
        for continuation in waiting { continuation.resume() }
    }
}
