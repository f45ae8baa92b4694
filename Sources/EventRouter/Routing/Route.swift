public import ConfigSource
public import EventPatterns

/// One rule: which events, and which handlers they go to.
public struct Route: Sendable {
    /// The route's name; unique in a table.
    public var name: String
    /// What an event must look like. Without it the route takes the events that its handlers are made for.
    public var pattern: Pattern?
    /// The names of the handlers, each once.
    public var handlers: [String]
    /// Whether routes after this one are not asked about an event that this one took.
    public var stop: Bool
    /// Fires only once for each value of this, if set.
    public var oncePer: OncePer?
    /// More attempts than the handler's own policy has, if set.
    public var retry: RetryPolicy?
    /// Where the route stands in its file.
    public var location: SourceLocation?

    /// Makes a route.
    public init(
        _ name: String, match pattern: Pattern? = nil, to handlers: [String], stop: Bool = false,
        oncePer: OncePer? = nil, retry: RetryPolicy? = nil, location: SourceLocation? = nil
    ) {
        self.name = name
        self.pattern = pattern
        self.handlers = handlers
        self.stop = stop
        self.oncePer = oncePer
        self.retry = retry
        self.location = location
    }
}

/// For what a route fires only once.
public enum OncePer: Sendable, Hashable {
    /// Once in a session.
    case session
    /// Once in a turn of the conversation.
    case turn
    /// Once for each value of a field within a session. An event without the field always fires.
    case field([String])
}
