/// `session.created` and `session.updated`: the session's whole configuration.
///
/// Also `transcription_session.created` and `.updated` of beta. Realtime API, GA and beta.
public struct SessionEvent: EventPayload {
    /// The type and the id.
    public var head = EventHead()
    /// The configuration.
    public var session: Session?

    /// An event whose fields are all nil.
    public init() {}

    /// Codes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        head.code(&coder)
        coder.field("session", &session)
    }
}

/// `error`: a request failed, or the session. Most errors leave the session open.
///
/// Realtime API, GA and beta; translation.
public struct ErrorEvent: EventPayload {
    /// The type and the id.
    public var head = EventHead()
    /// What went wrong.
    public var error: ServerError?

    /// An event whose fields are all nil.
    public init() {}

    /// Codes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        head.code(&coder)
        coder.field("error", &error)
    }
}
