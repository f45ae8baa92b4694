/// Where a router gets time and tasks from. Sessions, handlers' queues and timers go by it; what a handler or a source does itself goes
/// by what it was given.
struct RouterEnvironment: Sendable {
    /// The time.
    let clock: any RouterClock
    /// Where tasks run; nil for Swift's own executor.
    let executor: (any TaskExecutor)?

    /// Begins a task.
    @discardableResult
    func task<Value: Sendable>(_ body: sending @escaping () async -> Value) -> Task<Value, Never> {
        // A preference costs, also one for nothing.
        guard let executor else { return Task(operation: body) }
        return Task(executorPreference: executor, operation: body)
    }

    /// Begins a task that may throw.
    @discardableResult
    func throwingTask<Value: Sendable>(
        _ body: sending @escaping () async throws -> Value
    ) -> Task<Value, any Error> {
        guard let executor else { return Task(operation: body) }
        return Task(executorPreference: executor, operation: body)
    }
}
