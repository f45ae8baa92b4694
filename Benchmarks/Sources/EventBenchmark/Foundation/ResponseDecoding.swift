public import RealtimeEvents

extension ResponseEvent: @retroactive Decodable {
    private enum Key: String, CodingKey { case type, event_id, response }

    /// Decodes with any decoder.
    public init(from decoder: any Decoder) throws {
        self.init()
        let fields = try decoder.container(keyedBy: Key.self)
        try fields.read(&head.type, .type)
        try fields.read(&head.eventID, .event_id)
        try fields.read(&response, .response)
    }
}

extension Response: @retroactive Decodable {
    private enum Key: String, CodingKey {
        case id, object, status, output, conversation_id, output_modalities, audio, max_output_tokens, metadata, usage
    }

    /// Decodes with any decoder.
    public init(from decoder: any Decoder) throws {
        self.init()
        let fields = try decoder.container(keyedBy: Key.self)
        try fields.read(&id, .id)
        try fields.read(&object, .object)
        try fields.read(&status, .status)
        try fields.read(&output, .output)
        try fields.read(&conversationID, .conversation_id)
        try fields.read(&outputModalities, .output_modalities)
        try fields.read(&audio, .audio)
        try fields.read(&maxOutputTokens, .max_output_tokens)
        try fields.read(&metadata, .metadata)
        try fields.read(&usage, .usage)
    }
}

extension ResponseStatus: @retroactive Decodable {}
extension Modality: @retroactive Decodable {}

extension TokenLimit: @retroactive Decodable {
    /// Decodes with any decoder.
    public init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        self = (try? value.decode(Int.self)).map { .count($0) } ?? .unlimited
    }
}

extension AudioConfiguration: @retroactive Decodable {
    private enum Key: String, CodingKey { case output }

    /// Decodes with any decoder.
    public init(from decoder: any Decoder) throws {
        self.init()
        try decoder.container(keyedBy: Key.self).read(&output, .output)
    }
}

extension AudioOutput: @retroactive Decodable {
    private enum Key: String, CodingKey { case format, voice }

    /// Decodes with any decoder.
    public init(from decoder: any Decoder) throws {
        self.init()
        let fields = try decoder.container(keyedBy: Key.self)
        try fields.read(&format, .format)
        voice = try fields.decodeIfPresent(String.self, forKey: .voice).map { .plain(VoiceName($0)) }
    }
}

extension AudioFormat: @retroactive Decodable {
    private enum Key: String, CodingKey { case type, rate }

    /// Decodes with any decoder.
    public init(from decoder: any Decoder) throws {
        self.init()
        let fields = try decoder.container(keyedBy: Key.self)
        try fields.read(&type, .type)
        try fields.read(&rate, .rate)
    }
}

extension AudioFormatType: @retroactive Decodable {}

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
