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
