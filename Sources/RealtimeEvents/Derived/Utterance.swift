public import EventJSON

/// What one side said: the body of `router.utterance.updated`, `.heard`, `.done` and `.revised`.
///
/// There is one utterance for each content part (``itemID``, ``contentIndex``) of a message that the user or the assistant
/// spoke or typed.
public struct Utterance: DerivedPayload {
    /// `router.utterance.done`
    public static var eventType: EventType { .routerUtteranceDone }

    /// What all derived events carry; its `turn` is the turn in which the item began.
    public var head = DerivedHead()
    /// The conversation item.
    public var itemID: String?
    /// The content part of the item, from 0.
    public var contentIndex: Int?
    /// Who spoke: `user` or `assistant`.
    public var role: UtteranceRole?
    /// The words: so far in `updated`, all of them otherwise. Everything that was generated, heard or not.
    public var text: String?
    /// How it ended; nil in `updated`.
    public var status: UtteranceStatus?
    /// The words that arrived with this event; only in `updated`.
    public var delta: String?
    /// In `updated` and `revised`: the running number of such events of this utterance, from 1.
    public var sequence: Int?
    /// Whether it was spoken or typed.
    public var modality: UtteranceModality?
    /// The item before it in the conversation, when it is known.
    public var previousItemID: String?
    /// The response that it belongs to; nil for the user's.
    public var responseID: String?
    /// True where its response is out of band: the model said it beside the conversation, and nobody heard it. Otherwise nil.
    public var outOfBand: Bool?
    /// The metadata that the client attached to its response, an object.
    public var responseMetadata: JSONValue?
    /// The server's word for its part in the answer: `commentary` or `final_answer`.
    public var phase: ItemPhase?
    /// When it began, in ms since the session's source began; nil where the source has no times.
    public var startedMs: Int?
    /// When its last word or its end was known, in ms since the session's source began; nil where the source has no times.
    public var endedMs: Int?
    /// Where speech began on the server's clock of received audio, in ms; only where the source has no times.
    public var audioStartMs: Int?
    /// Where speech ended on the server's clock of received audio, in ms; only where the source has no times.
    public var audioEndMs: Int?
    /// How much of the audio was played before the item was truncated, in ms.
    public var heardMs: Int?
    /// The words of ``text`` that were played before the item was truncated: an estimate by ``heardMs`` and ``audioMs``. Empty when
    /// nothing was played; nil when the item was not truncated or the length of its audio is not known.
    public var heardText: String?
    /// The length of the audio in ms: the assistant's from its bytes, the user's from the server's speech detection.
    public var audioMs: Int?
    /// The language of the user's words, when the transcription names it.
    public var language: String?
    /// How sure the transcription is, 0 to 1: the mean probability of its tokens, when they came with log probabilities.
    public var confidence: Double?
    /// The same words by their speakers, when the transcription tells these apart; not in `updated`.
    public var segments: [UtteranceSegment]?

    /// An utterance without fields.
    public init() {}

    /// Passes every field to the coder.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        head.code(&coder)
        coder.field("item_id", &itemID)
        coder.field("content_index", &contentIndex)
        coder.field("role", &role)
        coder.field("text", &text)
        coder.field("status", &status)
        coder.field("delta", &delta)
        coder.field("sequence", &sequence)
        coder.field("modality", &modality)
        coder.field("previous_item_id", &previousItemID)
        coder.field("response_id", &responseID)
        coder.field("out_of_band", &outOfBand)
        coder.field("response_metadata", &responseMetadata)
        coder.field("phase", &phase)
        coder.field("started_ms", &startedMs)
        coder.field("ended_ms", &endedMs)
        coder.field("audio_start_ms", &audioStartMs)
        coder.field("audio_end_ms", &audioEndMs)
        coder.field("heard_ms", &heardMs)
        coder.field("heard_text", &heardText)
        coder.field("audio_ms", &audioMs)
        coder.field("language", &language)
        coder.field("confidence", &confidence)
        coder.field("segments", &segments)
    }
}
