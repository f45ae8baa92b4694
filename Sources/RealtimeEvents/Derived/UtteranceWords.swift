/// Who spoke.
public struct UtteranceRole: ClosedWireString {
    /// The text on the wire.
    public var rawValue: String

    /// A role from its text.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// The person, or the program in the person's place.
    public static let user: UtteranceRole = "user"
    /// The model.
    public static let assistant: UtteranceRole = "assistant"

    /// Both.
    public static let known: [UtteranceRole] = [.user, .assistant]
}

/// How an utterance ended.
public struct UtteranceStatus: ClosedWireString {
    /// The text on the wire.
    public var rawValue: String

    /// A status from its text.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// All words are there.
    public static let completed: UtteranceStatus = "completed"
    /// The assistant was cut off: its item is incomplete, its response was cancelled, or its audio was truncated.
    public static let interrupted: UtteranceStatus = "interrupted"
    /// The user's audio could not be transcribed, or the assistant's response failed.
    public static let failed: UtteranceStatus = "failed"
    /// The words stopped before their end: the response ran into a limit, the item was deleted, or the session ended.
    public static let incomplete: UtteranceStatus = "incomplete"

    /// All of them.
    public static let known: [UtteranceStatus] = [.completed, .interrupted, .failed, .incomplete]
}

/// Whether an utterance was spoken or typed.
public struct UtteranceModality: ClosedWireString {
    /// The text on the wire.
    public var rawValue: String

    /// A modality from its text.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// Spoken.
    public static let audio: UtteranceModality = "audio"
    /// Typed, or generated as text.
    public static let text: UtteranceModality = "text"

    /// Both.
    public static let known: [UtteranceModality] = [.audio, .text]
}
