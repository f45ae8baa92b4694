import EventJSON
public import RealtimeEvents

/// A ``FunctionCallExecutor`` that opens something before its first call, may refuse calls, or reports more of a call than its answer.
///
/// ## Contract
/// * **Life**: ``start()`` returns before the first call and ``stop()`` is called after the last one. If `start()` throws, the router does
///   not start, and the executors that were started before are stopped. The two come in pairs: an executor that several functions use, or
///   a handler and the one that succeeds it, gets a pair for each of them, and the pairs may overlap. A call that goes on after its
///   timeout or its cancellation delays `stop()` by 2 seconds at most, and may then still run in the executor.
/// * **Calls**: ``refusal(of:)`` is asked before a call waits for its turn, then ``run(_:)`` runs it, once, concurrently with other calls.
/// * **Throwing**: what `run(_:)` throws is a failed call, as for ``FunctionCallExecutor/execute(_:)``.
/// * **Cancellation**: the task of a call is cancelled when the call's timeout has passed, when the user interrupts and the function is one
///   that is stopped then, and when the router shuts down.
///
/// `execute(_:)` is written already: it runs the call and throws a ``FunctionCallFailure`` if the report is no answer.
public protocol ManagedExecutor: FunctionCallExecutor {
    /// Whether the executor itself ends a call when the function's timeout has passed, and returns a report that says so. Otherwise the
    /// router cancels the call's task then, and answers without it. The default is false.
    var endsLateCalls: Bool { get }

    /// Opens what the executor needs. The default does nothing.
    ///
    /// - Throws: Any error; the router does not start, with a message that names the handler and the function.
    func start() async throws

    /// Closes what `start()` opened, and waits for that. The default does nothing.
    func stop() async

    /// Why a call cannot run; nil if it can, which is the default. Must not block, and must change nothing.
    ///
    /// The arguments are an object that fits the function's schema.
    func refusal(of call: FunctionCall) -> FunctionCallRefusal?

    /// Runs the call.
    ///
    /// - Throws: Any error to say that the call failed.
    func run(_ call: FunctionCall) async throws -> FunctionCallReport
}

extension ManagedExecutor {
    /// The router ends late calls.
    public var endsLateCalls: Bool { false }
    /// Nothing to open.
    public func start() async throws {}
    /// Nothing to close.
    public func stop() async {}
    /// Any call can run.
    public func refusal(of call: FunctionCall) -> FunctionCallRefusal? { nil }

    /// Runs the call outside of a handler.
    ///
    /// - Throws: ``FunctionCallFailure`` if there is no answer, `CancellationError` if the task was cancelled, and what
    ///   ``run(_:)`` throws.
    public func execute(_ call: FunctionCall) async throws -> FunctionCallResult {
        let report = try await run(call)
        switch (report.state, report.answer) {
        case (.completed, .output(let output)): return FunctionCallResult(output)
        case (.cancelled, .nothing): throw CancellationError()
        default: throw FunctionCallFailure(report)
        }
    }
}

/// What a call came to: the answer for the model, and what the journal keeps of the run.
public struct FunctionCallReport: Sendable, Hashable {
    /// What the model gets for a call.
    public enum Answer: Sendable, Hashable {
        /// The function's own words, as they are.
        case output(String)
        /// A short reason, which the model gets as JSON with the call's id: `{"error":"the function failed (reference call_1)"}`.
        case reason(String)
        /// Nothing, because nobody waits for an answer.
        case nothing
    }

    /// How the call ended.
    public var state: FunctionCallState
    /// What the model gets.
    public var answer: Answer
    /// What went wrong, for the operator: `error` in the journal. It may name paths and quote standard error.
    public var error: String?
    /// The exit status of a program that exited: `exit_status` in the journal.
    public var exitStatus: Int?
    /// The signal that ended a program: `signal` in the journal.
    public var signal: Int?
    /// What a program wrote to standard error: `stderr` in the journal.
    public var standardError: String?
    /// Whether `standardError` may be about other calls too. The journal does not have it then if the function redacts arguments.
    public var isStandardErrorShared = false
    /// The number of bytes that a program wrote to standard output, kept or not: `output_bytes` in the journal.
    public var outputBytes: Int?
    /// Whether a part of the output was not kept: `truncated` in the journal.
    public var isTruncated = false

    /// Makes a report.
    public init(_ state: FunctionCallState, _ answer: Answer, error: String? = nil) {
        self.state = state
        self.answer = answer
        self.error = error
    }

    /// The function gave an answer.
    public static func completed(_ result: FunctionCallResult) -> FunctionCallReport {
        FunctionCallReport(.completed, .output(result.output))
    }

    /// The function failed.
    ///
    /// - Parameters:
    ///   - reason: A short reason for the model; nothing secret.
    ///   - error: What went wrong, for the operator.
    public static func failed(_ reason: String = "the function failed", error: String) -> FunctionCallReport {
        FunctionCallReport(.failed, .reason(reason), error: error)
    }

    /// The call was not run.
    public static func rejected(_ refusal: FunctionCallRefusal) -> FunctionCallReport {
        FunctionCallReport(.rejected, .reason(refusal.reasonForModel), error: refusal.reasonForModel)
    }

    /// The call ended because its task was cancelled: nobody waits for its answer.
    public static func cancelled() -> FunctionCallReport {
        FunctionCallReport(.cancelled, .nothing, error: "the router was stopped before the call was done")
    }
}

/// Why a call is not run, in words for the model, so that it can correct itself.
public struct FunctionCallRefusal: FunctionCallError, Hashable, CustomStringConvertible {
    /// A short reason; nothing secret.
    public let reasonForModel: String

    /// The reason.
    public var description: String { reasonForModel }

    /// Makes a refusal.
    public init(_ reason: String) { reasonForModel = reason }
}

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
