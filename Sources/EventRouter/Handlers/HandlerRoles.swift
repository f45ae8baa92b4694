public import RealtimeEvents
public import RecordFiles

/// The capabilities of a handler: the protocols that it conforms to, checked once when it is bound.
package struct HandlerRoles: Sendable {
    /// The handler, if it runs function calls.
    package let functionCalls: (any FunctionCallHandling)?
    /// The handler, if it takes batches.
    package let batches: (any BatchEventHandler)?
    /// The handler, if it takes deliveries of several sessions at a time.
    package let concurrency: (any ConcurrentHandling)?
    /// Whether the handler takes client audio.
    package let takesClientAudio: Bool
    /// Whether the handler ignores client events.
    package let ignoresClient: Bool
    /// The handler, if it can use only some event types.
    package let selection: (any EventSelecting)?
    /// The handler, if it keeps records.
    package let records: (any RecordKeeping)?
    /// The handler, if it writes records outside of `handle(_:)`.
    package let writer: (any EventHandler & RecordWriter)?
    /// The handler, if it knows sensitive data.
    package let secrets: (any SecretKeeping)?
    /// The handler, if it reports at the end of a run.
    package let summary: (any Summarizing)?
    /// The handler, if it can replace a running handler.
    package let succession: (any HandlerSuccessor)?
    /// The handler, if it has options for live sessions only.
    package let live: (any LiveOnlyOptions)?
    /// The handler, if it knows prices.
    package let prices: (any PriceKeeping)?
    /// The handler, if it reports on the router.
    package let observer: (any RouterObserver)?

    /// Checks which protocols a handler conforms to.
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
        succession = handler as? any HandlerSuccessor
        live = handler as? any LiveOnlyOptions
        prices = handler as? any PriceKeeping
        observer = handler as? any RouterObserver
    }

    /// Whether the handler runs function calls.
    package var takesFunctionCalls: Bool { functionCalls != nil }

    /// The number of sessions whose deliveries the handler takes at a time.
    var concurrentSessions: Int { batches == nil ? max(concurrency?.concurrentSessions ?? 1, 1) : 1 }
}

/// A handler that takes deliveries of several sessions concurrently.
///
/// Any other handler takes one delivery at a time, for all runs of the router together. That also keeps the order of
/// consecutive sessions of a source. A handler that waits for something external, and does not depend on this order,
/// should conform to this protocol. It has no effect on a ``BatchEventHandler``.
public protocol ConcurrentHandling: EventHandler {
    /// The number of sessions whose deliveries the handler takes at a time, for all runs of the router together; at
    /// least 1. The router reads it once, when it starts.
    var concurrentSessions: Int { get }
}

/// A handler that also takes the audio that clients send.
///
/// In addition to the events that routes send to it, it gets the client's `input_audio_buffer.append` events (in
/// translation sessions, `session.input_audio_buffer.append`) of every session, in the order in which client and server
/// sent their events. Such a delivery has no routes, and its ``EventDelivery/side`` is `client`. It is not redacted,
/// because it contains only audio. A handler that no route names gets nothing.
///
/// A session has client events if its recording contains them or its source passes them: see ``SessionSide/client``.
public protocol ClientAudioHandling: EventHandler {}

/// A handler that can use only some event types. The router filters nothing: other events are delivered, and fail.
/// ``EventHandler/interests`` are the types that a route without `type` takes.
public protocol EventSelecting: EventHandler {
    /// The only event types that the handler can use. The check of a configuration warns of a route that sends only
    /// other types.
    var usableTypes: [EventType] { get }
}

/// A handler that ignores client events.
///
/// The check of a configuration reports a route with `direction: client` that names such a handler.
public protocol ServerEventHandling: EventHandler {}

/// A handler that keeps persistent records of sessions, which can be deleted on request.
public protocol RecordKeeping: EventHandler {
    /// The records; nil if the handler keeps none with its current options. The router may read it before `start()`.
    var records: (any RecordKeeper)? { get }
}

/// A handler that reports at the end of a run.
public protocol Summarizing: EventHandler {
    /// The report; nil if there is nothing to report. The run's task reads it at the end of each run, while other runs
    /// may deliver events.
    var summary: HandlerSummary? { get }
}

/// A handler that can replace a running handler of the same name, when the router's rules are replaced.
///
/// Conform to it if the handler holds a resource that only one handler can hold: a locked file, a port, a child
/// process.
///
/// ## Contract
/// * The router calls ``start(succeeding:)`` instead of ``EventHandler/start()``. The predecessor is running, gets
///   deliveries until the rules are replaced, and keeps using the shared resource until it is stopped. Throwing leaves
///   the predecessor unchanged.
/// * The router calls ``finish()`` on the predecessor after its last delivery, and then ``EventHandler/stop()``.
/// * If replacing the rules fails because of another handler, the router stops the successor, and the predecessor
///   continues.
public protocol HandlerSuccessor: EventHandler {
    /// Starts the handler, and takes over the resource from the predecessor.
    ///
    /// - Parameter predecessor: The running handler of the same name. It may be of another type, from which nothing can
    ///   be taken over.
    /// - Throws: Any error. The rules are then not replaced.
    func start(succeeding predecessor: any EventHandler) async throws

    /// Waits until all work that the handler began has ended.
    func finish() async
}

extension HandlerSuccessor {
    /// Returns immediately: no work continues after `handle(_:)`.
    public func finish() async {}
}

/// A handler with options that have an effect only in live sessions.
public protocol LiveOnlyOptions: EventHandler {
    /// The names of those options that are set, as in routes.yml.
    var liveOptions: [String] { get }
}
