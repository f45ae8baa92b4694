import EventJSON
public import RealtimeEvents

/// A ``FunctionCallExecutor`` that has resources to open, can refuse calls, or reports more about a call than its
/// answer.
///
/// ## Contract
/// * **Lifecycle**: ``start()`` returns before the first call, and ``stop()`` is called after the last call. If
///   `start()` throws, the router does not start, and executors that were started before are stopped. Calls of the two
///   are paired: an executor that several functions use, or that a handler shares with its successor, gets one pair for
///   each of them, and the pairs may overlap. A call that continues after its timeout or cancellation delays `stop()`
///   by at most 2 seconds, and may then still be running.
/// * **Calls**: the router calls ``refusal(of:)`` before a call is queued, and then ``run(_:)`` once, concurrently with
///   other calls.
/// * **Throwing**: if `run(_:)` throws, the call failed, as for ``FunctionCallExecutor/execute(_:)``.
/// * **Cancellation**: a call's task is cancelled when the call's timeout has passed, when the user interrupts and the
///   function is configured to stop on an interruption, and when the router shuts down.
///
/// `execute(_:)` has a default implementation: it runs the call and throws a ``FunctionCallFailure`` if the report
/// contains no answer.
public protocol ManagedExecutor: FunctionCallExecutor {
    /// Whether the executor itself ends a call at the function's timeout and returns a report that says so. If false,
    /// the default, the router cancels the call's task at the timeout and sends an answer without waiting for the
    /// report.
    var endsLateCalls: Bool { get }

    /// Opens what the executor needs. The default does nothing.
    ///
    /// - Throws: Any error. The router then does not start, and its error names the handler and the function.
    func start() async throws

    /// Closes what `start()` opened; returns when that is done. The default does nothing.
    func stop() async

    /// Returns why a call cannot run; nil, the default, if it can. Must not block or have side effects.
    ///
    /// The arguments are an object that is valid against the function's schema.
    func refusal(of call: FunctionCall) -> FunctionCallRefusal?

    /// Runs the call.
    ///
    /// - Throws: Any error if the call failed.
    func run(_ call: FunctionCall) async throws -> FunctionCallReport
}

extension ManagedExecutor {
    /// False.
    public var endsLateCalls: Bool { false }
    /// Nothing to open.
    public func start() async throws {}
    /// Nothing to close.
    public func stop() async {}
    /// Nil.
    public func refusal(of call: FunctionCall) -> FunctionCallRefusal? { nil }

    /// Runs the call outside of a handler.
    ///
    /// - Throws: ``FunctionCallFailure`` if there is no answer, `CancellationError` if the task was cancelled, and any
    ///   error of ``run(_:)``.
    public func execute(_ call: FunctionCall) async throws -> FunctionCallResult {
        let report = try await run(call)
        switch (report.state, report.answer) {
        case (.completed, .output(let output)): return FunctionCallResult(output)
        case (.cancelled, .nothing): throw CancellationError()
        default: throw FunctionCallFailure(report)
        }
    }
}

/// The result of a call: the answer for the model, and details for the journal.
public struct FunctionCallReport: Sendable, Hashable {
    /// The answer that the model gets.
    public enum Answer: Sendable, Hashable {
        /// The function's own output, unchanged.
        case output(String)
        /// A short reason, which the model gets as JSON with the call's id: `{"error":"the function failed (reference
        /// call_1)"}`.
        case reason(String)
        /// Nothing, because the model does not wait for an answer.
        case nothing
    }

    /// How the call ended.
    public var state: FunctionCallState
    /// The answer that the model gets.
    public var answer: Answer
    /// What went wrong, for the operator: `error` in the journal. It may name paths and quote standard error.
    public var error: String?
    /// The exit status of a program that exited: `exit_status` in the journal.
    public var exitStatus: Int?
    /// The signal that ended a program: `signal` in the journal.
    public var signal: Int?
    /// The program's standard error: `stderr` in the journal.
    public var standardError: String?
    /// Whether `standardError` may contain output of other calls. If the function redacts arguments, the journal then
    /// omits it.
    public var isStandardErrorShared = false
    /// The number of bytes that the program wrote to standard output, including bytes that were not kept:
    /// `output_bytes` in the journal.
    public var outputBytes: Int?
    /// Whether part of the output was not kept: `truncated` in the journal.
    public var isTruncated = false

    /// Creates a report.
    public init(_ state: FunctionCallState, _ answer: Answer, error: String? = nil) {
        self.state = state
        self.answer = answer
        self.error = error
    }

    /// Creates the report of a call that returned an answer.
    public static func completed(_ result: FunctionCallResult) -> FunctionCallReport {
        FunctionCallReport(.completed, .output(result.output))
    }

    /// Creates the report of a call that failed.
    ///
    /// - Parameters:
    ///   - reason: A short reason for the model, without sensitive data.
    ///   - error: What went wrong, for the operator.
    public static func failed(_ reason: String = "the function failed", error: String) -> FunctionCallReport {
        FunctionCallReport(.failed, .reason(reason), error: error)
    }

    /// Creates the report of a call that was not run.
    public static func rejected(_ refusal: FunctionCallRefusal) -> FunctionCallReport {
        FunctionCallReport(.rejected, .reason(refusal.reasonForModel), error: refusal.reasonForModel)
    }

    /// Creates the report of a call whose task was cancelled, so that the model gets no answer.
    public static func cancelled() -> FunctionCallReport {
        FunctionCallReport(.cancelled, .nothing, error: "the router was stopped before the call was done")
    }
}

/// The reason why a call is not run, in words that let the model correct itself.
public struct FunctionCallRefusal: FunctionCallError, Hashable, CustomStringConvertible {
    /// A short reason, without sensitive data.
    public let reasonForModel: String

    /// The reason.
    public var description: String { reasonForModel }

    /// Creates a refusal.
    public init(_ reason: String) { reasonForModel = reason }
}

/// The error that a ``ManagedExecutor`` throws from ``FunctionCallExecutor/execute(_:)`` for a call without an answer.
public struct FunctionCallFailure: FunctionCallError, Hashable, CustomStringConvertible {
    /// The reason for the model.
    public let reasonForModel: String
    /// What went wrong, for the operator. It may contain paths and standard error.
    public let description: String
    /// How the call ended.
    public let state: FunctionCallState
    /// The exit status of a program that exited.
    public let exitStatus: Int?
    /// The complete report of the call.
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
