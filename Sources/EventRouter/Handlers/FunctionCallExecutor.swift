public import EventJSON
public import RealtimeEvents

/// Runs one function: a command, a worker, a Swift closure.
///
/// ## Contract
/// `execute(_:)` is called at most once for a call: a session, a `call_id` and an occurrence of it. Calls run concurrently. Throwing means that the call failed:
/// the model gets a short reason; an error that conforms to ``FunctionCallError`` chooses the words. The task is
/// cancelled when the call's timeout has passed or the router shuts down.
public protocol FunctionCallExecutor: Sendable {
    /// Runs the call and gives its answer for the model.
    ///
    /// - Throws: any error to say that the call failed.
    func execute(_ call: FunctionCall) async throws -> FunctionCallResult
}

/// The answer of a function.
public struct FunctionCallResult: Sendable, Hashable {
    /// The text that the model reads: plain words, or JSON.
    public var output: String

    /// An answer in words.
    public init(_ output: String) {
        self.output = output
    }

    /// An answer as JSON.
    public init(_ value: JSONValue) {
        self.output = value.description
    }
}

/// An error whose words the model may read.
public protocol FunctionCallError: Error {
    /// A short sentence for the model; nothing secret.
    var reasonForModel: String { get }
}

/// A ``FunctionCallExecutor`` made of a closure.
public struct ClosureExecutor: FunctionCallExecutor {
    private let body: @Sendable (FunctionCall) async throws -> FunctionCallResult

    /// Makes an executor that calls `body`.
    public init(_ body: @escaping @Sendable (FunctionCall) async throws -> FunctionCallResult) {
        self.body = body
    }

    /// Calls the closure.
    public func execute(_ call: FunctionCall) async throws -> FunctionCallResult {
        try await body(call)
    }
}

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
