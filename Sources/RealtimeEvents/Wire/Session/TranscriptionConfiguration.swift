/// How the user's audio is transcribed. Realtime API, GA and beta; translation.
public struct TranscriptionConfiguration: WireObject {
    /// The model.
    public var model: String?
    /// The language that is spoken, such as `de`.
    public var language: String?
    /// The languages that may be spoken. GA.
    public var languages: [String]?
    /// Words that are likely to be spoken. GA.
    public var keywords: [String]?
    /// Text that guides the model.
    public var prompt: String?
    /// How long the model may wait for more context. GA.
    public var delay: TranscriptionDelay?

    /// An object whose fields are all nil.
    public init() {}

    /// Encodes or decodes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        coder.field("model", &model)
        coder.field("language", &language)
        coder.field("languages", &languages)
        coder.field("keywords", &keywords)
        coder.field("prompt", &prompt)
        coder.field("delay", &delay)
    }
}

/// How long a transcription may wait for more context.
public struct TranscriptionDelay: WireString {
    /// The text on the wire.
    public let rawValue: String

    /// A value from its text on the wire.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// Minimal delay.
    public static let minimal: TranscriptionDelay = "minimal"
    /// Short delay.
    public static let low: TranscriptionDelay = "low"
    /// Medium delay.
    public static let medium: TranscriptionDelay = "medium"
    /// Long delay.
    public static let high: TranscriptionDelay = "high"
    /// The longest delay.
    public static let xhigh: TranscriptionDelay = "xhigh"

    /// The values that the protocol names.
    public static let known: [TranscriptionDelay] = [.minimal, .low, .medium, .high, .xhigh]
}
