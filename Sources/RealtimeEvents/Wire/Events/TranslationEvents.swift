/// `session.created` and `session.updated`: the translation's whole configuration. Realtime API, translation.
public struct TranslationSessionEvent: EventPayload {
    /// The type and the id.
    public var head = EventHead()
    /// The configuration.
    public var session: TranslationSession?

    /// An event whose fields are all nil.
    public init() {}

    /// Codes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        head.code(&coder)
        coder.field("session", &session)
    }
}

/// `session.closed`: the translation ended. Realtime API, translation.
public struct TranslationSessionClosed: EventPayload {
    /// The type and the id.
    public var head = EventHead()

    /// An event whose fields are all nil.
    public init() {}

    /// Codes the head.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        head.code(&coder)
    }
}

/// `session.input_transcript.delta` and `session.output_transcript.delta`: a piece of what was said, or of its
/// translation. Realtime API, translation.
public struct TranslationTranscriptDelta: EventPayload {
    /// The type and the id.
    public var head = EventHead()
    /// The text to append.
    public var delta: String?
    /// Milliseconds of the translation so far.
    public var elapsedMs: Int?

    /// An event whose fields are all nil.
    public init() {}

    /// Codes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        head.code(&coder)
        coder.field("delta", &delta)
        coder.field("elapsed_ms", &elapsedMs)
    }
}

/// `session.output_audio.delta`: a piece of translated audio. Realtime API, translation.
public struct TranslationAudioDelta: EventPayload {
    /// The type and the id.
    public var head = EventHead()
    /// The audio, base64.
    public var delta: String?
    /// Its format: `pcm16`.
    public var format: AudioEncoding?
    /// Samples a second.
    public var sampleRate: Int?
    /// How many channels.
    public var channels: Int?
    /// Milliseconds of the translation so far.
    public var elapsedMs: Int?

    /// An event whose fields are all nil.
    public init() {}

    /// Codes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        head.code(&coder)
        coder.field("delta", &delta)
        coder.field("format", &format)
        coder.field("sample_rate", &sampleRate)
        coder.field("channels", &channels)
        coder.field("elapsed_ms", &elapsedMs)
    }
}
