public import ConfigSource
public import EventJSON
public import EventRouter

/// A test of a routes.yml: its input, and its expectations.
public struct RouteTest: Sendable {
    /// The input of a test.
    public enum Subject: Sendable, Hashable {
        /// One event of the server or the client, or a derived event. Routes of events derived from it do not count.
        case event(JSONValue)
        /// The lines of a short session: events of the server, derived events, or envelopes. Routes of events derived
        /// from them count too.
        case events([JSONValue])
        /// A recorded session: the path of its file.
        case session(path: String)
        /// Recorded sessions: paths of files, folders (for their files that end in `.jsonl`), and patterns with `*`,
        /// `?` and `[…]`. If the list is empty, the caller names the sessions.
        case sessions([String])
    }

    /// The expected routing. A nil value is not checked.
    public enum Expectation: Sendable, Hashable {
        /// `routes` and `handlers` list exactly the routes that take the events and the handlers that get them, in
        /// order. `isUnmatched` says whether no route takes the events.
        case dispatch(routes: [String]?, handlers: [String]?, isUnmatched: Bool?)
        /// The path of a file with one ``RoutedEvent`` per line.
        case golden(path: String)
    }

    /// The test's name; unique in a file.
    public var name: String
    /// The input.
    public var subject: Subject
    /// The expected routing; nil if the test only has assertions. All its routes and handlers exist in the file.
    public var expectation: Expectation?
    /// The assertions for each recorded session.
    public var assertions: [SessionAssertion]
    /// The labels of the session. If nil, they come from the first event with the field `labels`, such as a derived
    /// event.
    public var labels: [SessionLabel]?
    /// The start time of the session, in seconds since 1970; nil if the test does not set it.
    public var started: Double?
    /// The test's location in its file.
    public var location: SourceLocation?

    /// Creates a test.
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

/// A condition on a whole session.
public struct SessionAssertion: Sendable {
    /// A condition on the events of a session.
    public enum Condition: Sendable {
        /// The number of complete calls of a function. A call that several events repeat counts once.
        case calls(of: String, ClosedRange<Int>)
        /// The number of matching events.
        case events(EventSelection, ClosedRange<Int>)
        /// Each event that matches the second pattern follows an event that matches the first. Holds if no event
        /// matches the second pattern.
        case before(EventSelection, EventSelection)
        /// Each event that matches `of` is followed by an event that matches `comes` within a duration of event time.
        /// Holds if no event matches `of`.
        case within(Duration, of: EventSelection, comes: EventSelection)
    }

    /// The condition.
    public var condition: Condition
    /// The assertion's location in its file.
    public var location: SourceLocation?

    /// Creates an assertion.
    public init(_ condition: Condition, location: SourceLocation? = nil) {
        self.condition = condition
        self.location = location
    }
}
