import EventJSON
import RealtimeEvents

/// Where texts may end in the middle of something: in what was interrupted, or is not yet complete.
enum UnfinishedText {
    private static let states: Set<String> = ["in_progress", "incomplete", "interrupted", "cancelled", "failed"]

    /// Whether texts of a type may have broken off though nothing in the event says so.
    static func isPossible(_ type: EventType.Code) -> Bool {
        switch type {
        case .responseContentPartAdded, .responseContentPartDone, .responseOutputTextDone,
            .responseOutputAudioTranscriptDone, .responseFunctionCallArgumentsDone:
            true
        default: false
        }
    }

    /// Whether an item, response or utterance says that it is not complete.
    static func isPossible(in object: JSONObject) -> Bool { object["status"]?.string.map(states.contains) ?? false }
}

/// The members in which texts come in pieces.
enum TextPieces {
    /// The member with a piece of a text.
    static let piece = "delta"
    /// The member in which a text stands once more, a piece for each token.
    static let tokens = "logprobs"
}
