/// The session waits for its user, who says nothing: the body of `router.user.idle`, once for each step in a row.
///
/// A live session tells it when the time has passed, a recording with the next event, whose time says so.
public struct IdleUser: DerivedPayload {
    /// `router.user.idle`
    public static var eventType: EventType { .routerUserIdle }

    /// What all derived events carry; its `turn` is the last one that the user began.
    public var head = DerivedHead()
    /// How long the session has waited since the user last spoke or wrote, in ms. The time in which a response or a function runs, or
    /// the model's audio plays, does not count.
    public var idleMs: Int?
    /// The number of the step of `idle_after` that was reached, from 1.
    public var step: Int?

    /// An idle user without fields.
    public init() {}

    /// Passes every field to the coder.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        head.code(&coder)
        coder.field("idle_ms", &idleMs)
        coder.field("step", &step)
    }
}
