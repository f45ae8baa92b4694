import EventJSON
public import RealtimeEvents

/// A call that was run outside of a handler and has no answer.
public struct FunctionCallFailure: FunctionCallError, Hashable, CustomStringConvertible {
    /// What the model may know.
    public let reasonForModel: String
    /// What went wrong, for the operator: it may name paths and quote standard error.
    public let description: String
    /// How the call ended.
    public let state: FunctionCallState
    /// The exit status of a program that exited.
    public let exitStatus: Int?
    /// All that is known of the call.
    package let report: FunctionCallReport

    init(_ report: FunctionCallReport) {
        switch report.answer {
        case .output(let text): reasonForModel = (try? JSONValue(parsing: text))?["error"]?.string ?? text
        case .reason(let reason): reasonForModel = reason
        case .nothing: reasonForModel = ""
        }
        description = report.error ?? reasonForModel
        state = report.state
        exitStatus = report.exitStatus
        self.report = report
    }
}
