/// What every derived event carries, in the same object as its body.
///
/// It is not a payload of its own: ``DerivedPayload``s code it in front of their fields.
public struct DerivedHead: Sendable, Hashable {
    /// The event's type, such as `router.utterance.done`.
    public var type: String?
    /// The event's id: made of what the event is about, and equal in every replay of the same source. A handler that must
    /// not do a thing twice remembers it.
    public var eventID: String?
    /// The key of the session, which the router owns: the recording's name, the call's id, or what the caller gave. The
    /// second session of one source has `#2` behind it.
    public var session: String?
    /// The server's id of the session, once it is known.
    public var sessionID: String?
    /// The labels that the session was given.
    public var labels: [String: String]?
    /// The turn that the event belongs to, from 1; 0 before the user first spoke.
    public var turn: Int?
    /// The wire event that made this one.
    public var cause: EventCause?

    /// A head without fields.
    public init() {}

    /// Passes every field to the coder; see ``WireObject/code(_:)``.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        coder.field("type", &type)
        coder.field("event_id", &eventID)
        coder.field("session", &session)
        coder.field("session_id", &sessionID)
        coder.field("labels", &labels)
        coder.field("turn", &turn)
        coder.field("cause", &cause)
    }
}
