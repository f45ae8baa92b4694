import EventJSON

/// What the model gets for a call.
enum CallAnswer: Sendable {
    /// The function's own words.
    case output(String)
    /// The router's: a short reason, as a JSON object, with the call's id to find the rest by.
    case reason(Reason)
    case nothing

    /// What the model may know of what went wrong. Paths, exit statuses and other details are not among it.
    enum Reason: Sendable {
        case failed
        case notStarted
        case tooSlow
        case tooLong
        case notJSON
        case unknown
        case words(String)

        var text: String {
            switch self {
            case .failed: "the function failed"
            case .notStarted: "the function could not be run"
            case .tooSlow: "the function took too long"
            case .tooLong: "the function's answer was too long"
            case .notJSON: "the function's answer was not JSON"
            case .unknown: "outcome unknown: the function was started before, and may or may not have been done"
            case .words(let words): words
            }
        }
    }

    /// The same answer with other words.
    func changed(_ change: (String) -> String) -> CallAnswer {
        switch self {
        case .output(let text): .output(change(text))
        case .reason(.words(let words)): .reason(.words(change(words)))
        case .reason, .nothing: self
        }
    }

    /// The text for the model; nil when it gets none.
    ///
    /// - Parameter reference: the call's id.
    func text(reference: String) -> String? {
        switch self {
        case .output(let text): text
        case .reason(let reason): Self.error("\(reason.text) (reference \(reference.cut(to: 64)))")
        case .nothing: nil
        }
    }

    /// A reason as the model gets it.
    static func error(_ reason: String) -> String {
        JSONValue.object(["error": .string(reason)]).description
    }
}

extension String {
    /// The beginning of the text, with control characters replaced, at most `limit` Unicode scalars.
    func cut(to limit: Int) -> String {
        var text = ""
        for scalar in unicodeScalars.prefix(limit) {
            text.unicodeScalars.append(scalar.value < 0x20 || scalar.value == 0x7F ? "\u{FFFD}" : scalar)
        }
        return text
    }
}
