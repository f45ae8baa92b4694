public import EventJSON
public import RealtimeEvents
import Synchronization

/// A session of a router, and the one way in which anything is attached to it: a file, a pipe, a socket, or an app that owns its
/// socket.
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
/// Read ``outbound`` in a task of its own, from the beginning: it ends when the session is over. A session that is never finished runs
/// until the router stops.
///
/// Nothing here waits for a rule or a handler, except where the name says so. All of it may be called from any thread; the order in
/// which messages are given is the order in which they are routed.
public final class AttachedSession: Sendable {
    /// Who sent a message.
    public typealias Side = SessionSide

    /// The session's key, unique among the sessions that run.
    public let key: String
    let control: RunControl
    let intake: SessionIntake
    let lanes: RunLanes
    private let writer: OutboundWriter
    private let begun: Duration
    private let clock: any RouterClock
    /// Nil when the session is over.
    private let loop: Mutex<SessionLoop?>
    /// What it came to, once it is over.
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

    /// Begins to route.
    ///
    /// - Parameter end: called when the session is over.
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

    /// Takes a copy of one message of the session's connection: a JSON text, without an envelope.
    ///
    /// - Parameters:
    ///   - message: the message.
    ///   - side: who sent it.
    ///   - at: its time, in seconds since the session began; by default now.
    /// - Returns: see ``SessionReceipt``. A message that is no JSON object, or larger than `RouterOptions.maxEventBytes`, is taken and
    ///   becomes a dead letter.
    @discardableResult
    public func receive(_ message: RawSpan, from side: Side, at: Double? = nil) -> SessionReceipt {
        intake.put(message, isClient: side == .client, at: at)
    }

    /// Takes a copy of one message, as the same function does for a span.
    @discardableResult
    public func receive(_ message: [UInt8], from side: Side, at: Double? = nil) -> SessionReceipt {
        receive(message.span.bytes, from: side, at: at)
    }

    /// Takes a copy of one message, as the same function does for a span.
    @discardableResult
    public func receive(_ message: String, from side: Side, at: Double? = nil) -> SessionReceipt {
        receive(Array(message.utf8), from: side, at: at)
    }

    /// Takes a copy of one message, as ``receive(_:from:at:)`` does, and leaves it to ``routeEnqueued()`` to wake the session.
    ///
    /// For a source that has messages for many sessions at a time: waking a session costs more than routing a message.
    package func enqueue(_ message: RawSpan, from side: Side) -> SessionReceipt {
        intake.put(message, isClient: side == .client, at: nil, wakes: false)
    }

    /// Wakes the session to route what was enqueued.
    package func routeEnqueued() { control.signal.raise() }

    /// Waits until there is room for more. For sources that can wait, as files and pipes can.
    ///
    /// - Returns: whether what comes then is routed. It is not when the session has ended, as it does when the router shuts down.
    @discardableResult
    public func waitForRoom() async -> Bool { await intake.waitForRoom() }

    /// Takes lines of JSON: events, or envelopes around them. They are taken also if there is no room.
    ///
    /// - Returns: whether they will be routed. They are not when the session has ended.
    @discardableResult
    public func receive(_ lines: EventBatch) -> Bool { intake.put(lines) }

    /// What is to be sent to the server, in its order: outputs of functions, requests for responses, and what handlers send.
    ///
    /// Only for sessions of ``Router/session(key:labels:idleLimit:recording:configuration:limits:)``, and for those of a source that reads them
    /// (``SessionDescription/readsOutbound``); the events of other sessions go to the `outbound` of the router's `run`.
    ///
    /// It ends when the session is over, or when the task that reads it is cancelled. Up to `RouterOptions.outboundCapacity` events wait
    /// for the reader; after that the session routes nothing until some are taken. An event that was taken counts as sent, unless it is given
    /// back with ``unsent(_:)``.
    public var outbound: OutboundEvents { OutboundEvents(writer) }

    /// The connection was lost: what is to be sent waits. `router.connection.lost` is emitted, unless it was lost already.
    ///
    /// - Parameter reason: why it was lost, for people; it stands in that event and in the recording.
    public func connectionLost(reason: String? = nil) {
        intake.put(ConnectionChange(.lost, reason: reason))
        writer.pause()
    }

    /// The connection is there again, and the server knows the session: what waited is sent. `router.connection.restored` is emitted.
    ///
    /// - Parameter attempt: the number of the attempt that succeeded, from 1; it stands in that event.
    public func connectionRestored(attempt: Int? = nil) {
        intake.put(ConnectionChange(.restored, attempt: attempt))
        writer.resume()
    }

    /// There is a new connection: the server's next `session.created` goes on with this session, and `once_per`, turns and running calls
    /// with it. Responses of the old connection are over. `router.connection.restored` is emitted.
    ///
    /// The server's new session knows nothing of the conversation. Nothing is sent before the session has seen its first event, and functions
    /// are announced again then. Outputs of calls of the old connection are not sent, and neither are events that truncate, delete or
    /// retrieve one of its items: see ``RunReport/unsent``.
    ///
    /// - Parameter attempt: the number of the attempt that succeeded, from 1; it stands in that event.
    public func connectionRenewed(attempt: Int? = nil) {
        // First, as the session lets events go when it has seen that.
        writer.renew()
        intake.put(ConnectionChange(.renewed, attempt: attempt))
    }

    /// Gives an event back that was taken from ``outbound`` and could not be sent: it goes out first once the connection is restored.
    /// After a renewal of the connection it goes out if it still means something, as ``connectionRenewed(attempt:)`` says.
    ///
    /// Until there is a connection again nothing more is given out, also if ``connectionLost(reason:)`` was not called. Of the events that
    /// were taken the last 64 can be given back, each once; any other is ignored.
    public func unsent(_ event: ClientEvent) { writer.giveBack(event) }

    /// Sends a `session.update` of the router's own, with an `event_id`; also where the router may not answer
    /// (``SessionDescription/mayAnswer``).
    ///
    /// - Parameter session: the `session` of the update.
    public func configure(_ session: JSONObject) { intake.put(SessionNotice(configuration: session)) }

    /// Adds labels that became known only now. A label that the session has stays as it is.
    ///
    /// - Parameter labels: the labels.
    public func addLabels(_ labels: [SessionLabel]) { intake.put(SessionNotice(lateLabels: labels)) }

    /// Reports an event that was taken from ``outbound`` and may not have arrived, and that is not to be sent again: `router.error.raised`
    /// is emitted, and it counts in ``RunReport/unsent``.
    ///
    /// - Parameter event: one of the last 64 that were taken; any other is ignored.
    package func unconfirmed(_ event: ClientEvent) { writer.report(unconfirmed: event) }

    /// Ends the session: open utterances are flushed, running calls finish, deliveries are made, and `router.session.ended` goes out.
    ///
    /// It waits for running calls, however long they take; ``Router/shutDown(within:)`` sets a deadline. Events that nobody reads are given
    /// up after a second and counted in ``RunReport/unsent``. Called again it returns the same.
    ///
    /// - Returns: what the session came to.
    @discardableResult
    public func finish() async -> RunReport { await finish(throwing: nil) }

    /// Ends the session for a reason of its source's own, such as `hung_up`.
    ///
    /// - Parameter reason: why it ends; it stands in `router.session.ended` and in the recording. A session of which the server said that it
    ///   has expired ends as `expired` where the reason is `disconnected`.
    /// - Returns: what the session came to.
    @discardableResult
    public func finish(reason: SessionEndReason) async -> RunReport { await finish(throwing: nil, reason: reason) }

    /// Ends the session because its source failed.
    ///
    /// - Parameters:
    ///   - failure: the error; it stands in ``RunReport/failure``.
    ///   - reason: why it ends; nil for `disconnected` if there is an error.
    @discardableResult
    public func finish(throwing failure: (any Error)?, reason: SessionEndReason? = nil) async -> RunReport {
        await finish(throwing: failure, reason: reason, isConnectionGone: false)
    }

    /// Ends the session, as the same function does.
    ///
    /// - Parameters:
    ///   - failure: the error, if there is one.
    ///   - reason: why it ends.
    ///   - isConnectionGone: whether nothing can be sent any more. Then outputs of calls that still run, and other events that were not
    ///     sent, are reported as `connection_lost`.
    @discardableResult
    package func finish(
        throwing failure: (any Error)?, reason: SessionEndReason?, isConnectionGone: Bool
    ) async -> RunReport {
        end(SourceEnd(failure: failure, reason: reason, isConnectionGone: isConnectionGone))
        await waitUntilOver()
        return report
    }

    /// Waits until the session takes nothing more. For a source that has a connection: it closes that then.
    ///
    /// Calls that run and deliveries still go on; ``finish()`` waits for them.
    ///
    /// - Returns: why the session ended by itself: `max_duration`, `max_cost`, `idle`, or `interrupted` as the router shuts down;
    ///   `disconnected` if it failed. Nil if its source ended it, or the task is cancelled.
    public func waitForEnd() async -> SessionEndReason? { await control.notice.wait() }

    /// Whether the session ended at one of its ``SessionLimits``.
    public var hasReachedLimit: Bool { control.notice.reason.map { [.maxDuration, .maxCost].contains($0) } ?? false }

    /// Whether words of the user's may still come: an utterance has begun or is committed, and has no final transcript. Also true while
    /// messages wait that may change it. Cheap; may be asked from any thread.
    public var hasPendingWords: Bool { control.hasPendingWords || intake.hasMessages }

    /// Ends the session.
    ///
    /// - Returns: whether it is this that ends it: it may be ending already.
    @discardableResult
    func end(_ end: SourceEnd) -> Bool {
        let isFirst = intake.end(end)
        if isFirst { control.notice.give(nil) }
        return isFirst
    }

    /// Ends the session, as its connection is gone: nothing more can be sent.
    func endWithConnection() {
        end(SourceEnd())
        writer.end()
    }

    /// Says what is known of a session before its first event.
    func describe(sessionID: String?, labels: [SessionLabel]) {
        intake.put(SessionNotice(sessionID: sessionID, labels: labels))
    }

    /// Takes a secret out of everything that is written from now on: recordings, logs, journals and dead letters of all sessions.
    ///
    /// - Parameters:
    ///   - secret: the secret, such as the key of the session's connection; of fewer than 8 characters nothing is taken out.
    ///   - name: what stands for it, as `${NAME}`.
    package func hide(_ secret: String, as name: String) {
        intake.put(SessionNotice(secret: (name, secret)))
    }

    func waitUntilOver() async { await control.waitForEnd() }

    var counts: RunCounts { loop.withLock { $0?.counts } ?? RunCounts() }

    /// Whether the session is over.
    var isOver: Bool { last.withLock { $0 != nil } }

    /// Whether the session ended, or is to end, since it failed or the router shuts down.
    var isUnwanted: Bool { control.isStopping || report.failure != nil }

    var report: RunReport {
        if let last = last.withLock({ $0 }) { return last }
        var report = loop.withLock { $0?.report(of: lanes) } ?? RunReport()
        report.session = key
        report.durationSeconds = (clock.now - begun).seconds
        return report
    }
}

/// The client events of a session, for whoever sends them.
public struct OutboundEvents: AsyncSequence, Sendable {
    /// A client event.
    public typealias Element = ClientEvent

    private let writer: OutboundWriter

    init(_ writer: OutboundWriter) {
        self.writer = writer
    }

    /// Begins to take events. Of several iterators each gets some.
    public func makeAsyncIterator() -> Iterator { Iterator(writer) }

    /// Takes the events one by one.
    public struct Iterator: AsyncIteratorProtocol {
        private let writer: OutboundWriter
        private let reader: Int

        fileprivate init(_ writer: OutboundWriter) {
            self.writer = writer
            reader = writer.enter()
        }

        /// The next event; nil at the end.
        public mutating func next() async -> ClientEvent? { await writer.next(reader) }
    }

}
