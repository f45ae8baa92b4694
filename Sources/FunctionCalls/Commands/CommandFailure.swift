import EventJSON
import EventRouter
package import RealtimeEvents

/// A command or a worker that did not give an answer.
package struct CommandFailure: FunctionCallError, Hashable, CustomStringConvertible {
    /// What the model may know.
    package let reasonForModel: String
    /// What went wrong, for the operator: it may name paths and quote standard error.
    package let description: String
    /// How it ended.
    package let state: FunctionCallState
    /// The exit status, when it ran and exited.
    package let exitStatus: Int?

    init(_ report: ExecutionReport) {
        switch report.answer {
        case .output(let text): reasonForModel = (try? JSONValue(parsing: text))?["error"]?.string ?? text
        case .reason(let reason): reasonForModel = reason.text
        case .nothing: reasonForModel = ""
        }
        description = report.error ?? reasonForModel
        state = report.state
        exitStatus = report.exitStatus
    }
}

extension ExecutionReport {
    /// The answer, for who runs an executor without a handler.
    ///
    /// - Throws: ``CommandFailure`` when there is none, `CancellationError` when nobody waits for it any more.
    func result(of call: FunctionCall) throws -> FunctionCallResult {
        switch state {
        case .completed: FunctionCallResult(answer.text(reference: call.callID ?? "") ?? "")
        case .cancelled: throw CancellationError()
        default: throw CommandFailure(self)
        }
    }
}
