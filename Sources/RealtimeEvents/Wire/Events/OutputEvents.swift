/// `response.output_text.delta`, `.output_audio_transcript.delta` and `.output_audio.delta`: a piece of output.
///
/// Beta calls them `response.text.delta`, `response.audio_transcript.delta` and `response.audio.delta`. Realtime API,
/// GA and beta.
public struct OutputDelta: EventPayload {
    /// The type and the id.
    public var head = EventHead()
    /// The response.
    public var responseID: String?
    /// The item.
    public var itemID: String?
    /// The item within the response.
    public var outputIndex: Int?
    /// The content part within the item.
    public var contentIndex: Int?
    /// The text to append; of audio the bytes, base64.
    public var delta: String?
    /// Filling that makes frames equally long, in no schema.
    public var obfuscation: String?

    /// An event whose fields are all nil.
    public init() {}

    /// Codes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        head.code(&coder)
        coder.field("response_id", &responseID)
        coder.field("item_id", &itemID)
        coder.field("output_index", &outputIndex)
        coder.field("content_index", &contentIndex)
        coder.field("delta", &delta)
        coder.field("obfuscation", &obfuscation)
    }
}

/// `response.output_text.done`, beta `response.text.done`: the whole text of a part. Realtime API, GA and beta.
public struct OutputTextDone: EventPayload {
    /// The type and the id.
    public var head = EventHead()
    /// The response.
    public var responseID: String?
    /// The item.
    public var itemID: String?
    /// The item within the response.
    public var outputIndex: Int?
    /// The content part within the item.
    public var contentIndex: Int?
    /// The text, in place of the deltas.
    public var text: String?

    /// An event whose fields are all nil.
    public init() {}

    /// Codes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        head.code(&coder)
        coder.field("response_id", &responseID)
        coder.field("item_id", &itemID)
        coder.field("output_index", &outputIndex)
        coder.field("content_index", &contentIndex)
        coder.field("text", &text)
    }
}

/// `response.output_audio_transcript.done`, beta `response.audio_transcript.done`: all that is spoken in a part.
/// Realtime API, GA and beta.
public struct OutputAudioTranscriptDone: EventPayload {
    /// The type and the id.
    public var head = EventHead()
    /// The response.
    public var responseID: String?
    /// The item.
    public var itemID: String?
    /// The item within the response.
    public var outputIndex: Int?
    /// The content part within the item.
    public var contentIndex: Int?
    /// The text, in place of the deltas.
    public var transcript: String?

    /// An event whose fields are all nil.
    public init() {}

    /// Codes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        head.code(&coder)
        coder.field("response_id", &responseID)
        coder.field("item_id", &itemID)
        coder.field("output_index", &outputIndex)
        coder.field("content_index", &contentIndex)
        coder.field("transcript", &transcript)
    }
}

/// `response.output_audio.done`, beta `response.audio.done`: a part's audio is complete. Realtime API, GA and beta.
public struct OutputAudioDone: EventPayload {
    /// The type and the id.
    public var head = EventHead()
    /// The response.
    public var responseID: String?
    /// The item.
    public var itemID: String?
    /// The item within the response.
    public var outputIndex: Int?
    /// The content part within the item.
    public var contentIndex: Int?

    /// An event whose fields are all nil.
    public init() {}

    /// Codes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        head.code(&coder)
        coder.field("response_id", &responseID)
        coder.field("item_id", &itemID)
        coder.field("output_index", &outputIndex)
        coder.field("content_index", &contentIndex)
    }
}

/// `output_audio_buffer.started`, `.stopped` and `.cleared`: the server's playout. Realtime API, GA and beta, WebRTC
/// and SIP.
public struct OutputAudioBufferEvent: EventPayload {
    /// The type and the id.
    public var head = EventHead()
    /// The response that is heard.
    public var responseID: String?

    /// An event whose fields are all nil.
    public init() {}

    /// Codes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        head.code(&coder)
        coder.field("response_id", &responseID)
    }
}
