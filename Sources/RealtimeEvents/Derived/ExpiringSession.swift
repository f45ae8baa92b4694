/// The server will end the session soon: the body of `router.session.expiring`, once for a session.
public struct ExpiringSession: DerivedPayload {
    /// `router.session.expiring`
    public static var eventType: EventType { .routerSessionExpiring }

    /// What all derived events carry.
    public var head = DerivedHead()
    /// The time that is left, in ms.
    public var expiresInMs: Int?
    /// When the session ends as the server said it, in seconds since 1970.
    public var expiresAt: Int?

    /// An expiring session without fields.
    public init() {}

    /// Passes every field to the coder.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        head.code(&coder)
        coder.field("expires_in_ms", &expiresInMs)
        coder.field("expires_at", &expiresAt)
    }
}
