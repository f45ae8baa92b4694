/// There is a connection to the server again: the body of `router.connection.restored`.
public struct RestoredConnection: DerivedPayload {
    /// `router.connection.restored`
    public static var eventType: EventType { .routerConnectionRestored }

    /// What all derived events carry.
    public var head = DerivedHead()
    /// The number of the attempt that succeeded, from 1; nil where the source does not count them.
    public var attempt: Int?
    /// The time from the loss of the connection to this event, in ms; nil where the events have no times, or no loss was reported.
    public var gapMs: Int?
    /// Whether the server has a new session, which knows nothing of the conversation; nil where it knows the session.
    public var renewed: Bool?

    /// A restored connection without fields.
    public init() {}

    /// Passes every field to the coder.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        head.code(&coder)
        coder.field("attempt", &attempt)
        coder.field("gap_ms", &gapMs)
        coder.field("renewed", &renewed)
    }
}
