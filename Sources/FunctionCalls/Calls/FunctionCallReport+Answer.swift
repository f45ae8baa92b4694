import EventJSON
import EventRouter

extension FunctionCallReport {
    /// What the model may know of what went wrong. Paths, exit statuses and other details are not among it.
    enum Reason: String, Sendable {
        case failed = "the function failed"
        case notStarted = "the function could not be run"
        case tooSlow = "the function took too long"
        case tooLong = "the function's answer was too long"
        case notJSON = "the function's answer was not JSON"
        case unknown = "outcome unknown: the function was started before, and may or may not have been done"
    }

    static func failed(_ reason: Reason, error: String) -> FunctionCallReport {
        .failed(reason.rawValue, error: error)
    }
}

extension FunctionCallReport.Answer {
    static func reason(_ reason: FunctionCallReport.Reason) -> Self { .reason(reason.rawValue) }

    /// The same answer with other words; one of the router's fixed reasons stays.
    func changed(_ change: (String) -> String) -> Self {
        switch self {
        case .output(let text): .output(change(text))
        case .reason(let words) where FunctionCallReport.Reason(rawValue: words) == nil: .reason(change(words))
        case .reason, .nothing: self
        }
    }

    /// The text for the model; nil when it gets none.
    ///
    /// - Parameter reference: The call's id.
    func text(reference: String) -> String? {
        switch self {
        case .output(let text): text
        case .reason(let reason): Self.error("\(reason) (reference \(reference.cut(to: 64)))")
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
