import Logging
import RealtimeEvents
import Synchronization

/// Sends one session's client events in a task of its own, so that the session's loop never waits for the sink.
///
/// The queue is bounded. When it is full, the loop keeps further events and routes nothing until there is room.
final class OutboundWriter: Sendable {
    private struct State {
        var waiting = OutboundBacklog()
        /// Whether the sink is sending an event.
        var isSending = false
        /// Whether nothing more is sent: the sink failed, or a shutdown has passed its deadline.
        var isOver = false
        /// Whether the loop waits for room.
        var isWanted = false
        var failure: (any Error)?
        var writer: CheckedContinuation<ClientEvent?, Never>?
        var counts = OutboundCounts()
    }

    /// How long after a shutdown's deadline events are still sent, such as the outputs of cancelled calls.
    static let grace = Duration.seconds(1)

    private let sink: any OutboundSink
    private let session: String
    private let capacity: Int
    private let signal: SessionSignal
    private let unwritten: UnwrittenRecords
    private let logger: Logger
    private let recording: SessionRecording?
    private let state = Mutex(State())

    init(
        _ sink: any OutboundSink, session: String, capacity: Int, signal: SessionSignal, unwritten: UnwrittenRecords,
        logger: Logger, recording: SessionRecording?
    ) {
        self.sink = sink
        self.session = session
        self.capacity = max(capacity, 1)
        self.signal = signal
        self.unwritten = unwritten
        self.logger = logger
        self.recording = recording
    }

    var counts: OutboundCounts { state.withLock { $0.counts } }

    /// Whether nothing waits and nothing is being sent.
    var isIdle: Bool { state.withLock { $0.isOver || ($0.waiting.isEmpty && !$0.isSending) } }

    /// Returns what the sink threw, once.
    func takeFailure() -> (any Error)? {
        state.withLock { state in
            defer { state.failure = nil }
            return state.failure
        }
    }

    /// Queues an event. Returns false if the queue is full; the signal is raised when there is room.
    func offer(_ event: ClientEvent) -> Bool {
        var (isFirstWait, writer): (Bool, CheckedContinuation<ClientEvent?, Never>?) = (false, nil)
        let isTaken = state.withLock { state -> Bool in
            guard !state.isOver else {
                state.counts.unsent += 1
                return true
            }
            if state.writer != nil {
                (writer, state.writer, state.isSending) = (state.writer, nil, true)
                return true
            }
            guard state.waiting.count < capacity else {
                if !state.isWanted { state.counts.waits += 1 }
                isFirstWait = !state.isWanted && state.counts.waits == 1
                state.isWanted = true
                return false
            }
            state.waiting.insert(event)
            return true
        }
        writer?.resume(returning: event)
        if isFirstWait {
            logger.warning(
                "the queue of client events is full: nothing is routed until some are sent",
                metadata: ["session": "\(session)", "waiting": "\(capacity)"])
        }
        return isTaken
    }

    /// Sends until ``end()``, or until the sink fails.
    func run() async {
        while let event = await next() {
            // Before it is sent, so that the recording has it before the server's reaction.
            recording?.sending(event)
            do {
                try await sink.send(event)
                finish(isSent: true)
            } catch let error as any RecordWriteError {
                unwritten.add(error)
                finish(isSent: false)
            } catch {
                fail(error)
            }
        }
    }

    /// Stops sending. Events that wait or are being sent count as not sent.
    func end() {
        let writer = state.withLock { state -> CheckedContinuation<ClientEvent?, Never>? in
            if !state.isOver { state.counts.unsent += state.waiting.count + (state.isSending ? 1 : 0) }
            state.isOver = true
            state.waiting = OutboundBacklog()
            defer { state.writer = nil }
            return state.writer
        }
        writer?.resume(returning: nil)
        signal.raise()
    }

    private func next() async -> ClientEvent? {
        await withCheckedContinuation { continuation in
            let (event, isWanted) = state.withLock { state -> (ClientEvent??, Bool) in
                if state.isOver { return (.some(nil), false) }
                guard let event = state.waiting.takeFirst() else {
                    state.writer = continuation
                    return (nil, false)
                }
                state.isSending = true
                defer { state.isWanted = false }
                return (event, state.isWanted)
            }
            if isWanted { signal.raise() }
            if let event { continuation.resume(returning: event) }
        }
    }

    private func finish(isSent: Bool) {
        let isIdle = state.withLock { state in
            guard !state.isOver else { return false }
            state.isSending = false
            if isSent { state.counts.sent += 1 }
            return state.waiting.isEmpty
        }
        if isIdle { signal.raise() }
    }

    private func fail(_ error: any Error) {
        state.withLock { if !$0.isOver { $0.failure = error } }
        end()
    }
}

/// What became of a session's client events.
struct OutboundCounts {
    var sent = 0
    /// Events that were not sent before the run ended.
    var unsent = 0
    /// How often routing waited because the queue was full.
    var waits = 0
}
