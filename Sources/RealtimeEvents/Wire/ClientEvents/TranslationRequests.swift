/// `session.update`: changes the configuration. Realtime API, translation.
public struct TranslationSessionUpdate: EventPayload {
    /// The type and the id.
    public var head = EventHead()
    /// What shall change.
    public var session: TranslationSession?

    /// An event whose fields are all nil.
    public init() {}

    /// Codes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        head.code(&coder)
        coder.field("session", &session)
    }
}

/// `session.input_audio_buffer.append`: the speaker's audio. Realtime API, translation.
public struct TranslationInputAudioBufferAppend: EventPayload {
    /// The type and the id.
    public var head = EventHead()
    /// The audio, base64.
    public var audio: String?

    /// An event whose fields are all nil.
    public init() {}

    /// Codes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        head.code(&coder)
        coder.field("audio", &audio)
    }
}

/// `session.close`: ends the translation. Realtime API, translation.
public struct TranslationSessionClose: EventPayload {
    /// The type and the id.
    public var head = EventHead()

    /// An event whose fields are all nil.
    public init() {}

    /// Codes the head.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        head.code(&coder)
    }
}
