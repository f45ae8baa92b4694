public import ConfigSource
public import EventPatterns

/// One rule: which events, and which handlers they go to.
public struct Route: Sendable {
    /// The route's name; unique in a table.
    public var name: String
    /// Whose events it takes; derived events count as the server's.
    public var side: SessionSide
    /// What an event must look like. Without it the route takes the events that its handlers are made for.
    public var pattern: Pattern?
    /// The names of the handlers, each once. A route without any drops the events that it takes; it then has to ``stop``.
    public var handlers: [String]
    /// Whether routes after this one are not asked about an event that this one took.
    public var stop: Bool
    /// How often it fires at most, if set.
    public var oncePer: OncePer?
    /// The hours and days at which it may fire, if there are such. It never fires in a recording of which nobody says when it began.
    public var schedule: RouteSchedule?
    /// More attempts than the handler's own policy has, if set.
    public var retry: RetryPolicy?
    /// Where the route stands in its file.
    public var location: SourceLocation?

    /// Makes a route.
    ///
    /// - Parameters:
    ///   - name: The name; unique in a table.
    ///   - side: Whose events it takes.
    ///   - pattern: What an event must look like.
    ///   - handlers: The names of the handlers, each once.
    ///   - stop: Whether later routes are not asked about an event that this one took.
    ///   - oncePer: How often it fires at most.
    ///   - schedule: When it may fire.
    ///   - retry: How often a failed delivery is tried.
    ///   - location: Where it stands in its file.
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

/// For what, or in which time, a route fires only once.
public enum OncePer: Sendable, Hashable {
    /// Once in a session.
    case session
    /// Once in a turn of the conversation.
    case turn
    /// Once for each value of a field within a session: the names that lead to it, or `labels` and the name of a label. An event
    /// without the field always fires.
    case field([String])
    /// Once in so much time, for each value of a field if one is given, in all sessions of a router together. Events without the
    /// field count together.
    ///
    /// In a recording it is the time of its events, in a live session that of the clock. Recordings of which nobody said when they
    /// began have a time of their own each.
    case every(Duration, field: [String]? = nil)

    /// The names that lead to the field by whose values it counts, if it does.
    public var path: [String]? {
        switch self {
        case .session, .turn: nil
        case .field(let path): path
        case .every(_, let path): path
        }
    }
}

extension Route {
    /// Whether the pattern says anything about the event type; if not, what the handlers are made for decides.
    var constrainsType: Bool { pattern?.fieldPaths.contains(["type"]) ?? false }
}
