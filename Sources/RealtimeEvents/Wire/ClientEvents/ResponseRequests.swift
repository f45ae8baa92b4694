/// `response.create`: asks for a response. Realtime API, GA and beta.
///
/// One response at a time may write to the conversation.
public struct ResponseCreate: EventPayload {
    /// The type and the id.
    public var head = EventHead()
    /// How to make it; nil for the session's configuration.
    public var response: ResponseParameters?

    /// An event whose fields are all nil.
    public init() {}

    /// Codes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        head.code(&coder)
        coder.field("response", &response)
    }
}

/// `response.cancel`: stops a response. Realtime API, GA and beta.
public struct ResponseCancel: EventPayload {
    /// The type and the id.
    public var head = EventHead()
    /// The response to stop; nil for the active one.
    public var responseID: String?

    /// An event whose fields are all nil.
    public init() {}

    /// Codes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        head.code(&coder)
        coder.field("response_id", &responseID)
    }
}
