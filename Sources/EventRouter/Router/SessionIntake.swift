import EventJSON
import RealtimeEvents
import Synchronization

/// The received messages of a session that are not routed yet.
///
/// The intake is bounded. Sources that can wait do so until there is room. For other sources, audio loses its payload
/// first.
final class SessionIntake: Sendable {
    enum Next {
        /// A batch, and the clock's time at which it arrived.
        case batch(EventBatch, cameAt: Duration)
        /// A change of the connection between two events, and the clock's time at which it happened.
        case connection(ConnectionChange, cameAt: Duration)
        /// What the source states about the session.
        case notice(SessionNotice)
        /// Nothing is waiting. The signal is raised when something arrives.
        case none
        /// The source has ended.
        case end(SourceEnd)
    }

    private enum Entry {
        case batch(EventBatch, cameAt: Duration)
        case connection(ConnectionChange, cameAt: Duration)
        case notice(SessionNotice)
    }

    private struct State {
        var entries = Backlog<Entry>()
        /// The messages that arrived since the last entry.
        var messages = EventBatch(bytes: [], lines: [])
        /// The number of messages that have arrived.
        var lastMessage = 0
        /// The size of waiting messages, in bytes.
        var bytes = 0
        var shortened = 0
        var end: SourceEnd?
        /// Whether nothing more is accepted.
        var isClosed = false
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    /// The number of batches of lines that may wait, enough to keep the session busy until its reader runs again.
    private static let batches = 8
    /// While more bytes of messages are waiting, audio loses its payload.
    private static let softBytes = 1 << 20
    /// The largest number of bytes of messages that may wait.
    private static let hardBytes = 16 << 20

    private let state = Mutex(State())
    private let signal: SessionSignal
    private let clock: any RouterClock
    private let maxEventBytes: Int
    /// Counts the bytes of single messages that wait, of all sessions of a source.
    private let waitingBytes: SourceGauge?

    init(signal: SessionSignal, clock: any RouterClock, maxEventBytes: Int, waitingBytes: SourceGauge? = nil) {
        self.signal = signal
        self.clock = clock
        self.maxEventBytes = maxEventBytes
        self.waitingBytes = waitingBytes
    }

    /// The number of messages that lost their audio.
    var shortenedCount: Int { state.withLock { $0.shortened } }

    /// Accepts lines, even if there is no room for them.
    ///
    /// - Returns: Whether they will be routed. False once the session is over.
    func put(_ batch: EventBatch) -> Bool { put(.batch(batch, cameAt: clock.now)) }

    /// Accepts a change of the connection.
    func put(_ change: ConnectionChange) { _ = put(.connection(change, cameAt: clock.now)) }

    /// Accepts a notice about the session.
    func put(_ notice: SessionNotice) { _ = put(.notice(notice)) }

    private func put(_ entry: Entry) -> Bool {
        let isTaken = state.withLock { state in
            guard !state.isClosed, state.end == nil else { return false }
            Self.closeMessages(&state)
            state.entries.append(entry)
            return true
        }
        if isTaken { signal.raise() }
        return isTaken
    }

    /// Copies and accepts one message.
    ///
    /// - Parameter wakes: Whether to wake the session; otherwise the caller raises the signal later.
    func put(_ message: RawSpan, isClient: Bool, at: Double?, wakes: Bool = true) -> SessionReceipt {
        let now = clock.now
        let receipt = state.withLock { state -> SessionReceipt in
            guard !state.isClosed, state.end == nil else { return .sessionEnded }
            let size = Self.size(ofMessage: min(message.byteCount, maxEventBytes))
            guard state.bytes == 0 || state.bytes + size <= Self.hardBytes else { return .full }
            state.lastMessage += 1
            let origin = EventBatch.Origin(isClient: isClient, at: at, cameAt: now)
            if state.bytes >= Self.softBytes, let short = AudioPayload.shortened(message) {
                append(short.span.bytes, length: short.count, origin, &state)
                state.shortened += 1
                return .takenWithoutAudio
            }
            if message.byteCount > maxEventBytes {
                let kept = min(DeadLetter.keptBytes, maxEventBytes)
                append(message.extracting(0..<kept), length: message.byteCount, origin, &state)
            } else {
                append(message, length: message.byteCount, origin, &state)
            }
            return .taken
        }
        switch receipt {
        case .taken, .takenWithoutAudio: if wakes { signal.raise() }
        case .full, .sessionEnded: break
        }
        return receipt
    }

    /// The number of bytes that a message counts towards the bounds: its text, and the memory of its line and origin.
    private static func size(ofMessage bytes: Int) -> Int { bytes + 96 }

    private func append(_ text: RawSpan, length: Int, _ origin: EventBatch.Origin, _ state: inout State) {
        let start = state.messages.bytes.count
        text.withUnsafeBytes { state.messages.bytes.append(contentsOf: $0) }
        let range = start..<state.messages.bytes.count
        state.messages.lines.append(EventBatch.Line(range: range, number: state.lastMessage, length: length))
        state.messages.origins.append(origin)
        state.bytes += Self.size(ofMessage: range.count)
        waitingBytes?.add(Self.size(ofMessage: range.count))
    }

    /// Moves the messages since the last entry into a batch.
    private static func closeMessages(_ state: inout State) {
        guard !state.messages.lines.isEmpty else { return }
        state.entries.append(.batch(state.messages, cameAt: state.messages.origins[0].cameAt))
        state.messages = EventBatch(bytes: [], lines: [])
    }

    /// Ends the intake: nothing more arrives.
    ///
    /// - Returns: Whether this call ends the session; false if it is ending already.
    func end(_ end: SourceEnd) -> Bool {
        let isFirst = state.withLock { state in
            guard state.end == nil, !state.isClosed else { return false }
            state.end = end
            return true
        }
        signal.raise()
        return isFirst
    }

    /// Whether the source has ended, even if messages are waiting.
    var hasEnd: Bool { state.withLock { $0.end != nil } }

    /// Whether messages are waiting to be routed.
    var hasMessages: Bool {
        state.withLock { !$0.isClosed && (!$0.entries.isEmpty || !$0.messages.lines.isEmpty) }
    }

    /// Closes the intake if nothing is waiting. Returns whether it was closed.
    func closeIfEmpty() -> Bool {
        let waiting = state.withLock { state -> [CheckedContinuation<Void, Never>]? in
            guard state.entries.isEmpty, state.messages.lines.isEmpty, state.end == nil else { return nil }
            state.isClosed = true
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting ?? [] { continuation.resume() }
        return waiting != nil
    }

    /// Waits until there is room.
    ///
    /// - Returns: Whether further messages will be routed. False once the session is over.
    func waitForRoom() async -> Bool {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isAnswered = state.withLock { state -> Bool in
                    if state.isClosed || Task.isCancelled || Self.hasRoom(state) { return true }
                    state.waiting.append(continuation)
                    return false
                }
                if isAnswered { continuation.resume() }
            }
        } onCancel: {
            // Other waiting tasks check again.
            for continuation in takeWaiting() { continuation.resume() }
        }
        return state.withLock { !$0.isClosed && $0.end == nil }
    }

    private func takeWaiting() -> [CheckedContinuation<Void, Never>] {
        state.withLock { state in
            defer { state.waiting = [] }
            return state.waiting
        }
    }

    private static func hasRoom(_ state: borrowing State) -> Bool {
        state.entries.count < batches && state.bytes < softBytes
    }

    /// Removes and returns the oldest entry.
    func take() -> Next {
        let (next, waiting) = state.withLock { state -> (Next, [CheckedContinuation<Void, Never>]) in
            if state.entries.isEmpty { Self.closeMessages(&state) }
            guard let entry = state.entries.takeFirst() else {
                return (state.end.map { .end($0) } ?? .none, [])
            }
            var waiting: [CheckedContinuation<Void, Never>] = []
            if case .batch(let batch, _) = entry, !batch.origins.isEmpty {
                let size = batch.bytes.count + batch.lines.count * Self.size(ofMessage: 0)
                state.bytes -= size
                waitingBytes?.add(-size)
            }
            if Self.hasRoom(state) { swap(&waiting, &state.waiting) }
            switch entry {
            case .batch(let batch, let moment): return (.batch(batch, cameAt: moment), waiting)
            case .connection(let change, let moment): return (.connection(change, cameAt: moment), waiting)
            case .notice(let notice): return (.notice(notice), waiting)
            }
        }
        for continuation in waiting { continuation.resume() }
        return next
    }

    /// Closes the intake, and resumes tasks that wait for room.
    func close() {
        let waiting = state.withLock { state in
            state.isClosed = true
            state.entries = Backlog()
            state.messages = EventBatch(bytes: [], lines: [])
            waitingBytes?.add(-state.bytes)
            state.bytes = 0
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }
}

/// The end of a source, or of its session.
struct SourceEnd: Sendable {
    /// The error that the source threw.
    var failure: (any Error)?
    /// The reason of the session's end; nil if it is not known.
    var reason: SessionEndReason?
    /// Whether the connection has ended, so that nothing can be sent any more.
    var isConnectionGone = false
}

/// A source's statement about its session.
struct SessionNotice: Sendable {
    /// The server's id of the session, if it is known before the first event.
    var sessionID: String?
    /// Labels that are known before the first event.
    var labels: [SessionLabel] = []
    /// Labels that became known later.
    var lateLabels: [SessionLabel] = []
    /// The `session` of a `session.update` to send.
    var configuration: JSONObject?
    /// A secret to hide in everything that is written, and the name that replaces it.
    var secret: (name: String, value: String)?
}

/// A change of a session's connection.
struct ConnectionChange: Sendable {
    /// The raw values are keys of a recording's control lines.
    enum Kind: String, Sendable, CaseIterable {
        /// The connection was lost. Nothing can be sent until it is restored or renewed.
        case lost
        /// The connection was restored, and the server still knows the session.
        case restored
        /// There is a new connection. The server's next session continues this one.
        case renewed
    }

    let kind: Kind
    /// The reason of the loss; nil if the source states no reason.
    let reason: String?
    /// The number of the attempt that succeeded; nil if the source does not count them.
    let attempt: Int?

    init(_ kind: Kind, reason: String? = nil, attempt: Int? = nil) {
        self.kind = kind
        self.reason = reason
        self.attempt = attempt
    }
}

/// What happened to a message that was passed to a session.
public enum SessionReceipt: Sendable, Hashable {
    /// It will be routed.
    case taken
    /// It will be routed without its audio, because 1 MiB of messages was waiting. The length of the audio is kept.
    case takenWithoutAudio
    /// It was not accepted, because 16 MiB of messages are waiting: wait with ``AttachedSession/waitForRoom()`` and
    /// pass it again, or end the session.
    case full
    /// It was not accepted, because the session has ended.
    case sessionEnded
}
