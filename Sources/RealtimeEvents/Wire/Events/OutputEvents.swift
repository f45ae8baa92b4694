/// `response.output_text.delta`, `.output_audio_transcript.delta` and `.output_audio.delta`: a piece of output.
///
/// Beta calls them `response.text.delta`, `response.audio_transcript.delta` and `response.audio.delta`. Realtime API,
/// GA and beta.
public struct OutputDelta: EventPayload {
    /// The event's type and id.
    public var head = EventHeader()
    /// The response.
    public var responseID: String?
    /// The item.
    public var itemID: String?
    /// The item's index in the response.
    public var outputIndex: Int?
    /// The content part's index in the item.
    public var contentIndex: Int?
    /// The text to append, or audio bytes in base64.
    public var delta: String?
    /// Padding that makes all frames equally long; in no schema.
    public var obfuscation: String?

    /// An event whose fields are all nil.
    public init() {}

    /// Encodes or decodes the fields.
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
    /// The event's type and id.
    public var head = EventHeader()
    /// The response.
    public var responseID: String?
    /// The item.
    public var itemID: String?
    /// The item's index in the response.
    public var outputIndex: Int?
    /// The content part's index in the item.
    public var contentIndex: Int?
    /// The complete text, which replaces the deltas.
    public var text: String?

    /// An event whose fields are all nil.
    public init() {}

    /// Encodes or decodes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        head.code(&coder)
        coder.field("response_id", &responseID)
        coder.field("item_id", &itemID)
        coder.field("output_index", &outputIndex)
        coder.field("content_index", &contentIndex)
        coder.field("text", &text)
    }
}

/// `response.output_audio_transcript.done`, beta `response.audio_transcript.done`: the complete spoken text of a part.
/// Realtime API, GA and beta.
public struct OutputAudioTranscriptDone: EventPayload {
    /// The event's type and id.
    public var head = EventHeader()
    /// The response.
    public var responseID: String?
    /// The item.
    public var itemID: String?
    /// The item's index in the response.
    public var outputIndex: Int?
    /// The content part's index in the item.
    public var contentIndex: Int?
    /// The complete text, which replaces the deltas.
    public var transcript: String?

    /// An event whose fields are all nil.
    public init() {}

    /// Encodes or decodes the fields.
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
    /// The event's type and id.
    public var head = EventHeader()
    /// The response.
    public var responseID: String?
    /// The item.
    public var itemID: String?
    /// The item's index in the response.
    public var outputIndex: Int?
    /// The content part's index in the item.
    public var contentIndex: Int?

    /// An event whose fields are all nil.
    public init() {}

    /// Encodes or decodes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        head.code(&coder)
        coder.field("response_id", &responseID)
        coder.field("item_id", &itemID)
        coder.field("output_index", &outputIndex)
        coder.field("content_index", &contentIndex)
    }
}

/// `output_audio_buffer.started`, `.stopped` and `.cleared`: the server's audio playback. Realtime API, GA and beta,
/// WebRTC and SIP.
public struct OutputAudioBufferEvent: EventPayload {
    /// The event's type and id.
    public var head = EventHeader()
    /// The response whose audio plays.
    public var responseID: String?

    /// An event whose fields are all nil.
    public init() {}

    /// Encodes or decodes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        head.code(&coder)
        coder.field("response_id", &responseID)
    }
}
