/// `session.update`: changes the configuration. Realtime API, GA and beta.
public struct SessionUpdate: EventPayload {
    /// The event's type and id.
    public var head = EventHeader()
    /// The settings to change. If the server does not know a field, it rejects the whole update.
    public var session: Session?

    /// An event whose fields are all nil.
    public init() {}

    /// Encodes or decodes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        head.code(&coder)
        coder.field("session", &session)
    }
}

/// `transcription_session.update`: changes a transcription's configuration. Realtime API, beta.
public struct TranscriptionSessionUpdate: EventPayload {
    /// The event's type and id.
    public var head = EventHeader()
    /// The settings to change.
    public var session: Session?

    /// An event whose fields are all nil.
    public init() {}

    /// Encodes or decodes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        head.code(&coder)
        coder.field("session", &session)
    }
}

/// `input_audio_buffer.append`: appends the user's audio. The server does not acknowledge it. Realtime API, GA and
/// beta.
public struct InputAudioBufferAppend: EventPayload {
    /// The event's type and id.
    public var head = EventHeader()
    /// The audio, base64; up to 15 MiB.
    public var audio: String?

    /// An event whose fields are all nil.
    public init() {}

    /// Encodes or decodes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        head.code(&coder)
        coder.field("audio", &audio)
    }
}

/// `input_audio_buffer.clear`: discards the user's audio. Realtime API, GA and beta.
public struct InputAudioBufferClear: EventPayload {
    /// The event's type and id.
    public var head = EventHeader()

    /// An event whose fields are all nil.
    public init() {}

    /// Encodes or decodes the event's type and id.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        head.code(&coder)
    }
}

/// `input_audio_buffer.commit`: turns the user's audio into an item. Realtime API, GA and beta.
public struct InputAudioBufferCommit: EventPayload {
    /// The event's type and id.
    public var head = EventHeader()

    /// An event whose fields are all nil.
    public init() {}

    /// Encodes or decodes the event's type and id.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        head.code(&coder)
    }
}

/// `output_audio_buffer.clear`: stops the server's audio playback. Realtime API, GA and beta; over WebRTC and SIP only.
public struct OutputAudioBufferClear: EventPayload {
    /// The event's type and id.
    public var head = EventHeader()

    /// An event whose fields are all nil.
    public init() {}

    /// Encodes or decodes the event's type and id.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        head.code(&coder)
    }
}

/// `session.update`: changes the configuration. Realtime API, translation.
public struct TranslationSessionUpdate: EventPayload {
    /// The event's type and id.
    public var head = EventHeader()
    /// The settings to change.
    public var session: TranslationSession?

    /// An event whose fields are all nil.
    public init() {}

    /// Encodes or decodes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        head.code(&coder)
        coder.field("session", &session)
    }
}

/// `session.input_audio_buffer.append`: the speaker's audio. Realtime API, translation.
public struct TranslationInputAudioBufferAppend: EventPayload {
    /// The event's type and id.
    public var head = EventHeader()
    /// The audio, base64.
    public var audio: String?

    /// An event whose fields are all nil.
    public init() {}

    /// Encodes or decodes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        head.code(&coder)
        coder.field("audio", &audio)
    }
}

/// `session.close`: ends the translation. Realtime API, translation.
public struct TranslationSessionClose: EventPayload {
    /// The event's type and id.
    public var head = EventHeader()

    /// An event whose fields are all nil.
    public init() {}

    /// Encodes or decodes the event's type and id.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        head.code(&coder)
    }
}
