public import RealtimeEvents

/// Something that takes the events a route sends it.
///
/// A handler that can do more than take events says so by a protocol of its own. The router looks these up once, when the handler is bound:
///
/// | Protocol | For a handler that |
/// |---|---|
/// | ``BatchEventHandler`` | takes several events at a time |
/// | ``ConcurrentHandling`` | takes deliveries of several sessions at a time |
/// | ``ClientAudioHandling`` | takes the client's audio too |
/// | ``FunctionCallHandling`` | runs function calls and answers them |
/// | ``EventSelecting`` | fails for all but some event types |
/// | ``ServerEventHandling`` | makes nothing of the client's events |
/// | ``RecordKeeping`` | keeps records of sessions, and can forget them |
/// | `RecordWriter` | writes files while no delivery waits for the outcome |
/// | ``SecretKeeping`` | knows what nobody may write down |
/// | ``Summarizing`` | reports at the end of a run |
/// | ``SucceedingHandler`` | takes over from a running handler when rules are replaced |
/// | ``LiveOptions`` | has options without effect in recordings |
///
/// ## Contract
/// * **Order**: within one session the deliveries of one handler come one after the other, in the order in which the
///   events arrived; the next one starts when `handle(_:)` has returned. Deliveries of different sessions run at the same time as far
///   as ``ConcurrentHandling`` says, for all runs of the router together. Sessions take turns: one with many deliveries does not hold
///   up another. A handler is `Sendable`, as its deliveries come from different threads.
/// * **Once**: an event is delivered once, however many of its routes name this handler. Only a delivery that threw is
///   repeated, with the same event and a higher ``EventDelivery/attempt``. Derived events carry an `event_id` that is
///   equal in every replay: use it as the key where doing something twice would hurt.
/// * **Throwing** means that the delivery failed. It is tried again as often as the retry policy of the route or the
///   handler says, then it becomes a dead letter. ``DeliveryFailure`` says more precisely what should happen.
/// * **Side**: events come from the server, or are derived from what it sends. Only a route with `direction: client` sends events of
///   the client; ``EventDelivery/side`` tells them apart, and their types are `EventType`s without a code. Whatever it is called, an
///   event of the client never has the code of a server's event.
/// * **Redaction**: an event comes without what the ``EventRedactor``s of the table take out. Only a handler that runs function
///   calls gets it whole, and takes care of what it writes itself.
/// * **Slowness** fills this handler's own queues and nobody else's. What happens when a queue is full is the
///   handler's ``QueuePolicy``: the session waits (`block`), or the router drops a delivery, visibly counted.
/// * **Cancellation**: `handle(_:)` is cancelled when the delivery takes longer than ``HandlerBinding/timeout``, which then has failed, and
///   when a shutdown of the delivery's run has passed its deadline. A handler that does not heed that holds up the sessions behind it.
/// * **Files**: what could not be written is counted. `handle(_:)` throws a `RecordWriteError` such as `FileFailure`; a handler that
///   writes at other times too adopts `RecordWriter`.
/// * **Life**: `start()` is called once before the first delivery, `stop()` once after the last one. Creating a
///   handler must touch nothing outside; files and processes are opened in `start()`.
public protocol EventHandler: Sendable {
    /// The event types that this handler is made for, taken where a route says nothing about `type`.
    ///
    /// Types of the client's events count for routes with `direction: client`, all others for the other routes. Empty means that the
    /// handler has no opinion; a route to it then needs a `match`.
    var interests: [EventType] { get }

    /// Opens what the handler needs.
    ///
    /// - Throws: any error; it ends the start of the router with a message that names the handler.
    func start() async throws

    /// Takes one event.
    ///
    /// - Throws: any error to say that this delivery failed (see the protocol's contract).
    func handle(_ delivery: EventDelivery) async throws

    /// Flushes and closes what `start()` opened. Called once, also after a failed run.
    func stop() async
}

extension EventHandler {
    /// No opinion on types.
    public var interests: [EventType] { [] }
    /// Nothing to open.
    public func start() async throws {}
    /// Nothing to close.
    public func stop() async {}
}

extension EventHandler {
    /// The types that it is made for among those of one side. A client's types have no code; nor have types of servers that are not
    /// known, so that these are among both.
    package func interests(from side: SessionSide) -> [EventType] {
        side == .server ? interests : interests.filter { $0.code == .unknown }
    }
}

/// An ``EventHandler`` made of a closure.
///
/// ```swift
/// let printer: ClosureHandler = .events { print($0.event.type) }
/// ```
public struct ClosureHandler: EventHandler {
    /// The types taken where a route says nothing about `type`.
    public let interests: [EventType]
    private let body: @Sendable (EventDelivery) async throws -> Void

    /// Makes a handler that calls `body` for each delivery.
    public init(interests: [EventType] = [], _ body: @escaping @Sendable (EventDelivery) async throws -> Void) {
        self.interests = interests
        self.body = body
    }

    /// Calls the closure; what it throws counts as a failed delivery.
    public func handle(_ delivery: EventDelivery) async throws {
        try await body(delivery)
    }
}

extension EventHandler where Self == ClosureHandler {
    /// A handler made of a closure, for the call site.
    public static func events(
        _ interests: [EventType] = [], _ body: @escaping @Sendable (EventDelivery) async throws -> Void
    ) -> ClosureHandler {
        ClosureHandler(interests: interests, body)
    }
}
