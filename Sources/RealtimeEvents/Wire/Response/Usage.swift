/// The tokens that a response used. Realtime API, GA and beta.
public struct Usage: WireObject {
    /// The sum of input and output tokens.
    public var totalTokens: Int?
    /// The input tokens, including cached ones.
    public var inputTokens: Int?
    /// The output tokens.
    public var outputTokens: Int?
    /// The input by modality.
    public var inputTokenDetails: InputTokenDetails?
    /// The output by modality.
    public var outputTokenDetails: OutputTokenDetails?

    /// An object whose fields are all nil.
    public init() {}

    /// Encodes or decodes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        coder.field("total_tokens", &totalTokens)
        coder.field("input_tokens", &inputTokens)
        coder.field("output_tokens", &outputTokens)
        coder.field("input_token_details", &inputTokenDetails)
        coder.field("output_token_details", &outputTokenDetails)
    }
}

/// Input tokens by modality. Realtime API, GA and beta.
public struct InputTokenDetails: WireObject {
    /// Text.
    public var textTokens: Int?
    /// Audio.
    public var audioTokens: Int?
    /// Images. GA.
    public var imageTokens: Int?
    /// The input tokens that came from the cache.
    public var cachedTokens: Int?
    /// The cached tokens by modality. GA.
    public var cachedTokensDetails: CachedTokenDetails?

    /// An object whose fields are all nil.
    public init() {}

    /// Encodes or decodes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        coder.field("text_tokens", &textTokens)
        coder.field("audio_tokens", &audioTokens)
        coder.field("image_tokens", &imageTokens)
        coder.field("cached_tokens", &cachedTokens)
        coder.field("cached_tokens_details", &cachedTokensDetails)
    }
}

/// Cached input tokens by modality. Realtime API, GA.
public struct CachedTokenDetails: WireObject {
    /// Text.
    public var textTokens: Int?
    /// Audio.
    public var audioTokens: Int?
    /// Images.
    public var imageTokens: Int?

    /// An object whose fields are all nil.
    public init() {}

    /// Encodes or decodes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        coder.field("text_tokens", &textTokens)
        coder.field("audio_tokens", &audioTokens)
        coder.field("image_tokens", &imageTokens)
    }
}

/// Output tokens by modality. Realtime API, GA and beta.
public struct OutputTokenDetails: WireObject {
    /// Text.
    public var textTokens: Int?
    /// Audio.
    public var audioTokens: Int?
    /// Tokens spent on reasoning; sent by newer models, in no schema.
    public var reasoningTokens: Int?

    /// An object whose fields are all nil.
    public init() {}

    /// Encodes or decodes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        coder.field("text_tokens", &textTokens)
        coder.field("audio_tokens", &audioTokens)
        coder.field("reasoning_tokens", &reasoningTokens)
    }
}

/// What a transcription used: tokens or seconds of audio, depending on ``type``. Realtime API, GA and beta.
public struct TranscriptionUsage: WireObject {
    /// Whether tokens or seconds are counted.
    public var type: TranscriptionUsageType?
    /// The input tokens.
    public var inputTokens: Int?
    /// Tokens of the transcript.
    public var outputTokens: Int?
    /// The sum of input and output tokens.
    public var totalTokens: Int?
    /// The input tokens by modality.
    public var inputTokenDetails: InputTokenDetails?
    /// The audio's length in seconds, when seconds are counted.
    public var seconds: Double?

    /// An object whose fields are all nil.
    public init() {}

    /// Encodes or decodes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        coder.field("type", &type)
        coder.field("input_tokens", &inputTokens)
        coder.field("output_tokens", &outputTokens)
        coder.field("total_tokens", &totalTokens)
        coder.field("input_token_details", &inputTokenDetails)
        coder.field("seconds", &seconds)
    }
}

/// What a ``TranscriptionUsage`` counts.
public struct TranscriptionUsageType: WireString {
    /// The text on the wire.
    public let rawValue: String

    /// A value from its text on the wire.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// Tokens.
    public static let tokens: TranscriptionUsageType = "tokens"
    /// Seconds of audio.
    public static let duration: TranscriptionUsageType = "duration"

    /// The values that the protocol names.
    public static let known: [TranscriptionUsageType] = [.tokens, .duration]
}
