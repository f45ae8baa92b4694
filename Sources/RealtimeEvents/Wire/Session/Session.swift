/// A session's configuration, from the server or for `session.update`. For conversation or transcription, GA or beta.
///
/// One flat type, because servers mix the generations. In GA, ``type`` distinguishes conversation from transcription.
/// Realtime API, GA and beta.
public struct Session: WireObject {
    /// The session's id.
    public var id: String?
    /// `realtime.session` or `realtime.transcription_session`.
    public var object: String?
    /// Conversation or transcription. GA.
    public var type: SessionType?
    /// The model.
    public var model: String?
    /// When the session ends, in seconds since 1970.
    public var expiresAt: Int?
    /// A short-lived key for clients. Beta.
    public var clientSecret: ClientSecret?
    /// The instructions for the model.
    public var instructions: String?
    /// The kinds of output that the model produces. GA.
    public var outputModalities: [Modality]?
    /// The kinds of output that the model produces. Beta.
    public var modalities: [Modality]?
    /// The audio settings. GA.
    public var audio: AudioConfiguration?
    /// The voice. Beta.
    public var voice: Voice?
    /// The speed of speech; 1 is normal. Beta.
    public var speed: Double?
    /// The format of the user's audio. Beta.
    public var inputAudioFormat: AudioEncoding?
    /// The format of the model's audio. Beta.
    public var outputAudioFormat: AudioEncoding?
    /// The sample rate of the user's audio in Hz. Azure.
    public var inputAudioSamplingRate: Int?
    /// How the user's audio is transcribed; null if it is not. Beta.
    public var inputAudioTranscription: TranscriptionConfiguration?
    /// How noise is removed from the user's audio. Beta.
    public var inputAudioNoiseReduction: NoiseReduction?
    /// How the server detects the user's turns; null if it does not. Beta.
    public var turnDetection: TurnDetection?
    /// The tools that the model may call.
    public var tools: [Tool]?
    /// How the model chooses among the tools.
    public var toolChoice: ToolChoice?
    /// Whether one response may call several tools. GA.
    public var parallelToolCalls: Bool?
    /// The sampling temperature. Beta.
    public var temperature: Double?
    /// The maximum number of tokens of a response. GA.
    public var maxOutputTokens: TokenLimit?
    /// The maximum number of tokens of a response. Beta.
    public var maxResponseOutputTokens: TokenLimit?
    /// Whether and how the session is traced.
    public var tracing: Tracing?
    /// What happens when the conversation exceeds the model's context. GA.
    public var truncation: Truncation?
    /// A stored prompt. GA.
    public var prompt: Prompt?
    /// How much the model should reason. GA.
    public var reasoning: Reasoning?
    /// Further data that the server should send, such as `item.input_audio_transcription.logprobs`.
    public var include: [String]?

    /// An object whose fields are all nil.
    public init() {}

    /// Encodes or decodes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        coder.field("id", &id)
        coder.field("object", &object)
        coder.field("type", &type)
        coder.field("model", &model)
        coder.field("expires_at", &expiresAt)
        coder.field("client_secret", &clientSecret)
        coder.field("instructions", &instructions)
        coder.field("output_modalities", &outputModalities)
        coder.field("modalities", &modalities)
        coder.field("audio", &audio)
        coder.field("voice", &voice)
        coder.field("speed", &speed)
        coder.field("input_audio_format", &inputAudioFormat)
        coder.field("output_audio_format", &outputAudioFormat)
        coder.field("input_audio_sampling_rate", &inputAudioSamplingRate)
        coder.field("input_audio_transcription", &inputAudioTranscription)
        coder.field("input_audio_noise_reduction", &inputAudioNoiseReduction)
        coder.field("turn_detection", &turnDetection)
        coder.field("tools", &tools)
        coder.field("tool_choice", &toolChoice)
        coder.field("parallel_tool_calls", &parallelToolCalls)
        coder.field("temperature", &temperature)
        coder.field("max_output_tokens", &maxOutputTokens)
        coder.field("max_response_output_tokens", &maxResponseOutputTokens)
        coder.field("tracing", &tracing)
        coder.field("truncation", &truncation)
        coder.field("prompt", &prompt)
        coder.field("reasoning", &reasoning)
        coder.field("include", &include)
    }
}

/// The type of a session.
public struct SessionType: WireString {
    /// The text on the wire.
    public let rawValue: String

    /// A value from its text on the wire.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// Conversation.
    public static let realtime: SessionType = "realtime"
    /// Transcription.
    public static let transcription: SessionType = "transcription"
    /// Translation.
    public static let translation: SessionType = "translation"

    /// The values that the protocol names.
    public static let known: [SessionType] = [.realtime, .transcription, .translation]
}

/// A translation session's configuration. Realtime API, translation.
public struct TranslationSession: WireObject {
    /// `translation`.
    public var type: SessionType?
    /// The session's id.
    public var id: String?
    /// The model.
    public var model: String?
    /// When the session ends, in seconds since 1970.
    public var expiresAt: Int?
    /// The speaker's audio and the language to translate into.
    public var audio: AudioConfiguration?

    /// An object whose fields are all nil.
    public init() {}

    /// Encodes or decodes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        coder.field("type", &type)
        coder.field("id", &id)
        coder.field("model", &model)
        coder.field("expires_at", &expiresAt)
        coder.field("audio", &audio)
    }
}

/// A short-lived key for clients. Realtime API, beta.
public struct ClientSecret: WireObject {
    /// The key.
    public var value: SecretString?
    /// When the key expires, in seconds since 1970; in a request, the rule that determines this.
    public var expiresAt: SecretExpiry?
    /// The expiry rule in a `session.update`.
    public var expiresAfter: ExpiryRule?

    /// An object whose fields are all nil.
    public init() {}

    /// Encodes or decodes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        coder.field("value", &value)
        coder.field("expires_at", &expiresAt)
        coder.field("expires_after", &expiresAfter)
    }
}

/// The rule for when a key expires. Realtime API, beta.
public struct ExpiryRule: WireObject {
    /// The time from which the seconds count: `created_at`.
    public var anchor: String?
    /// The seconds after the anchor.
    public var seconds: Int?

    /// An object whose fields are all nil.
    public init() {}

    /// Encodes or decodes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        coder.field("anchor", &anchor)
        coder.field("seconds", &seconds)
    }
}

/// When a key expires: seconds since 1970, or a rule.
public typealias SecretExpiry = PlainOrObject<Int, ExpiryRule>
