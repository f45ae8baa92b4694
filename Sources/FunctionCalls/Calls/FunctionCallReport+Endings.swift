import EventRouter

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
