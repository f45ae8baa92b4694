/// How the server finds the user's turns: by silence or by meaning. Realtime API, GA and beta.
public struct TurnDetection: WireObject {
    /// By silence or by meaning.
    public var type: TurnDetectionType?
    /// From what level on audio is speech, 0 to 1. By silence.
    public var threshold: Double?
    /// How much audio before speech belongs to it, in milliseconds. By silence.
    public var prefixPaddingMs: Int?
    /// How much silence ends a turn, in milliseconds. By silence.
    public var silenceDurationMs: Int?
    /// After how much silence the model speaks by itself, in milliseconds. By silence, GA.
    public var idleTimeoutMs: Int?
    /// How early a turn is taken to be over. By meaning.
    public var eagerness: Eagerness?
    /// Whether a response follows a turn by itself.
    public var createResponse: Bool?
    /// Whether speech interrupts a response.
    public var interruptResponse: Bool?

    /// An object whose fields are all nil.
    public init() {}

    /// Codes the fields.
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

/// How turns are found.
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

/// How early a turn is taken to be over.
public struct Eagerness: WireString {
    /// The text on the wire.
    public let rawValue: String

    /// A value from its text on the wire.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// Late.
    public static let low: Eagerness = "low"
    /// In between.
    public static let medium: Eagerness = "medium"
    /// Early.
    public static let high: Eagerness = "high"
    /// As the server thinks, like medium.
    public static let auto: Eagerness = "auto"

    /// The values that the protocol names.
    public static let known: [Eagerness] = [.low, .medium, .high, .auto]
}
