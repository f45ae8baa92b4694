/// What a response cost, in tokens. Realtime API, GA and beta.
public struct Usage: WireObject {
    /// Input and output.
    public var totalTokens: Int?
    /// What went in, cached tokens included.
    public var inputTokens: Int?
    /// What came out.
    public var outputTokens: Int?
    /// The input by modality.
    public var inputTokenDetails: InputTokenDetails?
    /// The output by modality.
    public var outputTokenDetails: OutputTokenDetails?

    /// An object whose fields are all nil.
    public init() {}

    /// Codes the fields.
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
    /// How many of them came from the cache.
    public var cachedTokens: Int?
    /// Those by modality. GA.
    public var cachedTokensDetails: CachedTokenDetails?

    /// An object whose fields are all nil.
    public init() {}

    /// Codes the fields.
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

    /// Codes the fields.
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

    /// Codes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        coder.field("text_tokens", &textTokens)
        coder.field("audio_tokens", &audioTokens)
        coder.field("reasoning_tokens", &reasoningTokens)
    }
}
