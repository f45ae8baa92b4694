/// A piece of what the user said, with its speaker: transcriptions that tell speakers apart give an utterance in such pieces too.
public struct UtteranceSegment: WireObject {
    /// Who said it, as the transcription calls him.
    public var speaker: String?
    /// The words.
    public var text: String?
    /// Where it begins on the server's clock of received audio, in ms.
    public var audioStartMs: Int?
    /// Where it ends there, in ms.
    public var audioEndMs: Int?

    /// A segment without fields.
    public init() {}

    /// Passes every field to the coder.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        coder.field("speaker", &speaker)
        coder.field("text", &text)
        coder.field("audio_start_ms", &audioStartMs)
        coder.field("audio_end_ms", &audioEndMs)
    }
}
