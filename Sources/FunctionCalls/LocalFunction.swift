package import EventRouter
package import RealtimeEvents
package import SchemaValidation

/// A function that the model can call: its declaration, the executor that runs it here, and its limits.
package struct LocalFunction: Sendable {
    /// The name by which the model calls the function.
    package var name: String
    /// The description for the model.
    package var description: String?
    /// The schema of the function's arguments; nil if any object is valid. The model gets the schema, and the handler
    /// enforces it: a call with invalid arguments does not run, and its answer states the problems.
    package var parameters: JSONSchema?
    /// The executor that runs the function.
    package let executor: any FunctionCallExecutor
    /// The executor as a managed executor, with a start and a stop; nil if it is not a managed executor.
    let managed: (any ManagedExecutor)?
    /// The time after which a call is given up, unless the executor ends late calls itself.
    package var timeout: Duration
    /// The maximum number of running calls of the function; nil if only the handler's limit applies.
    package var maxConcurrent: Int?
    /// Rules for the function's calls: repetition, interruption, redaction and others.
    package var policy: FunctionPolicy
    /// Which of the function's calls need approval; nil if no call does.
    package var approval: ApprovalRule?

    /// Creates a function.
    ///
    /// - Precondition: `maxConcurrent` is at least 1.
    package init(
        _ name: String, description: String? = nil, parameters: JSONSchema? = nil, timeout: Duration = .seconds(10),
        maxConcurrent: Int? = nil, policy: FunctionPolicy = FunctionPolicy(), approval: ApprovalRule? = nil,
        executor: any FunctionCallExecutor
    ) {
        precondition(maxConcurrent ?? 1 > 0, "a function needs room for one call")
        self.name = name
        self.description = description
        self.parameters = parameters
        self.executor = executor
        managed = executor as? any ManagedExecutor
        self.timeout = timeout
        self.maxConcurrent = maxConcurrent
        self.policy = policy
        self.approval = approval
    }

    /// The function as a tool declaration for `session.update`.
    package var tool: Tool {
        var tool = Tool()
        tool.type = .function
        tool.name = name
        tool.description = description
        tool.parameters = parameters?.source
        return tool
    }
}
