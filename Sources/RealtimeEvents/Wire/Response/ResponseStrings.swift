/// How far a response is, or how it ended.
public struct ResponseStatus: WireString {
    /// The text on the wire.
    public let rawValue: String

    /// A value from its text on the wire.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// It still grows.
    public static let inProgress: ResponseStatus = "in_progress"
    /// It ended as it should.
    public static let completed: ResponseStatus = "completed"
    /// The user or the client interrupted it.
    public static let cancelled: ResponseStatus = "cancelled"
    /// The server could not make it.
    public static let failed: ResponseStatus = "failed"
    /// It was cut off.
    public static let incomplete: ResponseStatus = "incomplete"

    /// The values that the protocol names.
    public static let known: [ResponseStatus] = [.inProgress, .completed, .cancelled, .failed, .incomplete]
}

/// Why a response was cancelled or is incomplete.
public struct ResponseStatusReason: WireString {
    /// The text on the wire.
    public let rawValue: String

    /// A value from its text on the wire.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// The user began to speak.
    public static let turnDetected: ResponseStatusReason = "turn_detected"
    /// The client sent `response.cancel`.
    public static let clientCancelled: ResponseStatusReason = "client_cancelled"
    /// The greatest number of tokens was reached.
    public static let maxOutputTokens: ResponseStatusReason = "max_output_tokens"
    /// The content filter stopped it.
    public static let contentFilter: ResponseStatusReason = "content_filter"

    /// The values that the protocol names.
    public static let known: [ResponseStatusReason] = [
        .turnDetected, .clientCancelled, .maxOutputTokens, .contentFilter,
    ]
}

/// What a model answers with.
public struct Modality: WireString {
    /// The text on the wire.
    public let rawValue: String

    /// A value from its text on the wire.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// Text.
    public static let text: Modality = "text"
    /// Audio, with its transcript.
    public static let audio: Modality = "audio"

    /// The values that the protocol names.
    public static let known: [Modality] = [.text, .audio]
}

/// Whether a response is added to the default conversation.
public struct ConversationMode: WireString {
    /// The text on the wire.
    public let rawValue: String

    /// A value from its text on the wire.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// It is.
    public static let auto: ConversationMode = "auto"
    /// It is not; such responses may run side by side.
    public static let none: ConversationMode = "none"

    /// The values that the protocol names.
    public static let known: [ConversationMode] = [.auto, .none]
}
