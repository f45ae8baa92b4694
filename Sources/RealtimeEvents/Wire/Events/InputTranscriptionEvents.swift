/// `conversation.item.input_audio_transcription.delta`: a piece of the user's transcript. Realtime API, GA and beta.
public struct InputTranscriptionDelta: EventPayload {
    /// The event's type and id.
    public var head = EventHeader()
    /// The item.
    public var itemID: String?
    /// The content part's index in the item; 0 if absent.
    public var contentIndex: Int?
    /// The text to append.
    public var delta: String?
    /// The probabilities of the tokens, when the client requested them.
    public var logprobs: [Logprob]?
    /// Padding that makes all frames equally long; in no schema.
    public var obfuscation: String?

    /// An event whose fields are all nil.
    public init() {}

    /// Encodes or decodes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        head.code(&coder)
        coder.field("item_id", &itemID)
        coder.field("content_index", &contentIndex)
        coder.field("delta", &delta)
        coder.field("logprobs", &logprobs)
        coder.field("obfuscation", &obfuscation)
    }
}

/// `conversation.item.input_audio_transcription.completed`: the user's transcript. Realtime API, GA and beta.
public struct InputTranscriptionCompleted: EventPayload {
    /// The event's type and id.
    public var head = EventHeader()
    /// The item.
    public var itemID: String?
    /// The content part's index in the item.
    public var contentIndex: Int?
    /// The complete text, which replaces the deltas.
    public var transcript: String?
    /// The detected languages. GA.
    public var languages: [DetectedLanguage]?
    /// The probabilities of the tokens, when the client requested them.
    public var logprobs: [Logprob]?
    /// What the transcription cost; absent on Azure Voice Live.
    public var usage: TranscriptionUsage?

    /// An event whose fields are all nil.
    public init() {}

    /// Encodes or decodes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        head.code(&coder)
        coder.field("item_id", &itemID)
        coder.field("content_index", &contentIndex)
        coder.field("transcript", &transcript)
        coder.field("languages", &languages)
        coder.field("logprobs", &logprobs)
        coder.field("usage", &usage)
    }
}

/// `conversation.item.input_audio_transcription.failed`: the user's audio could not be transcribed. Realtime API, GA
/// and beta.
public struct InputTranscriptionFailed: EventPayload {
    /// The event's type and id.
    public var head = EventHeader()
    /// The item.
    public var itemID: String?
    /// The content part's index in the item.
    public var contentIndex: Int?
    /// The reason.
    public var error: ServerError?

    /// An event whose fields are all nil.
    public init() {}

    /// Encodes or decodes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        head.code(&coder)
        coder.field("item_id", &itemID)
        coder.field("content_index", &contentIndex)
        coder.field("error", &error)
    }
}

/// `conversation.item.input_audio_transcription.segment`: a piece of the transcript with its speaker. Realtime API, GA.
public struct InputTranscriptionSegment: EventPayload {
    /// The event's type and id.
    public var head = EventHeader()
    /// The item.
    public var itemID: String?
    /// The content part's index in the item.
    public var contentIndex: Int?
    /// The segment's id.
    public var id: String?
    /// The segment's words.
    public var text: String?
    /// The speaker.
    public var speaker: String?
    /// Where the segment begins in the audio, in seconds.
    public var start: Double?
    /// Where the segment ends in the audio, in seconds.
    public var end: Double?

    /// An event whose fields are all nil.
    public init() {}

    /// Encodes or decodes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        head.code(&coder)
        coder.field("item_id", &itemID)
        coder.field("content_index", &contentIndex)
        coder.field("id", &id)
        coder.field("text", &text)
        coder.field("speaker", &speaker)
        coder.field("start", &start)
        coder.field("end", &end)
    }
}

/// A token of a transcript with its probability. Realtime API, GA and beta.
public struct Logprob: WireObject {
    /// The token's text.
    public var token: String?
    /// The natural logarithm of the token's probability.
    public var logprob: Double?
    /// The token's UTF-8 bytes.
    public var bytes: [Int]?

    /// An object whose fields are all nil.
    public init() {}

    /// Encodes or decodes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        coder.field("token", &token)
        coder.field("logprob", &logprob)
        coder.field("bytes", &bytes)
    }
}

/// A detected language. Realtime API, GA, gpt-transcribe only.
public struct DetectedLanguage: WireObject {
    /// The language's code, such as `de`.
    public var code: String?

    /// An object whose fields are all nil.
    public init() {}

    /// Encodes or decodes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        coder.field("code", &code)
    }
}
