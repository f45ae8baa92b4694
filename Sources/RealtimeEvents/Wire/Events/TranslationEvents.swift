/// `session.created` and `session.updated`: the translation's whole configuration. Realtime API, translation.
public struct TranslationSessionEvent: EventPayload {
    /// The event's type and id.
    public var head = EventHeader()
    /// The configuration.
    public var session: TranslationSession?

    /// An event whose fields are all nil.
    public init() {}

    /// Encodes or decodes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        head.code(&coder)
        coder.field("session", &session)
    }
}

/// `session.closed`: the translation ended. Realtime API, translation.
public struct TranslationSessionClosed: EventPayload {
    /// The event's type and id.
    public var head = EventHeader()

    /// An event whose fields are all nil.
    public init() {}

    /// Encodes or decodes the event's type and id.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        head.code(&coder)
    }
}

/// `session.input_transcript.delta` and `session.output_transcript.delta`: a piece of what was said, or of its
/// translation. Realtime API, translation.
public struct TranslationTranscriptDelta: EventPayload {
    /// The event's type and id.
    public var head = EventHeader()
    /// The text to append.
    public var delta: String?
    /// The duration of the translation so far, in milliseconds.
    public var elapsedMs: Int?

    /// An event whose fields are all nil.
    public init() {}

    /// Encodes or decodes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        head.code(&coder)
        coder.field("delta", &delta)
        coder.field("elapsed_ms", &elapsedMs)
    }
}

/// `session.output_audio.delta`: a piece of translated audio. Realtime API, translation.
public struct TranslationAudioDelta: EventPayload {
    /// The event's type and id.
    public var head = EventHeader()
    /// The audio, base64.
    public var delta: String?
    /// The audio's format: `pcm16`.
    public var format: AudioEncoding?
    /// The sample rate in Hz.
    public var sampleRate: Int?
    /// The number of channels.
    public var channels: Int?
    /// The duration of the translation so far, in milliseconds.
    public var elapsedMs: Int?

    /// An event whose fields are all nil.
    public init() {}

    /// Encodes or decodes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        head.code(&coder)
        coder.field("delta", &delta)
        coder.field("format", &format)
        coder.field("sample_rate", &sampleRate)
        coder.field("channels", &channels)
        coder.field("elapsed_ms", &elapsedMs)
    }
}
