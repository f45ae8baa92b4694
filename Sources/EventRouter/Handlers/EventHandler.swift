public import RealtimeEvents
public import RecordFiles

/// Something that takes the events a route sends it.
///
/// ## Contract
/// * **Order**: within one session the deliveries of one handler come one after the other, in the order in which the
///   events arrived; the next one starts when `handle(_:)` has returned. Deliveries of different sessions run at the same time as far
///   as ``concurrentSessions`` says, for all runs of the router together. Sessions take turns: one with many deliveries does not hold
///   up another. A handler is `Sendable`, as its deliveries come from different threads.
/// * **Once**: an event is delivered once, however many of its routes name this handler. Only a delivery that threw is
///   repeated, with the same event and a higher ``EventDelivery/attempt``. Derived events carry an `event_id` that is
///   equal in every replay: use it as the key where doing something twice would hurt.
/// * **Throwing** means that the delivery failed. It is tried again as often as the retry policy of the route or the
///   handler says, then it becomes a dead letter. ``DeliveryFailure`` says more precisely what should happen.
/// * **Redaction**: an event comes without what the ``EventRedactor``s of the table take out. Only a handler that runs function
///   calls gets it whole, and takes care of what it writes itself.
/// * **Slowness** fills this handler's own queues and nobody else's. What happens when a queue is full is the
///   handler's ``QueuePolicy``: the session waits (`block`), or the router drops a delivery, visibly counted.
/// * **Cancellation**: `handle(_:)` is cancelled when the delivery takes longer than ``HandlerBinding/timeout``, which then has failed, and
///   when a shutdown of the delivery's run has passed its deadline. A handler that does not heed that holds up the sessions behind it.
/// * **Files**: what could not be written is counted. `handle(_:)` throws a `RecordWriteError` such as `FileFailure`; for
///   what is written at another time there is `RecordWriter.reportUnwritten(to:)`.
/// * **Life**: `start()` is called once before the first delivery, `stop()` once after the last one. Creating a
///   handler must touch nothing outside; files and processes are opened in `start()`.
public protocol EventHandler: RecordWriter, Sendable {
    /// The event types that this handler is made for, taken where a route says nothing about `type`.
    ///
    /// Empty means that the handler has no opinion; a route to it then needs a `match`.
    var interests: [EventType] { get }

    /// The only event types that this handler can do anything with, if it fails for all others; `nil` for a handler that takes
    /// any event. Checking a configuration warns of a route that sends it nothing but others.
    var usableTypes: [EventType]? { get }

    /// Of how many sessions it takes deliveries at a time, in all runs of the router together. One, the default, keeps the order of a source
    /// also over the sessions that follow one another on it; a handler that waits for something outside, and keeps no order in what it
    /// leaves, should name more. Asked for once when the router starts.
    var concurrentSessions: Int { get }

    /// Whether this handler runs function calls and answers each with ``RouterSession/complete(_:)``.
    ///
    /// Of several such handlers that match one call only the first in file order gets it, the call is never dropped,
    /// and the end of a session waits for its outcome.
    var takesFunctionCalls: Bool { get }

    /// What this handler knows that nobody may write down. Other handlers, dead letters and explanations get events without it.
    var redactors: [any EventRedactor] { get }

    /// What its programs get from the environment and may print. Journals, dead letters and logs show `${NAME}` instead.
    var secrets: SecretValues { get }

    /// The functions that it runs for the model; `nil` for most handlers. Asked for once, when a table is made.
    var toolOffer: ToolOffer? { get }

    /// What it keeps of sessions beyond its life, so that it can be told to forget; `nil` when it keeps nothing.
    var records: (any RecordKeeper)? { get }

    /// What this handler has to say at the end of a run; `nil` for most handlers.
    var summary: HandlerSummary? { get }

    /// Opens what the handler needs.
    ///
    /// - Throws: any error; it ends the start of the router with a message that names the handler.
    func start() async throws

    /// Takes one event.
    ///
    /// - Throws: any error to say that this delivery failed (see the protocol's contract).
    func handle(_ delivery: EventDelivery) async throws

    /// Notes that the user interrupted the model: spoke while a response was active, or had one cancelled. Only handlers that run
    /// function calls are told, in live sessions, some interruptions twice.
    ///
    /// Called by the session's own task, which waits for it. Calls that became ready before may still be in the queue.
    ///
    /// - Parameters:
    ///   - session: the session.
    ///   - position: the event that told of it.
    func userInterrupted(_ session: RouterSession, at position: EventPosition)

    /// Flushes and closes what `start()` opened. Called once, also after a failed run.
    func stop() async
}

extension EventHandler {
    /// No opinion on types.
    public var interests: [EventType] { [] }
    /// Any event.
    public var usableTypes: [EventType]? { nil }
    /// One session at a time.
    public var concurrentSessions: Int { 1 }
    /// Most handlers do not answer calls.
    public var takesFunctionCalls: Bool { false }
    /// Nothing that is secret.
    public var redactors: [any EventRedactor] { [] }
    /// No variable is passed on.
    public var secrets: SecretValues { SecretValues() }
    /// Most handlers run no functions.
    public var toolOffer: ToolOffer? { nil }

    /// Nothing is kept.
    public var records: (any RecordKeeper)? { nil }
    /// Nothing to report.
    public var summary: HandlerSummary? { nil }
    /// Nothing to open.
    public func start() async throws {}
    /// Nothing to do.
    public func userInterrupted(_ session: RouterSession, at position: EventPosition) {}
    /// Nothing to close.
    public func stop() async {}
}
