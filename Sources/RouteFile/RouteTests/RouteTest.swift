public import ConfigSource
public import EventJSON
public import EventRouter

/// One of the `tests` of a routes.yml: what comes in, and what is to become of it.
public struct RouteTest: Sendable {
    /// What a test is about.
    public enum Subject: Sendable, Hashable {
        /// One event, of the server or derived. Only its own routes count, not those of what is derived from it.
        case event(JSONValue)
        /// A session of a few lines: events of the server, derived events, or envelopes. What is derived from them counts too.
        case events([JSONValue])
        /// A recorded session: the path of its file.
        case session(path: String)
        /// Recorded sessions: paths of files, folders (their files that end in `.jsonl`), and patterns with `*`, `?` and `[…]`. With
        /// none, the test is about the files that whoever runs it names.
        case sessions([String])
    }

    /// What is to become of it; what is nil is not asked for.
    public enum Expectation: Sendable, Hashable {
        /// The routes that take the events and the handlers that get them, exactly these, in order; and whether no route
        /// takes them.
        case dispatch(routes: [String]?, handlers: [String]?, isUnmatched: Bool?)
        /// What stands in the file of this path, a ``RoutedEvent`` a line.
        case golden(path: String)
    }

    /// The test's name; unique in a file.
    public var name: String
    /// What it is about.
    public var subject: Subject
    /// What is to become of it. Every route and handler in it is one of the file. Nil if the test only has assertions.
    public var expectation: Expectation?
    /// What must hold in each session of a test about recorded sessions.
    public var assertions: [SessionAssertion]
    /// The labels of the session; nil when the test says nothing of them. Then those count that the first event has in its
    /// `labels`, as derived events do.
    public var labels: [SessionLabel]?
    /// When the session began, in seconds since 1970; nil when the test does not say it.
    public var started: Double?
    /// Where the test stands in its file.
    public var location: SourceLocation?

    /// Makes a test.
    public init(
        name: String, _ subject: Subject, _ expectation: Expectation?, assertions: [SessionAssertion] = [],
        labels: [SessionLabel]? = nil, started: Double? = nil, location: SourceLocation? = nil
    ) {
        self.name = name
        self.subject = subject
        self.expectation = expectation
        self.assertions = assertions
        self.labels = labels
        self.started = started
        self.location = location
    }
}

/// What must hold in a whole session.
public struct SessionAssertion: Sendable {
    /// A condition on the events of a session.
    public enum Condition: Sendable {
        /// So many calls of a function are complete in the session. A call that several events repeat counts once.
        case calls(of: String, ClosedRange<Int>)
        /// So many events match.
        case events(EventSelection, ClosedRange<Int>)
        /// Before each event that matches the second pattern comes one that matches the first. The condition holds if no event
        /// matches the second pattern.
        case before(EventSelection, EventSelection)
        /// After each event that matches `of` comes one that matches `comes`, at most so much event time later. The condition holds
        /// if no event matches `of`.
        case within(Duration, of: EventSelection, comes: EventSelection)
    }

    /// The condition.
    public var condition: Condition
    /// Where the assertion stands in its file.
    public var location: SourceLocation?

    /// Makes an assertion.
    public init(_ condition: Condition, location: SourceLocation? = nil) {
        self.condition = condition
        self.location = location
    }
}
