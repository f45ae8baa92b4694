package import RecordFiles

/// Where a router gets time, tasks and file operations from. Sessions, handlers' queues, timers and function calls go by it; what another handler or a
/// source does itself goes by what it was given.
package struct RouterEnvironment: Sendable {
    /// The time.
    package let clock: any RouterClock
    /// Where tasks run; nil for Swift's own executor.
    let executor: (any TaskExecutor)?
    /// What the journal of calls is written with.
    package let files: any FileOperations

    /// Makes an environment.
    package init(
        clock: any RouterClock = .system, executor: (any TaskExecutor)? = nil, files: any FileOperations = .system
    ) {
        self.clock = clock
        self.executor = executor
        self.files = files
    }

    /// Begins a task.
    @discardableResult
    package func task<Value: Sendable>(_ body: sending @escaping () async -> Value) -> Task<Value, Never> {
        // A preference costs, also one for nothing.
        guard let executor else { return Task(operation: body) }
        return Task(executorPreference: executor, operation: body)
    }

    /// Begins a task that may throw.
    @discardableResult
    package func throwingTask<Value: Sendable>(
        _ body: sending @escaping () async throws -> Value
    ) -> Task<Value, any Error> {
        guard let executor else { return Task(operation: body) }
        return Task(executorPreference: executor, operation: body)
    }
}
