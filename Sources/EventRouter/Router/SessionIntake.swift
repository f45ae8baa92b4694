import EventJSON
import RealtimeEvents
import Synchronization

/// What has come for a session and is not routed yet.
///
/// It is bounded. Sources that can wait ask for room; of those that cannot, audio loses its payload first.
final class SessionIntake: Sendable {
    enum Next {
        /// A batch, and the moment of the clock at which it came.
        case batch(EventBatch, cameAt: Duration)
        /// What happened to the connection, between two events, and the moment of the clock at which it did.
        case connection(ConnectionChange, cameAt: Duration)
        /// What is said of the session.
        case notice(SessionNotice)
        /// Nothing is there; the signal is raised when something comes.
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
        /// Single messages that came since the last entry.
        var messages = EventBatch(bytes: [], lines: [])
        /// How many messages have come.
        var lastMessage = 0
        /// The size of single messages that wait, in bytes.
        var bytes = 0
        var shortened = 0
        var end: SourceEnd?
        /// Whether nothing is taken any more.
        var isClosed = false
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    /// As many batches of lines last while a reader waits for its turn behind busy handlers.
    private static let batches = 8
    /// From so many bytes of single messages on, audio loses its payload.
    private static let softBytes = 1 << 20
    /// So many bytes of single messages may wait.
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

    /// How many messages have lost their audio.
    var shortenedCount: Int { state.withLock { $0.shortened } }

    /// Takes lines, also when there is no room for them.
    ///
    /// - Returns: whether they will be routed: nothing is, once the session is over.
    func put(_ batch: EventBatch) -> Bool { put(.batch(batch, cameAt: clock.now)) }

    /// Takes what happened to the connection.
    func put(_ change: ConnectionChange) { _ = put(.connection(change, cameAt: clock.now)) }

    /// Takes what is said of the session.
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

    /// Takes a copy of one message.
    ///
    /// - Parameter wakes: whether the session is woken to route it; otherwise the caller raises the signal later.
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

    /// As many bytes a message counts for the bounds: its text, and what is kept of it besides.
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

    /// Single messages become a batch of their own.
    private static func closeMessages(_ state: inout State) {
        guard !state.messages.lines.isEmpty else { return }
        state.entries.append(.batch(state.messages, cameAt: state.messages.origins[0].cameAt))
        state.messages = EventBatch(bytes: [], lines: [])
    }

    /// Nothing more comes.
    ///
    /// - Returns: whether it is this that ends the session: it may be ending already.
    func end(_ end: SourceEnd) -> Bool {
        let isFirst = state.withLock { state in
            guard state.end == nil, !state.isClosed else { return false }
            state.end = end
            return true
        }
        signal.raise()
        return isFirst
    }

    /// Whether the source has ended, whatever else waits.
    var hasEnd: Bool { state.withLock { $0.end != nil } }

    /// Whether something waits to be routed.
    var hasMessages: Bool {
        state.withLock { !$0.isClosed && (!$0.entries.isEmpty || !$0.messages.lines.isEmpty) }
    }

    /// Takes nothing any more, unless something is there.
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
    /// - Returns: whether what comes then is routed: nothing is, once the session is over.
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
            // Whoever else waits looks again.
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

    /// Takes what came first.
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

    /// Lets those go that wait for room; nothing more is wanted.
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

/// How a source ended.
struct SourceEnd: Sendable {
    /// What it threw.
    var failure: (any Error)?
    /// Why its session ended, where it is known.
    var reason: SessionEndReason?
    /// Whether the connection is gone, so that nothing can be sent any more.
    var isConnectionGone = false
}

/// What its source says of a session.
struct SessionNotice: Sendable {
    /// Known before the first event.
    var sessionID: String?
    /// Known before the first event.
    var labels: [SessionLabel] = []
    /// Known later.
    var lateLabels: [SessionLabel] = []
    /// How the session is to be configured.
    var configuration: JSONObject?
    /// A text that nobody may write down, and what stands for it.
    var secret: (name: String, value: String)?
}

/// What happens to the connection of a session.
struct ConnectionChange: Sendable {
    /// The raw values are the words of a recording's lines.
    enum Kind: String, Sendable, CaseIterable {
        /// It was lost: nothing can be sent until it is restored or renewed.
        case lost
        /// It was restored: the server knows the session.
        case restored
        /// It was made anew: the server's next session goes on with this one.
        case renewed
    }

    let kind: Kind
    /// Why it was lost, where the source says it.
    let reason: String?
    /// The number of the attempt that succeeded, where the source counts them.
    let attempt: Int?

    init(_ kind: Kind, reason: String? = nil, attempt: Int? = nil) {
        self.kind = kind
        self.reason = reason
        self.attempt = attempt
    }
}

/// What became of a message that a session was given.
public enum SessionReceipt: Sendable, Hashable {
    /// It is routed.
    case taken
    /// It is routed without its audio, as 1 MiB of messages waited; the length of the audio counts.
    case takenWithoutAudio
    /// It was not taken, as 16 MiB of messages wait: wait with ``AttachedSession/waitForRoom()`` and give it again, or end the session.
    case full
    /// It was not taken, as the session has ended.
    case sessionEnded
}
