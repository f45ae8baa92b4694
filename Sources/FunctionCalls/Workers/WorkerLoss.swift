import EventRouter
import LocalCommands

/// How a worker ended that should have lived.
struct WorkerLoss: Sendable {
    /// What happened, for the operator: "it exited with status 1".
    let reason: String
    let exitStatus: Int?
    let signal: Int?
    /// Whether it ran at all.
    let hasRun: Bool

    /// It ran, and ended.
    ///
    /// - Parameter cause: why the router ended it; nil when it ended by itself.
    init(_ result: LocalCommandResult, cause: String?) {
        hasRun = true
        switch result.ending {
        case .exited(let status):
            exitStatus = status
            signal = nil
            reason = cause ?? "it exited with status \(status)"
        case .signalled(let number):
            exitStatus = nil
            signal = number
            reason = cause ?? "it was ended by signal \(number)"
        }
    }

    /// It could not be started.
    init(notStarted error: any Error) {
        hasRun = false
        exitStatus = nil
        signal = nil
        reason = "\(error)"
    }

    /// The report on a call that it owed an answer.
    var report: FunctionCallReport {
        guard hasRun else { return .failed(.notStarted, error: "the worker could not be started: \(reason)") }
        var report = FunctionCallReport.failed(.failed, error: "the worker ended before it answered: \(reason)")
        report.exitStatus = exitStatus
        report.signal = signal
        return report
    }
}
