public import EventJSON
public import RealtimeEvents

/// Runs one function: a command, a worker, a Swift closure.
///
/// ## Contract
/// The router calls `execute(_:)` at most once for a call, which is identified by its session, its `call_id` and its
/// occurrence. Calls run concurrently. Throwing means that the call failed: the model gets a short reason, which an
/// error that conforms to ``FunctionCallError`` can choose. The task is cancelled when the call's timeout has passed or
/// the router shuts down.
public protocol FunctionCallExecutor: Sendable {
    /// Runs the call and returns its answer for the model.
    ///
    /// - Throws: Any error if the call failed.
    func execute(_ call: FunctionCall) async throws -> FunctionCallResult
}

/// The answer of a function.
public struct FunctionCallResult: Sendable, Hashable {
    /// The text that the model reads: plain words, or JSON.
    public var output: String

    /// Creates an answer from text.
    public init(_ output: String) {
        self.output = output
    }

    /// Creates an answer from JSON.
    public init(_ value: JSONValue) {
        self.output = value.description
    }
}

/// An error with a message that the model may read.
public protocol FunctionCallError: Error {
    /// A short sentence for the model, without sensitive data.
    var reasonForModel: String { get }
}

/// A ``FunctionCallExecutor`` made from a closure.
public struct ClosureExecutor: FunctionCallExecutor {
    private let body: @Sendable (FunctionCall) async throws -> FunctionCallResult

    /// Creates an executor that calls `body`.
    public init(_ body: @escaping @Sendable (FunctionCall) async throws -> FunctionCallResult) {
        self.body = body
    }

    /// Calls the closure.
    public func execute(_ call: FunctionCall) async throws -> FunctionCallResult {
        try await body(call)
    }
}
