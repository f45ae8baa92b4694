public import ConfigSource
public import EventPatterns

/// One rule: a pattern of events, and the handlers that get them.
public struct Route: Sendable {
    /// The route's name, unique in a table.
    public var name: String
    /// The side whose events it takes. Derived events count as server events.
    public var side: SessionSide
    /// The pattern that events must match. If nil, the route takes the events of the types that its handlers can use.
    public var pattern: Pattern?
    /// The names of the handlers, each once. A route without handlers drops the events that it takes, and must have
    /// ``stop``.
    public var handlers: [String]
    /// Whether an event that this route takes skips all later routes.
    public var stop: Bool
    /// The limit on how often the route fires; nil for no limit.
    public var oncePer: OncePer?
    /// The hours and days at which it may fire; nil for always. A route with a schedule never fires in a recording
    /// whose start is not known.
    public var schedule: RouteSchedule?
    /// A retry policy that applies if it allows more attempts than the handler's; nil for the handler's policy.
    public var retry: RetryPolicy?
    /// The route's location in its file.
    public var location: SourceLocation?

    /// Creates a route.
    ///
    /// - Parameters:
    ///   - name: The name, unique in a table.
    ///   - side: The side whose events it takes.
    ///   - pattern: The pattern that events must match.
    ///   - handlers: The names of the handlers, each once.
    ///   - stop: Whether an event that this route takes skips all later routes.
    ///   - oncePer: The limit on how often the route fires.
    ///   - schedule: The hours and days at which it may fire.
    ///   - retry: A retry policy with more attempts than the handler's.
    ///   - location: The route's location in its file.
    public init(
        _ name: String, from side: SessionSide = .server, match pattern: Pattern? = nil, to handlers: [String] = [],
        stop: Bool = false, oncePer: OncePer? = nil, schedule: RouteSchedule? = nil, retry: RetryPolicy? = nil,
        location: SourceLocation? = nil
    ) {
        self.name = name
        self.side = side
        self.pattern = pattern
        self.handlers = handlers
        self.stop = stop
        self.oncePer = oncePer
        self.schedule = schedule
        self.retry = retry
        self.location = location
    }
}

/// The limit on how often a route fires.
public enum OncePer: Sendable, Hashable {
    /// Once in a session.
    case session
    /// Once in a turn of the conversation.
    case turn
    /// Once for each value of a field within a session. The field is given by its path of names; `labels` and a name
    /// refer to a label. An event without the field always fires.
    case field([String])
    /// Once per interval, for each value of a field if one is given, over all sessions of a router. Events without the
    /// field share one interval.
    ///
    /// In a recording, event time counts; in a live session, the router's clock. Recordings whose start is not known
    /// have separate intervals.
    case every(Duration, field: [String]? = nil)

    /// The path of the field whose values are distinguished; nil if there is none.
    public var path: [String]? {
        switch self {
        case .session, .turn: nil
        case .field(let path): path
        case .every(_, let path): path
        }
    }
}

extension Route {
    /// Whether the pattern has a condition on `type`. If not, the handlers' interests apply.
    var constrainsType: Bool { pattern?.fieldPaths.contains(["type"]) ?? false }
}
