import RealtimeEvents

/// One session's utterances on their way into a file.
protocol TranscriptForm: Sendable {
    /// The entries that an utterance gives, each to be written whole; a line end is added to each.
    mutating func entries(for record: TranscriptRecord) -> [String]

    /// What was kept back, at the end.
    mutating func rest() -> [String]
}

extension TranscriptForm {
    /// Nothing is kept back.
    mutating func rest() -> [String] { [] }
}

/// An utterance with what its record says beside it.
struct TranscriptRecord: Sendable {
    var utterance: Utterance
    /// Whether something changed it after it was recorded.
    var isRevised = false
    /// The key of the session.
    var session: String
    /// The server's id of the session, when it is known.
    var sessionID: String?
    /// When it is recorded, RFC 3339; only where events come as they happen.
    var time: String?
}

extension TranscriptRecord {
    /// Who spoke, as it is called where people read it.
    var speaker: String { utterance.role == .user ? "caller" : "agent" }

    /// The words on one line.
    var words: String {
        PrintableWords.joined(utterance.text ?? "")
    }

    /// How the utterance ended, when it is not the usual end; a person reads it in brackets.
    var remark: String? {
        switch utterance.status {
        case .interrupted?:
            utterance.heardMs.map { "interrupted after \(MediaTime($0).seconds) s" } ?? "interrupted"
        case .failed?: words.isEmpty ? "not understood" : "failed"
        case .incomplete?: "incomplete"
        default: nil
        }
    }
}
