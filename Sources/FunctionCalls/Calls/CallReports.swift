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

// How calls end that a handler took.
extension FunctionCallReport {
    static func timedOut(after timeout: String) -> FunctionCallReport {
        FunctionCallReport(.timedOut, .reason(.tooSlow), error: "the function took longer than \(timeout)")
    }

    /// The answer that the call got in an earlier run.
    static func replayed(output: String?, error: String?) -> FunctionCallReport {
        FunctionCallReport(.replayed, output.map(Answer.output) ?? .nothing, error: error)
    }

    /// An earlier run started the call, and nobody knows whether it was done.
    static func unknown() -> FunctionCallReport {
        FunctionCallReport(
            .unknown, .reason(.unknown),
            error: "the call was started before, and the journal does not say how it ended; it is not repeated")
    }

    /// The user interrupted, and the function is one that is stopped then.
    static func interrupted() -> FunctionCallReport {
        FunctionCallReport(
            .cancelled, .reason("the user interrupted before the function was done"),
            error: "the user interrupted before the call was done")
    }

    /// Whether the call was given up because nobody waits for its answer any more.
    var isAbandoned: Bool { state == .cancelled && answer == .nothing }
}
