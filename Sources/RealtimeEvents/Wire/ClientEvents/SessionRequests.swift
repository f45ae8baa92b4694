/// `session.update`: changes the configuration. Realtime API, GA and beta.
public struct SessionUpdate: EventPayload {
    /// The type and the id.
    public var head = EventHead()
    /// What shall change; a field that the server does not know makes it reject all of them.
    public var session: Session?

    /// An event whose fields are all nil.
    public init() {}

    /// Codes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        head.code(&coder)
        coder.field("session", &session)
    }
}

/// `transcription_session.update`: changes a transcription's configuration. Realtime API, beta.
public struct TranscriptionSessionUpdate: EventPayload {
    /// The type and the id.
    public var head = EventHead()
    /// What shall change.
    public var session: Session?

    /// An event whose fields are all nil.
    public init() {}

    /// Codes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        head.code(&coder)
        coder.field("session", &session)
    }
}
