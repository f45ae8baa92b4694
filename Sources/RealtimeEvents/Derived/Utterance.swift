public import EventJSON

/// What one side said: the body of `router.utterance.updated`, `.heard`, `.done` and `.revised`.
///
/// An utterance is one content part (``itemID``, ``contentIndex``) of a message that the user or the assistant spoke or
/// typed.
public struct Utterance: DerivedPayload {
    /// `router.utterance.done`
    public static var eventType: EventType { .routerUtteranceDone }

    /// The fields that all derived events share; `turn` is the turn in which the item began.
    public var head = DerivedEventHeader()
    /// The conversation item.
    public var itemID: String?
    /// The index of the content part in the item, from 0.
    public var contentIndex: Int?
    /// Who spoke: `user` or `assistant`.
    public var role: UtteranceRole?
    /// In `updated`, the words so far; otherwise all words. Includes generated words that were not heard.
    public var text: String?
    /// How the utterance ended; nil in `updated`.
    public var status: UtteranceStatus?
    /// The words that arrived with this event; only in `updated`.
    public var delta: String?
    /// In `updated` and `revised`: the number of the event among those of this utterance, from 1.
    public var sequence: Int?
    /// Whether the utterance was spoken or typed.
    public var modality: UtteranceModality?
    /// The previous item in the conversation; nil if it is unknown.
    public var previousItemID: String?
    /// The utterance's response; nil for the user's utterances.
    public var responseID: String?
    /// True if the response is out of band: the model produced it outside the conversation, and nobody heard it;
    /// nil otherwise.
    public var outOfBand: Bool?
    /// The metadata that the client attached to the response, an object.
    public var responseMetadata: JSONValue?
    /// The server's phase of the message: `commentary` or `final_answer`.
    public var phase: ItemPhase?
    /// When the utterance began, in ms since the session's source began; nil if the source has no times.
    public var startedMs: Int?
    /// When the utterance's last word arrived or it was known to have ended, in ms since the session's source began;
    /// nil if the source has no times.
    public var endedMs: Int?
    /// Where speech began in the audio that the server received, in ms; only when the source has no times.
    public var audioStartMs: Int?
    /// Where speech ended in the audio that the server received, in ms; only when the source has no times.
    public var audioEndMs: Int?
    /// How much of the audio was played before the item was truncated, in ms.
    public var heardMs: Int?
    /// The words of ``text`` that were played before the item was truncated, estimated from ``heardMs`` and
    /// ``audioMs``. Empty if nothing was played; nil if the item was not truncated or the length of its audio is
    /// unknown.
    public var heardText: String?
    /// The length of the audio in ms. For the assistant calculated from its bytes; for the user taken from the server's
    /// speech detection.
    public var audioMs: Int?
    /// The language of the user's words; nil if the transcription does not name it.
    public var language: String?
    /// The confidence of the transcription, from 0 to 1: the mean probability of its tokens; nil if the server sent
    /// no log probabilities.
    public var confidence: Double?
    /// The same words split by speaker, when the transcription distinguishes speakers; not in `updated`.
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

/// Who spoke.
public struct UtteranceRole: ClosedWireString {
    /// The text on the wire.
    public var rawValue: String

    /// A role from its text.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// The person, or a program in the person's place.
    public static let user: UtteranceRole = "user"
    /// The model.
    public static let assistant: UtteranceRole = "assistant"

    /// All values.
    public static let known: [UtteranceRole] = [.user, .assistant]
}

/// How an utterance ended.
public struct UtteranceStatus: ClosedWireString {
    /// The text on the wire.
    public var rawValue: String

    /// A status from its text.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// All words have arrived.
    public static let completed: UtteranceStatus = "completed"
    /// The assistant was cut off: the item is incomplete, the response was cancelled, or the audio was truncated.
    public static let interrupted: UtteranceStatus = "interrupted"
    /// The user's audio could not be transcribed, or the assistant's response failed.
    public static let failed: UtteranceStatus = "failed"
    /// The words are incomplete: the response reached a limit, the item was deleted, or the session ended.
    public static let incomplete: UtteranceStatus = "incomplete"

    /// All values.
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

    /// All values.
    public static let known: [UtteranceModality] = [.audio, .text]
}

/// A part of a user's utterance with its speaker, from transcriptions that distinguish speakers.
public struct UtteranceSegment: WireObject {
    /// The speaker, as the transcription names them.
    public var speaker: String?
    /// The words.
    public var text: String?
    /// Where the segment begins in the audio that the server received, in ms.
    public var audioStartMs: Int?
    /// Where the segment ends in that audio, in ms.
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

extension Utterance {
    /// Estimates which words of an answer were played before it was cut off: the first `heardMs / audioMs` of the text,
    /// back to a word boundary.
    ///
    /// A word ends at whitespace. In scripts without spaces between words, every character counts as a word.
    ///
    /// - Parameters:
    ///   - text: All words of the answer.
    ///   - heardMs: How much of the audio was played, in ms. A server may send any number.
    ///   - audioMs: The length of the audio, in ms; nil or 0 if it is unknown.
    /// - Returns: The words that were played: all if all audio was played, nil if the length of the audio is unknown.
    package static func heardText(of text: String, heardMs: Int?, audioMs: Int?) -> String? {
        guard let heardMs, let audioMs, audioMs > 0 else { return nil }
        guard heardMs < audioMs else { return text }
        guard heardMs > 0 else { return "" }
        let characters = Array(text)
        // Never beyond the last character, because the fraction is less than 1.
        var end = min(Int(Double(characters.count) * Double(heardMs) / Double(audioMs)), characters.count - 1)
        while end > 0, !isBoundary(characters[end - 1], characters[end]) { end -= 1 }
        while end > 0, characters[end - 1].isWhitespace { end -= 1 }
        return String(characters[..<max(end, 0)])
    }

    private static func isBoundary(_ before: Character, _ after: Character) -> Bool {
        [before, after].contains { $0.isWhitespace || isOfScriptWithoutBlanks($0) }
    }

    /// Whether a character belongs to Chinese, Japanese, Thai, Lao, Burmese or Khmer, including their punctuation.
    private static func isOfScriptWithoutBlanks(_ character: Character) -> Bool {
        switch character.unicodeScalars.first?.value ?? 0 {
        case 0x0E00...0x0EFF, 0x1000...0x109F, 0x1780...0x17FF, 0x3000...0x30FF, 0x31F0...0x31FF, 0x3400...0x4DBF,
            0x4E00...0x9FFF, 0xF900...0xFAFF, 0xFF01...0xFF9F, 0x20000...0x3FFFD:
            true
        default: false
        }
    }
}
