public import RealtimeEvents

/// Handles the events that routes send to it.
///
/// A handler declares further capabilities by conforming to other protocols. The router checks for them once, when the
/// handler is bound:
///
/// | Protocol | For a handler that |
/// |---|---|
/// | ``BatchEventHandler`` | takes several events at a time |
/// | ``ConcurrentHandling`` | takes deliveries of several sessions at a time |
/// | ``ClientAudioHandling`` | also takes client audio |
/// | ``FunctionCallHandling`` | runs function calls and answers them |
/// | ``EventSelecting`` | can use only some event types |
/// | ``ServerEventHandling`` | ignores client events |
/// | ``RecordKeeping`` | keeps records of sessions, and can delete them |
/// | `RecordWriter` | also writes files outside of `handle(_:)` |
/// | ``SecretKeeping`` | knows sensitive data |
/// | ``Summarizing`` | reports at the end of a run |
/// | ``HandlerSuccessor`` | can replace a running handler when rules are replaced |
/// | ``LiveOnlyOptions`` | has options that have an effect only in live sessions |
///
/// ## Contract
/// * **Order**: within one session, a handler gets one delivery at a time, in the order in which the events arrived.
///   The next delivery starts after `handle(_:)` has returned. Deliveries of different sessions run concurrently as far
///   as ``ConcurrentHandling`` allows; its limit applies to all runs of the router together. Sessions take turns, so a
///   session with many deliveries does not delay others. A handler is `Sendable`, because several threads call it.
/// * **Once**: an event is delivered once, however many of its routes name this handler. Only a delivery that threw is
///   repeated, with the same event and a higher ``EventDelivery/attempt``. Derived events have an `event_id` that is
///   equal in every replay: use it as an idempotency key.
/// * **Throwing** means that the delivery failed. The router retries it as often as the retry policy of the route or
///   the handler allows. After the last attempt, the delivery becomes a dead letter. A handler controls this more
///   precisely by throwing ``DeliveryFailure``.
/// * **Side**: events come from the server, or are derived from server events. Only a route with `direction: client`
///   sends client events, as ``EventDelivery/side`` shows. Their types are `EventType`s without a code, so a client
///   event never has the code of a server event, whatever its name.
/// * **Redaction**: events are redacted by the ``EventRedactor``s of the table. Only a handler that runs function calls
///   gets the original events; it must redact what it writes.
/// * **Slowness** fills only this handler's queues. The handler's ``QueuePolicy`` decides what happens when a queue is
///   full: the session waits (`block`), or the router drops and counts a delivery.
/// * **Cancellation**: the router cancels `handle(_:)` in two cases: the delivery takes longer than
///   ``HandlerBinding/timeout``, which counts as a failure; or the run is being shut down, and the deadline for that
///   has passed. A handler that ignores cancellation delays the sessions that wait for it.
/// * **Files**: the router counts records that could not be written. `handle(_:)` throws a `RecordWriteError` such as
///   `FileFailure`. A handler that also writes at other times conforms to `RecordWriter`.
/// * **Lifecycle**: the router calls `start()` once before the first delivery, and `stop()` once after the last
///   delivery. The initialiser must have no side effects: open files and start processes in `start()`.
public protocol EventHandler: Sendable {
    /// The event types that this handler can use. They apply to routes without a condition on `type`.
    ///
    /// Types of client events apply to routes with `direction: client`, all others to other routes. Empty means no
    /// preference; a route to the handler then needs a `match`.
    var interests: [EventType] { get }

    /// Opens what the handler needs.
    ///
    /// - Throws: Any error. The router then does not start, and its error names the handler.
    func start() async throws

    /// Handles one event.
    ///
    /// - Throws: Any error if the delivery failed.
    func handle(_ delivery: EventDelivery) async throws

    /// Flushes and closes what `start()` opened. Called once, also after a failed run.
    func stop() async
}

extension EventHandler {
    /// No types.
    public var interests: [EventType] { [] }
    /// Does nothing: there is nothing to open.
    public func start() async throws {}
    /// Does nothing: there is nothing to close.
    public func stop() async {}
}

extension EventHandler {
    /// The handler's types that apply to events of one side. Types without a code apply to both sides: they are client
    /// events, or server events that the router does not know.
    package func interests(from side: SessionSide) -> [EventType] {
        side == .server ? interests : interests.filter { $0.code == .unknown }
    }
}

/// An ``EventHandler`` made from a closure.
///
/// ```swift
/// let printer: ClosureHandler = .events { print($0.event.type) }
/// ```
public struct ClosureHandler: EventHandler {
    /// The event types that the handler can use.
    public let interests: [EventType]
    private let body: @Sendable (EventDelivery) async throws -> Void

    /// Creates a handler that calls `body` for each delivery.
    public init(interests: [EventType] = [], _ body: @escaping @Sendable (EventDelivery) async throws -> Void) {
        self.interests = interests
        self.body = body
    }

    /// Calls the closure. If it throws, the delivery failed.
    public func handle(_ delivery: EventDelivery) async throws {
        try await body(delivery)
    }
}

extension EventHandler where Self == ClosureHandler {
    /// Creates a handler from a closure.
    public static func events(
        _ interests: [EventType] = [], _ body: @escaping @Sendable (EventDelivery) async throws -> Void
    ) -> ClosureHandler {
        ClosureHandler(interests: interests, body)
    }
}
