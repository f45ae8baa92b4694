import EventJSON
import EventRouter
import RealtimeEvents

/// How the run of a function ended: more than its answer, for the journal and the outcome.
struct ExecutionReport: Sendable {
    var state: FunctionCallState
    var answer: CallAnswer
    /// What went wrong, for the operator.
    var error: String?
    var exitStatus: Int?
    var signal: Int?
    var standardError: String?
    /// The bytes that a command wrote to its standard output, kept or not.
    var outputBytes: Int?
    var isTruncated = false

    init(_ state: FunctionCallState, _ answer: CallAnswer, error: String? = nil) {
        self.state = state
        self.answer = answer
        self.error = error
    }

    static func completed(_ output: String) -> ExecutionReport { ExecutionReport(.completed, .output(output)) }

    static func failed(_ reason: CallAnswer.Reason, error: String) -> ExecutionReport {
        ExecutionReport(.failed, .reason(reason), error: error)
    }

    static func rejected(_ refusal: CallRefusal) -> ExecutionReport {
        ExecutionReport(.rejected, .reason(.words(refusal.reasonForModel)), error: refusal.reasonForModel)
    }

    static func timedOut(after timeout: String) -> ExecutionReport {
        ExecutionReport(.timedOut, .reason(.tooSlow), error: "the function took longer than \(timeout)")
    }

    /// The answer that the call got in an earlier run.
    static func replayed(output: String?, error: String?) -> ExecutionReport {
        ExecutionReport(.replayed, output.map(CallAnswer.output) ?? .nothing, error: error)
    }

    /// An earlier run started the call, and nobody knows whether it was done.
    static func unknown() -> ExecutionReport {
        ExecutionReport(
            .unknown, .reason(.unknown),
            error: "the call was started before, and the journal does not say how it ended; it is not repeated")
    }

    /// The user interrupted, and the function is one that is stopped then.
    static func interrupted() -> ExecutionReport {
        ExecutionReport(
            .cancelled, .reason(.words("the user interrupted before the function was done")),
            error: "the user interrupted before the call was done")
    }

    /// Whether the call was given up because nobody waits for its answer any more.
    var isAbandoned: Bool {
        if state == .cancelled, case .nothing = answer { true } else { false }
    }

    /// Nobody waits for the answer any more.
    static func cancelled() -> ExecutionReport {
        ExecutionReport(.cancelled, .nothing, error: "the router was stopped before the call was done")
    }
}

/// An executor that looks at a call before it is queued, and tells more of its end than the answer.
protocol ReportingExecutor: FunctionCallExecutor {
    /// Why the call cannot run, nil when it can. Touches nothing.
    func refusal(of call: FunctionCall) -> CallRefusal?

    /// Runs the call, within the executor's own time. When the task is cancelled it ends soon.
    func report(on call: FunctionCall) async -> ExecutionReport
}
