/// A response of the model. Realtime API, GA and beta.
public struct Response: WireObject {
    /// The response's id.
    public var id: String?
    /// `realtime.response`.
    public var object: String?
    /// How far the response is, or how it ended.
    public var status: ResponseStatus?
    /// Why it ended so.
    public var statusDetails: ResponseStatusDetails?
    /// Its items, without audio; some servers leave it null.
    public var output: [ConversationItem]?
    /// The conversation that it was added to; null for one outside.
    public var conversationID: String?
    /// What the model answers with. GA.
    public var outputModalities: [Modality]?
    /// What the model answers with. Beta.
    public var modalities: [Modality]?
    /// Format and voice of its audio. GA.
    public var audio: AudioConfiguration?
    /// The voice. Beta, Azure.
    public var voice: Voice?
    /// The audio's format. Beta.
    public var outputAudioFormat: AudioEncoding?
    /// The sampling temperature. Beta.
    public var temperature: Double?
    /// The greatest number of tokens.
    public var maxOutputTokens: TokenLimit?
    /// What the client gave with `response.create`.
    public var metadata: [String: String]?
    /// What it cost; null until it is done.
    public var usage: Usage?

    /// An object whose fields are all nil.
    public init() {}

    /// Codes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        coder.field("id", &id)
        coder.field("object", &object)
        coder.field("status", &status)
        coder.field("status_details", &statusDetails)
        coder.field("output", &output)
        coder.field("conversation_id", &conversationID)
        coder.field("output_modalities", &outputModalities)
        coder.field("modalities", &modalities)
        coder.field("audio", &audio)
        coder.field("voice", &voice)
        coder.field("output_audio_format", &outputAudioFormat)
        coder.field("temperature", &temperature)
        coder.field("max_output_tokens", &maxOutputTokens)
        coder.field("metadata", &metadata)
        coder.field("usage", &usage)
    }
}

/// Why a response ended as it did. Realtime API, GA and beta.
public struct ResponseStatusDetails: WireObject {
    /// The status again.
    public var type: ResponseStatus?
    /// Why it was cancelled or is incomplete.
    public var reason: ResponseStatusReason?
    /// Why it failed.
    public var error: ServerError?

    /// An object whose fields are all nil.
    public init() {}

    /// Codes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        coder.field("type", &type)
        coder.field("reason", &reason)
        coder.field("error", &error)
    }
}
