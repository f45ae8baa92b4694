import EventJSON

/// The words of an utterance that is still going on, as far as they are decided: nobody gets the first half of what is redacted as a
/// whole.
struct LiveWords {
    private let text: String
    private let piece: String

    /// Nil for an event without words.
    init?(_ event: JSONObject, _ texts: TextRedactor) {
        guard let whole = event["text"]?.string else { return nil }
        text = texts.decided(whole)
        let added = event[TextPieces.piece]?.string ?? ""
        guard whole.utf8.reversed().starts(with: added.utf8.reversed()) else {
            piece = Redaction.mark
            return
        }
        // What was shown before can be told from the words alone, so nothing has to be kept for it.
        let shown = texts.decided(String(decoding: whole.utf8.dropLast(added.utf8.count), as: UTF8.self))
        let isContinued = text.utf8.starts(with: shown.utf8)
        piece = isContinued ? String(decoding: text.utf8.dropFirst(shown.utf8.count), as: UTF8.self) : Redaction.mark
    }

    /// The words for a member of the event that has some; nil for other members.
    func value(of member: String) -> JSONValue? {
        switch member {
        case "text": .string(text)
        case TextPieces.piece: .string(piece)
        default: nil
        }
    }
}
