public import RealtimeEvents

extension Usage: @retroactive Decodable {
    private enum Key: String, CodingKey {
        case total_tokens, input_tokens, output_tokens, input_token_details, output_token_details
    }

    /// Decodes with any decoder.
    public init(from decoder: any Decoder) throws {
        self.init()
        let fields = try decoder.container(keyedBy: Key.self)
        try fields.read(&totalTokens, .total_tokens)
        try fields.read(&inputTokens, .input_tokens)
        try fields.read(&outputTokens, .output_tokens)
        try fields.read(&inputTokenDetails, .input_token_details)
        try fields.read(&outputTokenDetails, .output_token_details)
    }
}

extension InputTokenDetails: @retroactive Decodable {
    private enum Key: String, CodingKey {
        case text_tokens, audio_tokens, image_tokens, cached_tokens, cached_tokens_details
    }

    /// Decodes with any decoder.
    public init(from decoder: any Decoder) throws {
        self.init()
        let fields = try decoder.container(keyedBy: Key.self)
        try fields.read(&textTokens, .text_tokens)
        try fields.read(&audioTokens, .audio_tokens)
        try fields.read(&imageTokens, .image_tokens)
        try fields.read(&cachedTokens, .cached_tokens)
        try fields.read(&cachedTokensDetails, .cached_tokens_details)
    }
}

extension CachedTokenDetails: @retroactive Decodable {
    private enum Key: String, CodingKey { case text_tokens, audio_tokens, image_tokens }

    /// Decodes with any decoder.
    public init(from decoder: any Decoder) throws {
        self.init()
        let fields = try decoder.container(keyedBy: Key.self)
        try fields.read(&textTokens, .text_tokens)
        try fields.read(&audioTokens, .audio_tokens)
        try fields.read(&imageTokens, .image_tokens)
    }
}

extension OutputTokenDetails: @retroactive Decodable {
    private enum Key: String, CodingKey { case text_tokens, audio_tokens }

    /// Decodes with any decoder.
    public init(from decoder: any Decoder) throws {
        self.init()
        let fields = try decoder.container(keyedBy: Key.self)
        try fields.read(&textTokens, .text_tokens)
        try fields.read(&audioTokens, .audio_tokens)
    }
}

extension TranscriptionUsage: @retroactive Decodable {
    private enum Key: String, CodingKey {
        case type, input_tokens, output_tokens, total_tokens, input_token_details
    }

    /// Decodes with any decoder.
    public init(from decoder: any Decoder) throws {
        self.init()
        let fields = try decoder.container(keyedBy: Key.self)
        try fields.read(&type, .type)
        try fields.read(&inputTokens, .input_tokens)
        try fields.read(&outputTokens, .output_tokens)
        try fields.read(&totalTokens, .total_tokens)
        try fields.read(&inputTokenDetails, .input_token_details)
    }
}

extension TranscriptionUsageType: @retroactive Decodable {}
