/// The user spoke and was answered: the body of `router.turn.done`. The turn's number is in the head.
///
/// The answer is the first response of the turn that contains more than function calls.
public struct Turn: DerivedPayload {
    /// `router.turn.done`
    public static var eventType: EventType { .routerTurnDone }

    /// The fields that all derived events share; `turn` is the number of this turn.
    public var head = DerivedEventHeader()
    /// The user's last item before the answer.
    public var itemID: String?
    /// The response that answered.
    public var responseID: String?
    /// The time from the end of the user's words to the beginning of the answer, in ms; nil if the source has no times.
    public var latencyMs: Int?
    /// The event that counts as the end of the user's words.
    public var latencyBasis: LatencyBasis?
    /// The event that counts as the beginning of the answer.
    public var latencyOutput: LatencyOutput?
    /// The time from the end of the user's words to the first words or sound of the answer, whichever came first, in
    /// ms.
    public var firstTokenMs: Int?
    /// Whether the answer was cut off.
    public var interrupted: Bool?
    /// The tokens of all responses of the turn, including those with function calls.
    public var tokens: Int?
    /// The input tokens of all responses of the turn.
    public var inputTokens: Int?
    /// The output tokens of all responses of the turn.
    public var outputTokens: Int?

    /// A turn without fields.
    public init() {}

    /// Passes every field to the coder.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        head.code(&coder)
        coder.field("item_id", &itemID)
        coder.field("response_id", &responseID)
        coder.field("latency_ms", &latencyMs)
        coder.field("latency_basis", &latencyBasis)
        coder.field("latency_output", &latencyOutput)
        coder.field("first_token_ms", &firstTokenMs)
        coder.field("interrupted", &interrupted)
        coder.field("tokens", &tokens)
        coder.field("input_tokens", &inputTokens)
        coder.field("output_tokens", &outputTokens)
    }
}

/// The event that counts as the end of the user's words.
public struct LatencyBasis: ClosedWireString {
    /// The text on the wire.
    public var rawValue: String

    /// A basis from its text.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// `input_audio_buffer.speech_stopped`
    public static let speechStopped: LatencyBasis = "speech_stopped"
    /// `input_audio_buffer.committed`, when no `speech_stopped` arrived for the item.
    public static let committed: LatencyBasis = "committed"
    /// The arrival of the user's item: typed text, or audio that was sent as an item.
    public static let item: LatencyBasis = "item"

    /// All values.
    public static let known: [LatencyBasis] = [.speechStopped, .committed, .item]
}

/// The event that counts as the beginning of an answer: audio if there is any, otherwise words.
public struct LatencyOutput: ClosedWireString {
    /// The text on the wire.
    public var rawValue: String

    /// An output from its text.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// The first audio delta.
    public static let audio: LatencyOutput = "audio"
    /// `output_audio_buffer.started`: the server plays the audio (WebRTC, SIP).
    public static let audioBuffer: LatencyOutput = "audio_buffer"
    /// The first text delta.
    public static let text: LatencyOutput = "text"
    /// The first transcript delta, when no audio passes through this connection.
    public static let transcript: LatencyOutput = "transcript"

    /// All values.
    public static let known: [LatencyOutput] = [.audio, .audioBuffer, .text, .transcript]
}
