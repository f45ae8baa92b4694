public import EventJSON
public import RealtimeEvents
import Synchronization

/// A session of a router. Files, pipes, sockets and apps with their own socket all pass their messages to it.
///
/// ```swift
/// let session = try router.session(key: "call-7", labels: ["tenant": "acme"])
/// let sending = Task {
///     for await event in session.outbound {
///         do { try await socket.send(event.json.description) } catch { session.unsent(event) }
///     }
/// }
/// for try await message in socket.messages { session.receive(message, from: .server) }
/// let report = await session.finish()
/// ```
///
/// Read ``outbound`` in its own task, from the beginning; it ends when the session is over. A session that is never
/// finished runs until the router stops.
///
/// No function waits for rules or handlers, unless it is `async`. Any thread may call them. Messages are routed in the
/// order in which they are passed.
public final class AttachedSession: Sendable {
    /// The sender of a message.
    public typealias Side = SessionSide

    /// The session's key, unique among the sessions that run.
    public let key: String
    let control: RunControl
    let intake: SessionIntake
    let lanes: RunLanes
    private let writer: OutboundWriter
    private let begun: Duration
    private let clock: any RouterClock
    /// The session's loop; nil if the session is over.
    private let loop: Mutex<SessionLoop?>
    /// The final report; nil until the session is over.
    private let last = Mutex<RunReport?>(nil)

    init(
        key: String, _ loop: consuming sending SessionLoop, control: RunControl, intake: SessionIntake,
        writer: OutboundWriter, lanes: RunLanes, clock: any RouterClock
    ) {
        self.key = key
        self.control = control
        self.intake = intake
        self.writer = writer
        self.lanes = lanes
        self.clock = clock
        begun = clock.now
        self.loop = Mutex(loop)
    }

    /// Begins routing.
    ///
    /// - Parameter end: Called when the session is over.
    func begin(end: @escaping @Sendable (AttachedSession) -> Void) {
        control.signal.begin {
            let next = self.loop.withLock { $0?.turn() } ?? .over
            if case .over = next {
                let report = self.report
                self.last.withLock { $0 = report }
                end(self)
                self.loop.withLock { $0 = nil }
                self.control.end()
            }
            return next
        }
    }

    /// Receives one message of the session's connection, a JSON text without an envelope. The message is copied.
    ///
    /// - Parameters:
    ///   - message: The message.
    ///   - side: The side that sent it.
    ///   - at: Its time, in seconds since the session began; by default now.
    /// - Returns: What happened to the message; see ``SessionReceipt``. A message that is not a JSON object, or is
    ///   larger than ``RouterOptions/maxEventBytes``, is accepted and becomes a dead letter.
    @discardableResult
    public func receive(_ message: RawSpan, from side: Side, at: Double? = nil) -> SessionReceipt {
        intake.put(message, isClient: side == .client, at: at)
    }

    /// Receives one message, like the function for a span.
    @discardableResult
    public func receive(_ message: [UInt8], from side: Side, at: Double? = nil) -> SessionReceipt {
        receive(message.span.bytes, from: side, at: at)
    }

    /// Receives one message, like the function for a span.
    @discardableResult
    public func receive(_ message: String, from side: Side, at: Double? = nil) -> SessionReceipt {
        receive(Array(message.utf8), from: side, at: at)
    }

    /// Copies one message as ``receive(_:from:at:)`` does, but leaves it to ``routeEnqueued(in:)`` to wake the session.
    ///
    /// For a source with messages for many sessions at a time: waking a session costs more than routing a message.
    package func enqueue(_ message: RawSpan, from side: Side) -> SessionReceipt {
        intake.put(message, isClient: side == .client, at: nil, wakes: false)
    }

    /// Wakes sessions of one router, so that they route what was enqueued.
    package static func routeEnqueued(in sessions: [AttachedSession]) {
        SessionSignal.raise(sessions.map(\.control.signal))
    }

    /// Waits until there is room for more messages. For sources that can wait, such as files and pipes.
    ///
    /// - Returns: Whether further messages will be routed. False if the session has ended, for example because the
    ///   router shuts down.
    @discardableResult
    public func waitForRoom() async -> Bool { await intake.waitForRoom() }

    /// Receives lines of JSON: events, or envelopes around events. They are accepted even if there is no room.
    ///
    /// - Returns: Whether they will be routed. False if the session has ended.
    @discardableResult
    public func receive(_ lines: EventBatch) -> Bool { intake.put(lines) }

    /// The client events to send to the server, in order: outputs of functions, requests for responses, and events that
    /// handlers send.
    ///
    /// Only for sessions of ``Router/session(key:labels:idleLimit:recording:configuration:limits:)``, and for sessions
    /// of a source that reads them (``SessionDescription/readsOutbound``). Events of other sessions go to the
    /// `outbound` sink of the router's `run`.
    ///
    /// It ends when the session is over, or when the task that reads it is cancelled. Up to
    /// ``RouterOptions/outboundCapacity`` events wait for the reader; after that the session stops routing until some
    /// are taken. An event that was taken counts as sent, unless it is given back with ``unsent(_:)``.
    public var outbound: OutboundEvents { OutboundEvents(writer) }

    /// Reports that the connection was lost. Client events wait. The router emits `router.connection.lost`, unless the
    /// connection was lost already.
    ///
    /// - Parameter reason: The reason, for people; part of the emitted event and of the recording.
    public func connectionLost(reason: String? = nil) {
        intake.put(ConnectionChange(.lost, reason: reason))
        writer.pause()
    }

    /// Reports that the connection was restored and the server still knows the session. Waiting client events are sent.
    /// The router emits `router.connection.restored`.
    ///
    /// - Parameter attempt: The number of the attempt that succeeded, counted from 1; part of the emitted event.
    public func connectionRestored(attempt: Int? = nil) {
        intake.put(ConnectionChange(.restored, attempt: attempt))
        writer.resume()
    }

    /// Reports that there is a new connection. The server's next `session.created` continues this session: `once_per`,
    /// turns and running calls continue. Responses of the old connection are over. The router emits
    /// `router.connection.restored`.
    ///
    /// The server's new session has no conversation. The router sends nothing before the session has had its first
    /// event, and then announces functions again. It does not send outputs of calls of the old connection, or events
    /// that truncate, delete or retrieve its items: see ``RunReport/unsent``.
    ///
    /// - Parameter attempt: The number of the attempt that succeeded, counted from 1; part of the emitted event.
    public func connectionRenewed(attempt: Int? = nil) {
        // Renew the writer first, because the session releases events after it has processed the change.
        writer.renew()
        intake.put(ConnectionChange(.renewed, attempt: attempt))
    }

    /// Gives back an event that was taken from ``outbound`` and could not be sent. It is sent first once the connection
    /// is restored. After a renewal of the connection it is sent if it still has a meaning, as described in
    /// ``connectionRenewed(attempt:)``.
    ///
    /// No more events are delivered until there is a connection again, even if ``connectionLost(reason:)`` was not
    /// called. Only the last 64 taken events can be given back, each once; others are ignored.
    public func unsent(_ event: ClientEvent) { writer.giveBack(event) }

    /// Sends a `session.update` as the router, with an `event_id`, even if the router may not answer
    /// (``SessionDescription/maySendClientEvents``).
    ///
    /// - Parameter session: The `session` of the update.
    public func configure(_ session: JSONObject) { intake.put(SessionNotice(configuration: session)) }

    /// Adds labels that became known later. Labels that the session already has are not changed.
    ///
    /// - Parameter labels: The labels.
    public func addLabels(_ labels: [SessionLabel]) { intake.put(SessionNotice(lateLabels: labels)) }

    /// Reports that an event that was taken from ``outbound`` may not have arrived and will not be sent again. The
    /// router emits `router.error.raised` and counts the event in ``RunReport/unsent``.
    ///
    /// - Parameter event: One of the last 64 taken events; others are ignored.
    package func unconfirmed(_ event: ClientEvent) { writer.report(unconfirmed: event) }

    /// Ends the session: flushes open utterances, waits for running calls and deliveries, and emits
    /// `router.session.ended`.
    ///
    /// It waits for running calls, however long they take; ``Router/shutDown(within:)`` sets a deadline. Client events
    /// that are not read within a second are dropped and counted in ``RunReport/unsent``. Further calls return the same
    /// report.
    ///
    /// - Returns: The session's report.
    @discardableResult
    public func finish() async -> RunReport { await finish(throwing: nil) }

    /// Ends the session with a reason from its source, such as `hung_up`.
    ///
    /// - Parameter reason: The reason; part of `router.session.ended` and of the recording. If the server has reported
    ///   that the session expired, the reason `disconnected` becomes `expired`.
    /// - Returns: The session's report.
    @discardableResult
    public func finish(reason: SessionEndReason) async -> RunReport { await finish(throwing: nil, reason: reason) }

    /// Ends the session because its source failed.
    ///
    /// - Parameters:
    ///   - failure: The error, which becomes ``RunReport/failure``.
    ///   - reason: The reason; if nil and there is an error, `disconnected`.
    @discardableResult
    public func finish(throwing failure: (any Error)?, reason: SessionEndReason? = nil) async -> RunReport {
        await finish(throwing: failure, reason: reason, isConnectionGone: false)
    }

    /// Ends the session, and states whether its connection has ended.
    ///
    /// - Parameters:
    ///   - failure: The error; nil if there is none.
    ///   - reason: The reason.
    ///   - isConnectionGone: Whether nothing can be sent any more. If so, outputs of running calls and other unsent
    ///     events are reported as `connection_lost`.
    @discardableResult
    package func finish(
        throwing failure: (any Error)?, reason: SessionEndReason?, isConnectionGone: Bool
    ) async -> RunReport {
        end(SourceEnd(failure: failure, reason: reason, isConnectionGone: isConnectionGone))
        await waitUntilOver()
        return report
    }

    /// Waits until the session accepts no more messages. A source with a connection then closes it.
    ///
    /// Running calls and deliveries continue; ``finish()`` waits for them.
    ///
    /// - Returns: Why the session ended by itself: `max_duration`, `max_cost` or `idle`; `interrupted` if the router
    ///   shuts down; `disconnected` if it failed. Nil if its source ended it, or if the task is cancelled.
    public func waitForEnd() async -> SessionEndReason? { await control.notice.wait() }

    /// Whether the session ended at one of its ``SessionLimits``.
    public var hasReachedLimit: Bool { control.notice.reason.map { [.maxDuration, .maxCost].contains($0) } ?? false }

    /// Whether words of the user may still arrive: an utterance has begun or is committed, and has no final transcript.
    /// Also true while messages wait that may change this. Cheap; any thread may read it.
    public var hasPendingWords: Bool { intake.hasMessages || control.hasPendingWords }

    /// Ends the session.
    ///
    /// - Returns: Whether this call ends it; false if it is ending already.
    @discardableResult
    func end(_ end: SourceEnd) -> Bool {
        let isFirst = intake.end(end)
        if isFirst { control.notice.notify(nil) }
        return isFirst
    }

    /// Ends the session because its connection has ended, so that nothing more can be sent.
    func endWithConnection() {
        end(SourceEnd())
        writer.end()
    }

    /// Sets the id and labels of a session before its first event.
    func describe(sessionID: String?, labels: [SessionLabel]) {
        intake.put(SessionNotice(sessionID: sessionID, labels: labels))
    }

    /// Hides a secret in everything that is written from now on: recordings, logs, journals and dead letters of all
    /// sessions.
    ///
    /// - Parameters:
    ///   - secret: The secret, such as the key of the session's connection. A secret of fewer than 8 characters is
    ///     ignored.
    ///   - name: The name that replaces it, as `${NAME}`.
    package func hide(_ secret: String, as name: String) {
        intake.put(SessionNotice(secret: (name, secret)))
    }

    func waitUntilOver() async { await control.waitForEnd() }

    /// The progress of the session while it runs.
    var progress: RunProgress { RunProgress(running: 1, events: counts.events) }

    var counts: RunCounts { loop.withLock { $0?.counts } ?? RunCounts() }

    /// Whether the session is over.
    var isOver: Bool { last.withLock { $0 != nil } }

    /// Whether the session has failed or the router is shutting down.
    var hasFailedOrIsStopping: Bool { control.isStopping || report.failure != nil }

    var report: RunReport {
        if let last = last.withLock({ $0 }) { return last }
        var report = loop.withLock { $0?.report(of: lanes) } ?? RunReport()
        report.session = key
        report.durationSeconds = (clock.now - begun).seconds
        return report
    }
}
