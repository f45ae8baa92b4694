/// The connection to the server was lost, and the session goes on: the body of `router.connection.lost`.
public struct LostConnection: DerivedPayload {
    /// `router.connection.lost`
    public static var eventType: EventType { .routerConnectionLost }

    /// What all derived events carry.
    public var head = DerivedHead()
    /// Why it was lost, as the source says it.
    public var reason: String?

    /// A lost connection without fields.
    public init() {}

    /// Passes every field to the coder.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        head.code(&coder)
        coder.field("reason", &reason)
    }
}
