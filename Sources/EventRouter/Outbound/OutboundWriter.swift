import Logging
import RealtimeEvents
import RealtimeSession
import Synchronization

/// Sends one session's client events, so that the session never waits for a receiver.
///
/// A sink gets the events from a task, which ends when no events are left. A reader takes them with ``next(_:)``. The
/// queue is bounded. When it is full, the session keeps further events and stops routing until there is room.
final class OutboundWriter: Sendable {
    struct State {
        var waiting = OutboundBacklog()
        /// The task that passes events to the sink; nil while there are none.
        var task: Task<Void, Never>?
        var isSending = false
        /// Whether the connection is lost.
        var isPaused = false
        /// Whether a new connection has had no event yet.
        var isHeld = false
        /// The number of the connection, counted from 0.
        var connection = 0
        /// The number of times that the connection was restored or renewed.
        var returns = 0
        /// The number of events that readers are taking and that are not in the recording yet.
        var beingRecorded = 0
        /// The number of the event that was queued last.
        var lastNumber = 0
        /// The last events that readers took, with ``returns`` at that time.
        var taken: [(entry: OutboundEntry, returns: Int)] = []
        /// Events that were not sent, until the session takes them to report them.
        var lost: [LostEntry] = []
        /// Whether the connection has ended permanently.
        var isGone = false
        /// Whether no more events are sent, because the session is over, the sink failed, or a shutdown's deadline has
        /// passed.
        var isOver = false
        /// Whether the session waits for room.
        var sessionWaits = false
        var failure: (any Error)?
        var counts = OutboundCounts()
        /// The waiting readers.
        var waitingReaders: [(id: Int, continuation: CheckedContinuation<ClientEvent?, Never>)] = []
        var lastReader = 0

        var maySend: Bool { !isPaused && !isHeld }

        /// Records that a reader takes an event.
        mutating func noteTaken(_ entry: OutboundEntry) {
            counts.sent += 1
            beingRecorded += 1
            if taken.count == OutboundWriter.keptTaken { taken.removeFirst() }
            taken.append((entry, returns))
        }

        /// Drops an event of an earlier connection if it has no meaning on the current connection.
        ///
        /// - Returns: Whether the event was dropped.
        mutating func lose(_ entry: OutboundEntry) -> Bool {
            guard !isGone else {
                if entry.outgoing.renewal != .isMoot { report(entry, .connectionLost) }
                return true
            }
            guard entry.connection < connection else { return false }
            switch entry.outgoing.renewal {
            case .isSent: return false
            case .isMoot: return true
            case .isLost:
                report(entry, .connectionRenewed)
                return true
            }
        }

        /// Adds an event to those that the session reports as unsent.
        mutating func report(_ entry: OutboundEntry, _ reason: UnsentReason) {
            counts.unsent += 1
            lost.append(LostEntry(entry: entry, reason: reason))
        }
    }

    /// The number of taken events that readers can return.
    private static let keptTaken = 64

    /// The time within which events that wait at the end of a session are still sent, such as the outputs of cancelled
    /// calls.
    static let grace = Duration.seconds(1)

    /// The receiver of the events; nil if a reader takes them.
    private let sink: (any OutboundSink)?
    private let session: String
    /// Whether the sink gets the session's key with each event.
    private let isAddressed: Bool
    private let capacity: Int
    let signal: SessionSignal
    private let environment: RouterEnvironment
    private let unwritten: UnwrittenRecords
    private let logger: Logger
    private let recording: SessionRecording?
    let state = Mutex(State())

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

    /// Whether no event is waiting, being sent, or to be reported.
    var isIdle: Bool {
        state.withLock { state in
            (state.isOver || state.waiting.isEmpty && !state.isSending) && state.lost.isEmpty
                && state.beingRecorded == 0
        }
    }

    /// Whether events wait for a reader or a connection, which may never be available.
    var waitsForReader: Bool { state.withLock { !$0.isOver && (sink == nil || !$0.maySend) && !$0.waiting.isEmpty } }

    /// Whether sending waits until an event of the new connection was routed.
    var isHeld: Bool { state.withLock { $0.isHeld && !$0.isOver } }

    /// Returns the error that the sink threw; only once.
    func takeFailure() -> (any Error)? {
        state.withLock { state in
            defer { state.failure = nil }
            return state.failure
        }
    }

    /// Removes and returns the events that were not sent and must be reported.
    func takeLost() -> [LostEntry] {
        state.withLock { state in
            guard !state.lost.isEmpty else { return [] }
            defer { state.lost = [] }
            return state.lost
        }
    }

    /// Queues an event. Returns false if the queue is full; the signal is raised when there is room.
    func offer(_ entry: OutboundEntry) -> Bool {
        var entry = entry
        var isFirstWait = false
        var reader: CheckedContinuation<ClientEvent?, Never>?
        let isTaken = state.withLock { state -> Bool in
            guard !state.isOver else {
                state.counts.unsent += 1
                return true
            }
            if state.lose(entry) {
                signal.raise()
                return true
            }
            state.lastNumber += 1
            entry.number = state.lastNumber
            if state.maySend {
                if sink == nil, !state.waitingReaders.isEmpty {
                    reader = state.waitingReaders.removeFirst().continuation
                    state.noteTaken(entry)
                    return true
                }
                if let sink, !state.isSending {
                    send(entry, to: sink, &state)
                    return true
                }
            }
            guard state.waiting.count < capacity else {
                if !state.sessionWaits { state.counts.waits += 1 }
                isFirstWait = !state.sessionWaits && state.counts.waits == 1
                state.sessionWaits = true
                return false
            }
            state.waiting.insert(entry)
            return true
        }
        if let reader {
            recordTaken(entry)
            reader.resume(returning: entry.event)
        }
        if isFirstWait {
            logger.warning(
                "the queue of client events is full: nothing is routed until some are sent",
                metadata: ["session": "\(session)", "waiting": "\(capacity)"])
        }
        return isTaken
    }

    /// Stops sending. Events that are waiting or being sent count as unsent.
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

    /// Stops sending until the connection is restored or renewed.
    func pause() { state.withLock { $0.isPaused = true } }

    /// Resumes sending on a restored connection, whose server knows the session.
    func resume() {
        let delivered = state.withLock { state in
            if state.isPaused { state.returns += 1 }
            state.isPaused = false
            return deliverWaiting(&state)
        }
        finish(delivered)
    }

    /// Begins a new connection. Nothing is sent on it until ``release(connection:leading:)``. Events about calls and
    /// items of the old connection are dropped.
    func renew() {
        state.withLock { state in
            state.returns += 1
            state.isPaused = false
            state.isHeld = true
            state.connection += 1
            for entry in state.waiting.take(where: { $0.outgoing.renewal != .isSent }) { _ = state.lose(entry) }
        }
        signal.raise()
    }

    /// Resumes sending on a new connection, after the session has had an event on it.
    ///
    /// - Parameters:
    ///   - connection: The number of the connection. The call has no effect if there is a newer connection.
    ///   - leading: The event to send before all that are waiting.
    func release(connection: Int, leading: OutboundEntry?) {
        let delivered = state.withLock { state in
            guard connection == state.connection, !state.isOver else { return [] as [ReaderEntry] }
            state.isHeld = false
            if var leading {
                // It also precedes the events that readers returned.
                leading.isGivenBack = true
                state.waiting.insertFirst(leading)
            }
            return deliverWaiting(&state)
        }
        finish(delivered)
    }

    /// Drops and reports all waiting events, because the connection will not return.
    func lose() {
        state.withLock { state in
            state.isGone = true
            for entry in state.waiting.take(where: { _ in true }) { _ = state.lose(entry) }
        }
        signal.raise()
    }

    /// Reports an event that a reader took as lost: it may not have arrived, and is not sent again.
    func report(unconfirmed event: ClientEvent) {
        state.withLock { state in
            guard let index = state.taken.lastIndex(where: { $0.entry.event == event }) else { return }
            state.counts.sent -= 1
            let entry = state.taken.remove(at: index).entry
            if state.isOver { state.counts.unsent += 1 } else { state.report(entry, .connectionLost) }
        }
        signal.raise()
    }

    /// Returns an event that a reader took and could not send to the front of the queue. Sending pauses until there is
    /// a connection again, unless there was one since the event was taken.
    func giveBack(_ event: ClientEvent) {
        let delivered = state.withLock { state in
            guard let index = state.taken.lastIndex(where: { $0.entry.event == event }) else {
                return [] as [ReaderEntry]
            }
            var (entry, returns) = state.taken.remove(at: index)
            state.counts.sent -= 1
            guard !state.isOver else {
                state.counts.unsent += 1
                return []
            }
            if returns == state.returns { state.isPaused = true }
            guard !state.lose(entry) else { return [] }
            (entry.isGivenBack, entry.isRecorded) = (true, true)
            state.waiting.giveBack(entry)
            return deliverWaiting(&state)
        }
        finish(delivered)
    }

    private typealias ReaderEntry = (reader: CheckedContinuation<ClientEvent?, Never>, entry: OutboundEntry)

    /// Passes waiting events to the sink or to waiting readers, if sending is permitted.
    private func deliverWaiting(_ state: inout State) -> [ReaderEntry] {
        guard state.maySend, !state.isOver else { return [] }
        if let sink {
            if !state.isSending, let entry = state.waiting.takeFirst() { send(entry, to: sink, &state) }
            return []
        }
        var delivered: [ReaderEntry] = []
        while !state.waitingReaders.isEmpty, let entry = state.waiting.takeFirst() {
            delivered.append((state.waitingReaders.removeFirst().continuation, entry))
            state.noteTaken(entry)
        }
        return delivered
    }

    private func finish(_ delivered: [ReaderEntry]) {
        for (reader, entry) in delivered {
            recordTaken(entry)
            reader.resume(returning: entry.event)
        }
        signal.raise()
    }

    /// Records an event that a reader takes. The recording is not closed before that.
    func recordTaken(_ entry: OutboundEntry) {
        record(entry)
        state.withLock { $0.beingRecorded -= 1 }
        signal.raise()
    }

    /// Records an event before it is sent, so that it precedes the server's reaction in the recording.
    private func record(_ entry: OutboundEntry) {
        if !entry.isRecorded { recording?.recordSent(entry.outgoing) }
    }
}

// MARK: - For a sink

extension OutboundWriter {
    /// Begins a task that sends an event, and then all that are waiting.
    private func send(_ entry: OutboundEntry, to sink: any OutboundSink, _ state: inout State) {
        state.isSending = true
        // Nothing waits for this task, because a sink may block forever.
        state.task = environment.task {
            var next = Optional(entry)
            while let entry = next { next = await self.send(entry, to: sink) }
        }
    }

    /// - Returns: The next event to send; nil if there is none.
    private func send(_ entry: OutboundEntry, to sink: any OutboundSink) async -> OutboundEntry? {
        record(entry)
        let event = entry.event
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

    private func finish(isSent: Bool) -> OutboundEntry? {
        let (next, wakes) = state.withLock { state -> (OutboundEntry?, Bool) in
            guard !state.isOver else { return (nil, false) }
            if isSent { state.counts.sent += 1 }
            guard state.maySend, let next = state.waiting.takeFirst() else {
                state.isSending = false
                state.task = nil
                return (nil, true)
            }
            defer { state.sessionWaits = false }
            return (next, state.sessionWaits)
        }
        if wakes { signal.raise() }
        return next
    }
}
