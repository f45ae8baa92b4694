import EventRouter
import NIOCore
import RealtimeEvents
import RecordFiles
import Synchronization

/// Runs a ``MockPlay`` on a connection, on the connection's event loop.
final class MockSession: WebSocketReceiver {
    private struct State {
        var play: MockPlay
        var socket: WebSocket?
        var openedAt: NIODeadline?
        var timer: Scheduled<Void>?
        var hasEnded = false
        /// Whether the playback waits until the connection is writable.
        var waitsForRoom = false
        /// Whether the server closes the session before the end of the recording.
        var isStopping = false
    }

    /// The maximum number of events to play before checking whether the connection is writable.
    private static let burst = 32

    private let fragments: Bool
    private let recording: SessionRecorder?
    private let report: @Sendable (MockFault) -> Void
    private let onEnd: @Sendable () -> Void
    private let state: Mutex<State>

    /// - Parameters:
    ///   - fragments: whether messages are sent in fragments.
    ///   - recording: records the session; nil for no recording.
    ///   - report: called for each fault of the client.
    ///   - onEnd: called once, when the connection has ended.
    init(
        _ play: MockPlay, fragments: Bool, recording: SessionRecorder?, report: @escaping @Sendable (MockFault) -> Void,
        onEnd: @escaping @Sendable () -> Void
    ) {
        self.fragments = fragments
        self.recording = recording
        self.report = report
        self.onEnd = onEnd
        var play = play
        play.burst = Self.burst
        state = Mutex(State(play: play))
    }

    func opened(_ socket: WebSocket) {
        if fragments { socket.fragmentMessages() }
        step { state, _ in
            state.socket = socket
            state.openedAt = .now()
            return state.play.opened(at: .zero)
        }
    }

    func receive(_ message: ByteBuffer, isText: Bool) -> Bool {
        let bytes = Array(message.readableBytesView)
        step { state, now in
            recording?.append(bytes, isClient: true, at: now)
            return state.play.received(bytes, isText: isText, at: now)
        }
        return true
    }

    func ended(_ end: WebSocketEnd) {
        step { state, now in
            state.hasEnded = true
            recording?.end(at: now)
            return state.isStopping ? [] : state.play.closed(at: now)
        }
        if case .violated(_, let reason) = end {
            report(MockFault(.message, "the client broke the WebSocket protocol: \(reason)"))
        }
        onEnd()
    }

    /// Closes the connection because the server stops.
    func close() {
        let socket = state.withLock { state -> WebSocket? in
            state.isStopping = true
            return state.socket
        }
        socket?.close(code: 1001, reason: "the mock endpoint ends")
    }

    /// Passes an event to the playback, performs its outputs, and sets the timer for its next wake time.
    private func step(_ change: (inout State, Duration) -> [MockPlay.Output]) {
        let (outputs, socket, now) = state.withLock { state in
            let now = state.openedAt.map { Self.duration(since: $0) } ?? .zero
            state.play.isPaused = state.socket.map { !$0.isWritable } ?? false
            return (change(&state, now), state.socket, now)
        }
        for output in outputs { perform(output, socket, now) }
        socket?.flush()
        let waits = state.withLock { state in
            setTimer(&state)
            guard !state.hasEnded, !state.waitsForRoom, let socket = state.socket, !socket.isWritable else {
                return false
            }
            state.waitsForRoom = true
            return true
        }
        if waits { socket?.whenWritable { [weak self] isOpen in self?.resumePlaying(isOpen) } }
    }

    /// Continues the playback when the connection is writable again; does nothing if the connection has ended.
    private func resumePlaying(_ isOpen: Bool) {
        state.withLock { $0.waitsForRoom = false }
        if isOpen { step { state, now in state.play.advance(at: now) } }
    }

    private func perform(_ output: MockPlay.Output, _ socket: WebSocket?, _ now: Duration) {
        switch output {
        case .send(let message):
            recording?.append(message, isClient: false, at: now)
            socket?.enqueue(ByteBuffer(bytes: message))
        case .close(let code, let reason): socket?.close(code: code, reason: reason)
        case .cut:
            socket?.flush()
            socket?.abort()
        case .fault(let fault): report(fault)
        }
    }

    private func setTimer(_ state: inout State) {
        state.timer?.cancel()
        state.timer = nil
        guard !state.hasEnded, let socket = state.socket, let openedAt = state.openedAt,
            let wake = state.play.wakeTime
        else { return }
        // NIO's time is a 64-bit number of nanoseconds, so the wake time is limited to about three years.
        let due = min(wake, .seconds(100_000_000))
        state.timer = socket.eventLoop.scheduleTask(deadline: openedAt + TimeAmount(due)) { [weak self] in
            self?.step { state, now in state.play.advance(at: max(now, due)) }
        }
    }

    private static func duration(since start: NIODeadline) -> Duration {
        .nanoseconds((NIODeadline.now() - start).nanoseconds)
    }
}

/// Records both directions of a session.
struct SessionRecorder: Sendable {
    private let file: RecordingFile
    private let session: String
    private let dialect: Dialect

    /// Creates the file `FOLDER/SESSION.jsonl`.
    ///
    /// - Throws: `FileFailure` if the file cannot be written.
    init(folder: String, session: String, _ recording: MockRecording, unwritten: UnwrittenRecords) throws {
        self.session = session
        dialect = recording.dialect == .translation ? .translation : .realtime
        file = try RecordingFile(path: "\(folder)/{session}.jsonl", session: session)
        file.reportUnwritten(to: unwritten)
        file.begin(session: session, started: SystemClock().wallTime, dialect: dialect)
    }

    /// Records a message.
    func append(_ message: [UInt8], isClient: Bool, at: Duration) {
        file.append(message, isClient: isClient, at: Self.seconds(at), dialect: dialect)
    }

    /// Records the end of the session.
    func end(at: Duration) { file.end(session: session, at: Self.seconds(at), reason: .disconnected) }

    private static func seconds(_ time: Duration) -> Double {
        let (seconds, attoseconds) = time.components
        return Double(seconds) + Double(attoseconds / 1_000_000_000_000) / 1e6
    }
}
