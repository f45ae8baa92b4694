import Logging
import RealtimeEvents
import Synchronization

/// Sends one session's client events beside the session, which never waits for whoever takes them.
///
/// A sink gets them from a task that ends when none is left; a reader takes them with ``next(_:)``. The queue is bounded. When it is full,
/// the session keeps further events and routes nothing until there is room.
final class OutboundWriter: Sendable {
    private struct State {
        var waiting = OutboundBacklog()
        /// The task that gives events to the sink, while there are some.
        var task: Task<Void, Never>?
        var isSending = false
        /// Whether nothing can be sent at the moment.
        var isPaused = false
        /// Whether nothing more is sent: the session is over, the sink failed, or a shutdown has passed its deadline.
        var isOver = false
        /// Whether the session waits for room.
        var isWanted = false
        var failure: (any Error)?
        var counts = OutboundCounts()
        /// The readers that wait.
        var waitingReaders: [(id: Int, continuation: CheckedContinuation<ClientEvent?, Never>)] = []
        var lastReader = 0
    }

    /// How long events are still sent that the end of a session finds waiting, such as the outputs of cancelled calls.
    static let grace = Duration.seconds(1)

    /// Nil if a reader takes the events.
    private let sink: (any OutboundSink)?
    private let session: String
    /// Whether the sink is told which session an event is of.
    private let isAddressed: Bool
    private let capacity: Int
    private let signal: SessionSignal
    private let environment: RouterEnvironment
    private let unwritten: UnwrittenRecords
    private let logger: Logger
    private let recording: SessionRecording?
    private let state = Mutex(State())

    init(
        _ sink: (any OutboundSink)?, session: String, isAddressed: Bool, capacity: Int, signal: SessionSignal,
        environment: RouterEnvironment, unwritten: UnwrittenRecords,
        logger: Logger, recording: SessionRecording?
    ) {
        self.sink = sink
        self.session = session
        self.isAddressed = isAddressed
        self.capacity = max(capacity, 1)
        self.signal = signal
        self.environment = environment
        self.unwritten = unwritten
        self.logger = logger
        self.recording = recording
    }

    var counts: OutboundCounts { state.withLock { $0.counts } }

    /// Whether nothing waits and nothing is being sent.
    var isIdle: Bool { state.withLock { $0.isOver || ($0.waiting.isEmpty && !$0.isSending) } }

    /// Whether events wait for somebody who may never come.
    var waitsForReader: Bool { state.withLock { !$0.isOver && (sink == nil || $0.isPaused) && !$0.waiting.isEmpty } }

    /// Returns what the sink threw, once.
    func takeFailure() -> (any Error)? {
        state.withLock { state in
            defer { state.failure = nil }
            return state.failure
        }
    }

    /// Queues an event. Returns false if the queue is full; the signal is raised when there is room.
    func offer(_ event: ClientEvent) -> Bool {
        var isFirstWait = false
        var reader: CheckedContinuation<ClientEvent?, Never>?
        let isTaken = state.withLock { state -> Bool in
            guard !state.isOver else {
                state.counts.unsent += 1
                return true
            }
            if !state.isPaused {
                if sink == nil, !state.waitingReaders.isEmpty {
                    reader = state.waitingReaders.removeFirst().continuation
                    state.counts.sent += 1
                    return true
                }
                if let sink, !state.isSending {
                    send(event, to: sink, &state)
                    return true
                }
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
        if let reader {
            recording?.sending(event)
            reader.resume(returning: event)
        }
        if isFirstWait {
            logger.warning(
                "the queue of client events is full: nothing is routed until some are sent",
                metadata: ["session": "\(session)", "waiting": "\(capacity)"])
        }
        return isTaken
    }

    /// Stops sending. Events that wait or are being sent count as not sent.
    func end() {
        let (readers, task, isFirst) = state.withLock { state in
            let isFirst = !state.isOver
            if isFirst { state.counts.unsent += state.waiting.count + (state.isSending ? 1 : 0) }
            state.isOver = true
            state.waiting = OutboundBacklog()
            defer { state.waitingReaders = [] }
            return (state.waitingReaders, state.task, isFirst)
        }
        guard isFirst else { return }
        task?.cancel()
        for reader in readers { reader.continuation.resume(returning: nil) }
        signal.raise()
    }

    /// Keeps events from now on.
    func pause() { state.withLock { $0.isPaused = true } }

    /// Sends again.
    func resume() {
        var given: [(CheckedContinuation<ClientEvent?, Never>, ClientEvent)] = []
        state.withLock { state in
            state.isPaused = false
            if let sink {
                if !state.isSending, let event = state.waiting.takeFirst() { send(event, to: sink, &state) }
                return
            }
            while !state.waitingReaders.isEmpty, let event = state.waiting.takeFirst() {
                given.append((state.waitingReaders.removeFirst().continuation, event))
                state.counts.sent += 1
            }
        }
        for (reader, event) in given {
            recording?.sending(event)
            reader.resume(returning: event)
        }
        signal.raise()
    }
}

// MARK: - For a sink

extension OutboundWriter {
    /// Begins a task that sends an event and what waits then.
    private func send(_ event: ClientEvent, to sink: any OutboundSink, _ state: inout State) {
        state.isSending = true
        // For this nobody waits: a sink may block for ever.
        state.task = environment.task {
            var next = Optional(event)
            while let event = next { next = await self.send(event, to: sink) }
        }
    }

    /// - Returns: the next event.
    private func send(_ event: ClientEvent, to sink: any OutboundSink) async -> ClientEvent? {
        // Before it is sent, so that the recording has it before the server's reaction.
        recording?.sending(event)
        do {
            if isAddressed { try await sink.send(event, session: session) } else { try await sink.send(event) }
            return finish(isSent: true)
        } catch let error as any RecordWriteError {
            unwritten.add(error)
            return finish(isSent: false)
        } catch {
            state.withLock { if !$0.isOver { $0.failure = error } }
            end()
            return nil
        }
    }

    private func finish(isSent: Bool) -> ClientEvent? {
        let (next, wakes) = state.withLock { state -> (ClientEvent?, Bool) in
            guard !state.isOver else { return (nil, false) }
            if isSent { state.counts.sent += 1 }
            guard !state.isPaused, let next = state.waiting.takeFirst() else {
                state.isSending = false
                state.task = nil
                return (nil, true)
            }
            defer { state.isWanted = false }
            return (next, state.isWanted)
        }
        if wakes { signal.raise() }
        return next
    }
}

// MARK: - For a reader

extension OutboundWriter {
    /// A reader begins to take events.
    ///
    /// - Returns: its number.
    func enter() -> Int {
        state.withLock { state in
            state.lastReader += 1
            return state.lastReader
        }
    }

    /// Takes the next event; nil at the end, or when the reader's task was cancelled.
    func next(_ reader: Int) async -> ClientEvent? {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let (event, isAnswered, wakes) = state.withLock { state -> (ClientEvent?, Bool, Bool) in
                    if state.isOver || Task.isCancelled { return (nil, true, false) }
                    guard !state.isPaused, let event = state.waiting.takeFirst() else {
                        state.waitingReaders.append((reader, continuation))
                        return (nil, false, false)
                    }
                    state.counts.sent += 1
                    defer { state.isWanted = false }
                    return (event, true, state.isWanted || state.waiting.isEmpty)
                }
                guard isAnswered else { return }
                if let event { recording?.sending(event) }
                if wakes { signal.raise() }
                continuation.resume(returning: event)
            }
        } onCancel: {
            let cancelled = state.withLock { state -> CheckedContinuation<ClientEvent?, Never>? in
                guard let place = state.waitingReaders.firstIndex(where: { $0.id == reader }) else { return nil }
                return state.waitingReaders.remove(at: place).continuation
            }
            cancelled?.resume(returning: nil)
        }
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
