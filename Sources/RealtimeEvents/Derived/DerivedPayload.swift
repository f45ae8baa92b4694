/// The body of an event that the session derived from the server's: a ``WireObject`` with a common head.
public protocol DerivedPayload: WireObject {
    /// The type of the events that carry it when the type is not said: `router.utterance.done` for ``Utterance``.
    static var eventType: EventType { get }

    /// What all derived events carry.
    var head: DerivedHead { get set }
}
