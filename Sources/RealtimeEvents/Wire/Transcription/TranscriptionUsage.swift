/// What a transcription cost: tokens or seconds, told apart by ``type``. Realtime API, GA and beta.
public struct TranscriptionUsage: WireObject {
    /// What is counted.
    public var type: TranscriptionUsageType?
    /// Tokens that went in.
    public var inputTokens: Int?
    /// Tokens of the transcript.
    public var outputTokens: Int?
    /// The sum of both.
    public var totalTokens: Int?
    /// The input tokens by modality.
    public var inputTokenDetails: InputTokenDetails?
    /// The audio's length in seconds, when seconds are counted.
    public var seconds: Double?

    /// An object whose fields are all nil.
    public init() {}

    /// Codes the fields.
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
