/// How the server detects the user's turns: by silence or by meaning. Realtime API, GA and beta.
public struct TurnDetection: WireObject {
    /// Whether turns are detected by silence or by meaning.
    public var type: TurnDetectionType?
    /// The level above which audio counts as speech, 0 to 1. For `server_vad`.
    public var threshold: Double?
    /// How much audio before the detected speech is included, in milliseconds. For `server_vad`.
    public var prefixPaddingMs: Int?
    /// How much silence ends a turn, in milliseconds. For `server_vad`.
    public var silenceDurationMs: Int?
    /// The silence after which the model speaks unprompted, in milliseconds. For `server_vad`, GA.
    public var idleTimeoutMs: Int?
    /// How soon a turn counts as ended. By meaning.
    public var eagerness: Eagerness?
    /// Whether the server starts a response when a turn ends.
    public var createResponse: Bool?
    /// Whether speech interrupts a response.
    public var interruptResponse: Bool?

    /// An object whose fields are all nil.
    public init() {}

    /// Encodes or decodes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        coder.field("type", &type)
        coder.field("threshold", &threshold)
        coder.field("prefix_padding_ms", &prefixPaddingMs)
        coder.field("silence_duration_ms", &silenceDurationMs)
        coder.field("idle_timeout_ms", &idleTimeoutMs)
        coder.field("eagerness", &eagerness)
        coder.field("create_response", &createResponse)
        coder.field("interrupt_response", &interruptResponse)
    }
}

/// How turns are detected.
public struct TurnDetectionType: WireString {
    /// The text on the wire.
    public let rawValue: String

    /// A value from its text on the wire.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// By silence.
    public static let serverVAD: TurnDetectionType = "server_vad"
    /// By meaning.
    public static let semanticVAD: TurnDetectionType = "semantic_vad"

    /// The values that the protocol names.
    public static let known: [TurnDetectionType] = [.serverVAD, .semanticVAD]
}

/// How soon a turn counts as ended.
public struct Eagerness: WireString {
    /// The text on the wire.
    public let rawValue: String

    /// A value from its text on the wire.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// The server waits long before it ends a turn.
    public static let low: Eagerness = "low"
    /// The server waits a medium time before it ends a turn.
    public static let medium: Eagerness = "medium"
    /// The server ends a turn early.
    public static let high: Eagerness = "high"
    /// The server's default, which equals medium.
    public static let auto: Eagerness = "auto"

    /// The values that the protocol names.
    public static let known: [Eagerness] = [.low, .medium, .high, .auto]
}
