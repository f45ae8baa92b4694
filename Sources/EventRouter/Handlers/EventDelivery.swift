public import RealtimeEvents

/// One event on its way to one handler.
public struct EventDelivery: Sendable {
    /// The event; its payload is decoded when asked for: `delivery.event.decode(Utterance.self)`.
    public let event: RealtimeEvent
    /// The names of the routes that took the event for this handler, in file order. Empty for an event that no route
    /// took and that `unmatched` sends here, and for the client's audio.
    public let routes: [String]
    /// 1 for the first try, one more after each failure.
    public internal(set) var attempt: Int
    /// The session that the event belongs to, and the way to answer it.
    public let session: RouterSession
    /// The number of the event in its session, from 1 on, in the order in which events are routed; the events of both sides and derived
    /// events count, whether or not a route takes them.
    public let sequence: Int
    /// Who sent the event: the client only if a route with ``Route/side`` `client` took it, and for a ``ClientAudioHandling``.
    public let side: SessionSide

    /// Makes a delivery; the router does, and tests of handlers.
    public init(
        event: RealtimeEvent, routes: [String], attempt: Int = 1, session: RouterSession, sequence: Int = 1,
        side: SessionSide = .server
    ) {
        self.event = event
        self.routes = routes
        self.attempt = attempt
        self.session = session
        self.sequence = sequence
        self.side = side
    }

    /// The function call that the event is about; nil for any other event.
    var call: CallReference? {
        switch event.type.code {
        case .routerFunctionCallReady: (try? event.decode(FunctionCall.self))?.reference
        case .routerFunctionCallDone: (try? event.decode(FunctionCallOutcome.self))?.reference
        default: nil
        }
    }
}
