/// `input_audio_buffer.append`: the user's audio; not acknowledged. Realtime API, GA and beta.
public struct InputAudioBufferAppend: EventPayload {
    /// The type and the id.
    public var head = EventHead()
    /// The audio, base64; up to 15 MiB.
    public var audio: String?

    /// An event whose fields are all nil.
    public init() {}

    /// Codes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        head.code(&coder)
        coder.field("audio", &audio)
    }
}

/// `input_audio_buffer.clear`: discards the user's audio. Realtime API, GA and beta.
public struct InputAudioBufferClear: EventPayload {
    /// The type and the id.
    public var head = EventHead()

    /// An event whose fields are all nil.
    public init() {}

    /// Codes the head.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        head.code(&coder)
    }
}

/// `input_audio_buffer.commit`: makes an item of the user's audio. Realtime API, GA and beta.
public struct InputAudioBufferCommit: EventPayload {
    /// The type and the id.
    public var head = EventHead()

    /// An event whose fields are all nil.
    public init() {}

    /// Codes the head.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        head.code(&coder)
    }
}

/// `output_audio_buffer.clear`: stops the server's playout. Realtime API, GA and beta, WebRTC and SIP.
public struct OutputAudioBufferClear: EventPayload {
    /// The type and the id.
    public var head = EventHead()

    /// An event whose fields are all nil.
    public init() {}

    /// Codes the head.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        head.code(&coder)
    }
}
