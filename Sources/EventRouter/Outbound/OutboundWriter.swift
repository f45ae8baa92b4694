import Logging
import RealtimeEvents
import RealtimeSession
import Synchronization

/// Sends one session's client events beside the session, which never waits for whoever takes them.
///
/// A sink gets them from a task that ends when none is left; a reader takes them with ``next(_:)``. The queue is bounded. When it is full,
/// the session keeps further events and routes nothing until there is room.
final class OutboundWriter: Sendable {
    struct State {
        var waiting = OutboundBacklog()
        /// The task that gives events to the sink, while there are some.
        var task: Task<Void, Never>?
        var isSending = false
        /// Whether the connection is lost.
        var isPaused = false
        /// Whether the session has not yet seen an event of the new connection.
        var isHeld = false
        /// The number of the connection, from 0.
        var connection = 0
        /// How often there was a connection again.
        var returns = 0
        /// How many events readers take now that the recording does not have yet.
        var beingRecorded = 0
        /// The number of the event that was queued last.
        var lastNumber = 0
        /// The last events that readers took, and ``returns`` at that time.
        var taken: [(entry: OutboundEntry, returns: Int)] = []
        /// What was not sent, and is to be reported, until the session takes it.
        var lost: [LostEntry] = []
        /// Whether the connection is gone for good.
        var isGone = false
        /// Whether nothing more is sent: the session is over, the sink failed, or a shutdown has passed its deadline.
        var isOver = false
        /// Whether the session waits for room.
        var sessionWaits = false
        var failure: (any Error)?
        var counts = OutboundCounts()
        /// The readers that wait.
        var waitingReaders: [(id: Int, continuation: CheckedContinuation<ClientEvent?, Never>)] = []
        var lastReader = 0

        var maySend: Bool { !isPaused && !isHeld }

        /// Notes that a reader takes an event.
        mutating func noteTaken(_ entry: OutboundEntry) {
            counts.sent += 1
            beingRecorded += 1
            if taken.count == OutboundWriter.keptTaken { taken.removeFirst() }
            taken.append((entry, returns))
        }

        /// Drops an event of an earlier connection that means nothing on the new one.
        ///
        /// - Returns: Whether it is such an event.
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

        /// Keeps an event that is not sent, so that the session reports it.
        mutating func report(_ entry: OutboundEntry, _ reason: UnsentReason) {
            counts.unsent += 1
            lost.append(LostEntry(entry: entry, reason: reason))
        }
    }

    /// As many events can be delivered back that readers took.
    private static let keptTaken = 64

    /// How long events are still sent that the end of a session finds waiting, such as the outputs of cancelled calls.
    static let grace = Duration.seconds(1)

    /// Nil if a reader takes the events.
    private let sink: (any OutboundSink)?
    private let session: String
    /// Whether the sink is told which session an event is of.
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

    /// Whether nothing waits and nothing is being sent.
    var isIdle: Bool {
        state.withLock { state in
            (state.isOver || state.waiting.isEmpty && !state.isSending) && state.lost.isEmpty
                && state.beingRecorded == 0
        }
    }

    /// Whether events wait for somebody who may never come.
    var waitsForReader: Bool { state.withLock { !$0.isOver && (sink == nil || !$0.maySend) && !$0.waiting.isEmpty } }

    /// Whether nothing is sent until an event of the new connection was routed.
    var isHeld: Bool { state.withLock { $0.isHeld && !$0.isOver } }

    /// Returns what the sink threw, once.
    func takeFailure() -> (any Error)? {
        state.withLock { state in
            defer { state.failure = nil }
            return state.failure
        }
    }

    /// Takes out what was not sent and is to be reported.
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

    /// Sends again, on a connection whose server knows the session.
    func resume() {
        let delivered = state.withLock { state in
            if state.isPaused { state.returns += 1 }
            state.isPaused = false
            return deliverWaiting(&state)
        }
        finish(delivered)
    }

    /// There is a new connection. Nothing is sent on it until ``release(connection:leading:)``, and what is about calls and items of the
    /// one before is not sent at all.
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

    /// Sends on a new connection, of which the session has seen an event.
    ///
    /// - Parameters:
    ///   - connection: The number of the connection; nothing is done if there is a newer one.
    ///   - leading: What goes out before all that waits.
    func release(connection: Int, leading: OutboundEntry?) {
        let delivered = state.withLock { state in
            guard connection == state.connection, !state.isOver else { return [] as [ReaderEntry] }
            state.isHeld = false
            if var leading {
                // Before what readers gave back, too.
                leading.isGivenBack = true
                state.waiting.insertFirst(leading)
            }
            return deliverWaiting(&state)
        }
        finish(delivered)
    }

    /// The connection is gone for good: whatever was not sent is reported.
    func lose() {
        state.withLock { state in
            state.isGone = true
            for entry in state.waiting.take(where: { _ in true }) { _ = state.lose(entry) }
        }
        signal.raise()
    }

    /// Reports an event that a reader took: it may not have arrived, and is not sent again.
    func report(unconfirmed event: ClientEvent) {
        state.withLock { state in
            guard let place = state.taken.lastIndex(where: { $0.entry.event == event }) else { return }
            state.counts.sent -= 1
            let entry = state.taken.remove(at: place).entry
            if state.isOver { state.counts.unsent += 1 } else { state.report(entry, .connectionLost) }
        }
        signal.raise()
    }

    /// Puts an event at the front again that a reader took and could not send. Unless there was a connection again since, nothing is sent
    /// until there is.
    func giveBack(_ event: ClientEvent) {
        let delivered = state.withLock { state in
            guard let place = state.taken.lastIndex(where: { $0.entry.event == event }) else {
                return [] as [ReaderEntry]
            }
            var (entry, returns) = state.taken.remove(at: place)
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

    /// Gives what waits to those who wait for it, as far as something may be sent.
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

    /// Records an event that a reader takes; the recording is not closed before that.
    func recordTaken(_ entry: OutboundEntry) {
        record(entry)
        state.withLock { $0.beingRecorded -= 1 }
        signal.raise()
    }

    /// Records an event before it is sent, so that the recording has it before the server's reaction.
    private func record(_ entry: OutboundEntry) {
        if !entry.isRecorded { recording?.recordSent(entry.outgoing) }
    }
}

// MARK: - For a sink

extension OutboundWriter {
    /// Begins a task that sends an event and what waits then.
    private func send(_ entry: OutboundEntry, to sink: any OutboundSink, _ state: inout State) {
        state.isSending = true
        // For this nobody waits: a sink may block for ever.
        state.task = environment.task {
            var next = Optional(entry)
            while let entry = next { next = await self.send(entry, to: sink) }
        }
    }

    /// - Returns: the next event.
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
