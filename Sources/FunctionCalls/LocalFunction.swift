package import EventRouter
package import RealtimeEvents
package import SchemaValidation

/// A function that is run here when the model calls it: what the model is told of it, who runs it, and its bounds.
package struct LocalFunction: Sendable {
    /// The name under which the model calls it.
    package var name: String
    /// What it does, for the model.
    package var description: String?
    /// What its arguments have to be, for the model and for us: a call with others is answered with what is wrong with them, and
    /// runs nothing. Nil: any object will do.
    package var parameters: JSONSchema?
    /// Who runs it.
    package let executor: any FunctionCallExecutor
    /// The executor, if it has a life of its own.
    let managed: (any ManagedExecutor)?
    /// The time after which a call is given up, unless the executor itself ends late calls.
    package var timeout: Duration
    /// How many of its calls may run at a time; nil: as many as the handler runs.
    package var maxConcurrent: Int?
    /// What else holds for its calls.
    package var policy: FunctionPolicy
    /// Which of its calls need somebody's approval; nil: none.
    package var approval: ApprovalRule?

    /// Makes a function.
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

    /// The function as a `session.update` declares it.
    package var tool: Tool {
        var tool = Tool()
        tool.type = .function
        tool.name = name
        tool.description = description
        tool.parameters = parameters?.source
        return tool
    }
}
