public import RealtimeEvents

/// Which way one event went.
public struct Dispatch: Sendable, Hashable {
    /// The key of the session that it belongs to.
    public var session: String
    /// Its place in the source.
    public var position: EventPosition
    /// Its canonical type.
    public var type: EventType
    /// Seconds since the recording or the connection began; nil where the source has no times.
    public var at: Double?
    /// The routes that took it, in file order, as indices of ``RouteTable/routes``.
    public var routes: [Int]
    /// The handlers that it goes to, in the order in which they are given it, as indices of ``RouteTable/handlers``. With no
    /// routes this is the handler of unmatched events, or nothing.
    public var handlers: [Int]
}

/// Looks on while a router routes events.
///
/// What it is told comes from the very steps that deliver, and comes in a dry run too: so it can tell beforehand what a run would do.
///
/// Both functions are called by the session's own task, which waits for them. Runs that go on at the same time call them at
/// the same time.
public protocol DispatchObserver: Sendable {
    /// Takes in where an event went: every event of the server and every derived event that some route could take, in the
    /// order in which they were routed, the ones that no route took included.
    ///
    /// - Parameters:
    ///   - dispatch: where it went.
    ///   - event: its JSON text.
    ///   - line: the line that it stands in, with its envelope if it has one; for a derived event its JSON text.
    func observe(_ dispatch: Dispatch, event: RawSpan, line: RawSpan)

    /// Takes in where an event went that the client sent, between those of the server: every one, those that no route took included.
    /// ``Dispatch/handlers`` are those of these routes, so they are empty where ``Dispatch/routes`` are.
    ///
    /// - Parameters:
    ///   - dispatch: Where it went.
    ///   - event: Its JSON text.
    ///   - line: The line that it stands in, with its envelope if it has one.
    func observeClient(_ dispatch: Dispatch, event: RawSpan, line: RawSpan)

    /// Everything that was read is routed, and the source has nothing more at the moment.
    func pause()
}

extension DispatchObserver {
    /// Does nothing.
    public func observeClient(_ dispatch: Dispatch, event: RawSpan, line: RawSpan) {}

    /// Does nothing.
    public func pause() {}
}
