import RealtimeEvents
import SeededNumbers

/// The expected state of one message of a generated session, after the lines emitted so far.
struct GeneratedItem {
    /// A transcription event that may come at any time.
    enum Late {
        case delta(String)
        case completed(String)
        case failed
    }

    let id: String
    let role: UtteranceRole
    var text = ""
    /// How the message ended; nil while words may still come.
    var status: UtteranceStatus?
    /// The line that gave the message its position in the conversation; nil before that line.
    var placedOn: Int?
    /// The message's remaining transcription events, in order.
    var late: [Late] = []

    /// Applies the next transcription event.
    mutating func take(_ event: Late) {
        switch event {
        case .delta(let words): if status == nil { text += words }
        case .failed: status = status ?? .failed
        case .completed(let words):
            // An empty transcription removes no words that were emitted as final.
            if status == nil || !words.isEmpty { text = words }
            status = .completed
        }
    }

    /// Creates the transcription events of an item: in pieces, failed, repeated, corrected, or none.
    static func transcription(of words: [String], using random: inout SplitMix) -> [Late] {
        let text = words.joined(separator: " ")
        var events: [Late] = []
        if Int.random(in: 0..<3, using: &random) > 0 {
            events = words.enumerated().map { .delta(($0 == 0 ? "" : " ") + $1) }
        }
        switch Int.random(in: 0..<20, using: &random) {
        case 0, 1: return events + [.failed]
        case 2: return events + [.failed, .failed]
        case 3: return events + [.failed, .completed(text)]
        case 4: return events
        case 5: return events + [.completed("")]
        case 6: return events + [.completed(text), .completed(text)]
        case 7: return events + [.completed(text), .completed(text + ", really")]
        case 8: return events + [.completed(text), .failed]
        case 9: return events + [.completed(text), .delta(" again")]
        case 10: return events + events + [.completed(text)]
        default: return events + [.completed(text)]
        }
    }
}
