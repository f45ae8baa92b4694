import EventJSON
import EventRouter

extension FunctionCallReport {
    /// The reasons for a failure that the model may see. Paths, exit statuses and other details are not among them.
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

    /// The answer with its text transformed. The router's fixed reasons are kept.
    func changed(_ change: (String) -> String) -> Self {
        switch self {
        case .output(let text): .output(change(text))
        case .reason(let words) where FunctionCallReport.Reason(rawValue: words) == nil: .reason(change(words))
        case .reason, .nothing: self
        }
    }

    /// The text for the model; nil if the model gets no text.
    ///
    /// - Parameter reference: The call's id.
    func text(reference: String) -> String? {
        switch self {
        case .output(let text): text
        case .reason(let reason): Self.error("\(reason) (reference \(reference.cut(to: 64)))")
        case .nothing: nil
        }
    }

    /// An error reason in the JSON form that the model gets.
    static func error(_ reason: String) -> String {
        JSONValue.object(["error": .string(reason)]).description
    }
}

extension String {
    /// The first `limit` Unicode scalars of the text, with control characters replaced.
    func cut(to limit: Int) -> String {
        var text = ""
        for scalar in unicodeScalars.prefix(limit) {
            text.unicodeScalars.append(scalar.value < 0x20 || scalar.value == 0x7F ? "\u{FFFD}" : scalar)
        }
        return text
    }
}

// The reports of calls that ended without a normal result.
extension FunctionCallReport {
    static func timedOut(after timeout: String) -> FunctionCallReport {
        FunctionCallReport(.timedOut, .reason(.tooSlow), error: "the function took longer than \(timeout)")
    }

    /// The call has the answer of an earlier call.
    static func replayed(output: String?, error: String?) -> FunctionCallReport {
        FunctionCallReport(.replayed, output.map(Answer.output) ?? .nothing, error: error)
    }

    /// An earlier run started the call, and its result is unknown.
    static func unknown() -> FunctionCallReport {
        FunctionCallReport(
            .unknown, .reason(.unknown),
            error: "the call was started before, and the journal does not say how it ended; it is not repeated")
    }

    /// The user interrupted, and the function's policy cancels its calls then.
    static func interrupted() -> FunctionCallReport {
        FunctionCallReport(
            .cancelled, .reason("the user interrupted before the function was done"),
            error: "the user interrupted before the call was done")
    }

    /// Whether the call was cancelled without an answer, because no answer is expected any more.
    var isAbandoned: Bool { state == .cancelled && answer == .nothing }
}
