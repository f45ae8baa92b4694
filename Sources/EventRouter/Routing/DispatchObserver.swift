public import RealtimeEvents

/// The routes and handlers that took one event.
public struct Dispatch: Sendable, Hashable {
    /// The key of the event's session.
    public var session: String
    /// Its position in the source.
    public var position: EventPosition
    /// Its canonical type.
    public var type: EventType
    /// The time in seconds since the recording or the connection began; nil if the source has no times.
    public var at: Double?
    /// The routes that took it, in file order, as indices of ``RouteTable/routes``.
    public var routes: [Int]
    /// The handlers that get it, in order of delivery, as indices of ``RouteTable/handlers``. If no route took it, this
    /// is the handler of unmatched events, if there is one.
    public var handlers: [Int]
}

/// Observes how a router routes events.
///
/// The router calls it from the code that makes deliveries, also in a dry run. So it can predict what a run would do.
///
/// The session's task calls the functions and waits for them. Concurrent runs call them concurrently.
public protocol DispatchObserver: Sendable {
    /// Called for every server event, and for every derived event that some route could take, in routing order,
    /// including events that no route took.
    ///
    /// - Parameters:
    ///   - dispatch: The routes and handlers that took the event.
    ///   - event: The event's JSON text.
    ///   - line: The event's line in the source, including an envelope; for a derived event its JSON text.
    func observe(_ dispatch: Dispatch, event: RawSpan, line: RawSpan)

    /// Called for every client event, in order with the server events, including events that no route took.
    /// ``Dispatch/handlers`` is empty if ``Dispatch/routes`` is.
    ///
    /// - Parameters:
    ///   - dispatch: The routes and handlers that took the event.
    ///   - event: Its JSON text.
    ///   - line: The event's line in the source, including an envelope.
    func observeClient(_ dispatch: Dispatch, event: RawSpan, line: RawSpan)

    /// Called when all events that were read are routed, and the source has no more at the moment.
    func pause()
}

extension DispatchObserver {
    /// Does nothing.
    public func observeClient(_ dispatch: Dispatch, event: RawSpan, line: RawSpan) {}

    /// Does nothing.
    public func pause() {}
}
