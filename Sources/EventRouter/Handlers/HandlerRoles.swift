public import RealtimeEvents
public import RecordFiles

/// What a handler can do beside taking events: the protocols that it adopts, looked up once when it is bound.
package struct HandlerRoles: Sendable {
    /// The handler, if it runs function calls.
    package let functionCalls: (any FunctionCallHandling)?
    /// The handler, if it takes batches.
    package let batches: (any BatchEventHandler)?
    /// The handler, if it takes deliveries of several sessions at a time.
    package let concurrency: (any ConcurrentHandling)?
    /// Whether the handler takes the client's audio.
    package let takesClientAudio: Bool
    /// Whether the handler makes nothing of the client's events.
    package let ignoresClient: Bool
    /// The handler, if it can use only some events.
    package let selection: (any EventSelecting)?
    /// The handler, if it keeps records.
    package let records: (any RecordKeeping)?
    /// The handler, if it writes records whose outcome no delivery waits for.
    package let writer: (any EventHandler & RecordWriter)?
    /// The handler, if it knows what nobody may write down.
    package let secrets: (any SecretKeeping)?
    /// The handler, if it reports at the end of a run.
    package let summary: (any Summarizing)?
    /// The handler, if it takes over from another one.
    package let succession: (any SucceedingHandler)?
    /// The handler, if it has options for live sessions only.
    package let live: (any LiveOptions)?
    /// The handler, if it knows prices.
    package let prices: (any PriceKeeping)?
    /// The handler, if it reports on the router.
    package let observer: (any RouterObserver)?

    /// Looks up what a handler adopts.
    package init(_ handler: any EventHandler) {
        functionCalls = handler as? any FunctionCallHandling
        batches = handler as? any BatchEventHandler
        concurrency = handler as? any ConcurrentHandling
        takesClientAudio = handler is any ClientAudioHandling
        ignoresClient = handler is any ServerEventHandling
        selection = handler as? any EventSelecting
        records = handler as? any RecordKeeping
        writer = handler as? any EventHandler & RecordWriter
        secrets = handler as? any SecretKeeping
        summary = handler as? any Summarizing
        succession = handler as? any SucceedingHandler
        live = handler as? any LiveOptions
        prices = handler as? any PriceKeeping
        observer = handler as? any RouterObserver
    }

    /// Whether the handler runs function calls.
    package var takesFunctionCalls: Bool { functionCalls != nil }

    /// How many sessions' deliveries the handler takes at a time.
    var concurrentSessions: Int { batches == nil ? max(concurrency?.concurrentSessions ?? 1, 1) : 1 }
}

/// A handler that takes deliveries of several sessions at a time.
///
/// Any other handler takes one delivery at a time, in all runs of the router together. That keeps the order of a source also over the
/// sessions that follow one another on it. A handler that waits for something outside, and keeps no order in what it writes, should
/// adopt this. It has no effect on a ``BatchEventHandler``.
public protocol ConcurrentHandling: EventHandler {
    /// The number of sessions whose deliveries the handler takes at a time, in all runs of the router together; at least 1. Asked for once,
    /// when the router starts.
    var concurrentSessions: Int { get }
}

/// A handler that also takes the audio that clients send.
///
/// Besides the events that routes send it, it gets the client's `input_audio_buffer.append` (in translation
/// `session.input_audio_buffer.append`) of every session, in the order in which client and server sent their events. Such a delivery has no
/// routes, and its ``EventDelivery/side`` is `client`. It is not redacted: it holds audio alone. Nothing is delivered to a handler that no
/// route names.
///
/// Sessions bring the client's events where a recording has them, or the source does: see ``SessionSide/client``.
public protocol ClientAudioHandling: EventHandler {}

/// A handler that can use only some event types. It filters nothing: other events are delivered, and fail. What a route without `type`
/// takes, ``EventHandler/interests`` say.
public protocol EventSelecting: EventHandler {
    /// The only event types that the handler can use. Checking a configuration warns of a route that sends it nothing but others.
    var usableTypes: [EventType] { get }
}

/// A handler that makes nothing of the client's events: it takes them, and does nothing with them.
///
/// Checking a configuration reports a route with `direction: client` that names one.
public protocol ServerEventHandling: EventHandler {}

/// A handler that keeps records of sessions beyond its life, and can be told to forget them.
public protocol RecordKeeping: EventHandler {
    /// The records; nil when the handler keeps none with its present options. Asked for before a start too.
    var records: (any RecordKeeper)? { get }
}

/// A handler that reports at the end of a run.
public protocol Summarizing: EventHandler {
    /// The report; nil when there is nothing to say. Asked for at the end of each run, from the run's task, while other runs may deliver.
    var summary: HandlerSummary? { get }
}

/// A handler that can take the place of a running one of the same name, when the rules of a router are replaced.
///
/// Adopt it if the handler keeps something that only one can have at a time: a locked file, a port, a program that answers for it.
///
/// ## Contract
/// * ``start(succeeding:)`` is called in place of ``EventHandler/start()``. The predecessor has been started, still gets deliveries until
///   the rules are swapped, and goes on using what both share until it is stopped. Throwing leaves the predecessor as it was.
/// * ``finish()`` is called on the predecessor after its last delivery, and then ``EventHandler/stop()``.
/// * If the swap fails because of another handler, the successor is stopped and the predecessor goes on.
public protocol SucceedingHandler: EventHandler {
    /// Starts the handler, and takes over from the predecessor what only one can have.
    ///
    /// - Parameter predecessor: the handler of the same name that runs; it may be of another type, from which nothing can be taken over.
    /// - Throws: any error; the rules are not replaced then.
    func start(succeeding predecessor: any EventHandler) async throws

    /// Waits until everything has ended that the handler has begun.
    func finish() async
}

extension SucceedingHandler {
    /// Nothing goes on after `handle(_:)`.
    public func finish() async {}
}

/// A handler with options that only have an effect in live sessions.
public protocol LiveOptions: EventHandler {
    /// The names of those options that are in use, as routes.yml has them.
    var liveOptions: [String] { get }
}
