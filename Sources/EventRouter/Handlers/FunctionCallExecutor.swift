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
