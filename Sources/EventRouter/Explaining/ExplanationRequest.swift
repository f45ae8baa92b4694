public import RealtimeEvents

/// Which events of a run are to be explained one by one, and to whom. A summary of every route is made in any case.
public struct ExplanationRequest: Sendable {
    /// Which events are explained.
    public enum Scope: Sendable, Hashable {
        /// Those that fired a route; with these routes.
        case fired
        /// Those of the types that a route is about, at that route.
        case route(String)
        /// One of them, at all routes.
        case event(EventPosition)
        /// Those at a time, at all routes: in seconds, to one decimal place, as people are shown it.
        case time(Double)
    }

    /// Which events are explained.
    public var scope: Scope
    /// Gets each explanation as the event is routed, on the session's task, which waits for it.
    public var receive: @Sendable (EventExplanation) -> Void

    /// Asks for explanations.
    public init(_ scope: Scope = .fired, receive: @escaping @Sendable (EventExplanation) -> Void = { _ in }) {
        self.scope = scope
        self.receive = receive
    }
}
