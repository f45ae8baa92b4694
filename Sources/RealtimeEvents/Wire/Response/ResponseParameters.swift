/// The options of one response: the `response` of `response.create`. Realtime API, GA and beta.
public struct ResponseParameters: WireObject {
    /// Whether the response is added to the conversation.
    public var conversation: ConversationMode?
    /// The items to answer instead of the conversation.
    public var input: [ConversationItem]?
    /// Instructions that replace the session's.
    public var instructions: String?
    /// The kinds of output to produce. GA.
    public var outputModalities: [Modality]?
    /// The kinds of output to produce. Beta.
    public var modalities: [Modality]?
    /// The format and voice of the audio. GA.
    public var audio: AudioConfiguration?
    /// The voice. Beta.
    public var voice: Voice?
    /// The audio's format. Beta.
    public var outputAudioFormat: AudioEncoding?
    /// The sampling temperature. Beta.
    public var temperature: Double?
    /// The maximum number of tokens. GA.
    public var maxOutputTokens: TokenLimit?
    /// The maximum number of tokens. Beta.
    public var maxResponseOutputTokens: TokenLimit?
    /// The tools that the model may call.
    public var tools: [Tool]?
    /// How the model chooses among the tools.
    public var toolChoice: ToolChoice?
    /// Whether one response may call several tools. GA.
    public var parallelToolCalls: Bool?
    /// A stored prompt. GA.
    public var prompt: Prompt?
    /// How much the model should reason. GA.
    public var reasoning: Reasoning?
    /// Up to 16 key-value pairs, which the server returns with the response.
    public var metadata: [String: String]?

    /// An object whose fields are all nil.
    public init() {}

    /// Encodes or decodes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        coder.field("conversation", &conversation)
        coder.field("input", &input)
        coder.field("instructions", &instructions)
        coder.field("output_modalities", &outputModalities)
        coder.field("modalities", &modalities)
        coder.field("audio", &audio)
        coder.field("voice", &voice)
        coder.field("output_audio_format", &outputAudioFormat)
        coder.field("temperature", &temperature)
        coder.field("max_output_tokens", &maxOutputTokens)
        coder.field("max_response_output_tokens", &maxResponseOutputTokens)
        coder.field("tools", &tools)
        coder.field("tool_choice", &toolChoice)
        coder.field("parallel_tool_calls", &parallelToolCalls)
        coder.field("prompt", &prompt)
        coder.field("reasoning", &reasoning)
        coder.field("metadata", &metadata)
    }
}
