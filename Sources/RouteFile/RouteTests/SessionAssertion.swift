public import ConfigSource

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
