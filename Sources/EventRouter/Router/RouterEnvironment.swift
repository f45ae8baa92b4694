package import RecordFiles

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

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

/// The time that the router goes by. Injected, so that tests decide how it passes.
public protocol RouterClock: Sendable {
    /// The time since some fixed moment; it never goes back.
    var now: Duration { get }
    /// The wall clock: seconds since 1970-01-01T00:00:00Z.
    var wallTime: Double { get }
    /// Waits.
    ///
    /// - Throws: `CancellationError` when the task is cancelled.
    func sleep(for duration: Duration) async throws
}

/// The machine's own clock.
public struct SystemClock: RouterClock {
    private static let origin = ContinuousClock.now

    /// Makes the clock.
    public init() {}

    /// The time since the process first looked.
    public var now: Duration { ContinuousClock.now - Self.origin }

    /// The machine's idea of the wall clock, in seconds since 1970.
    public var wallTime: Double {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    /// Sleeps in real time.
    public func sleep(for duration: Duration) async throws {
        try await Task.sleep(for: duration)
    }
}

extension RouterClock where Self == SystemClock {
    /// The machine's own clock, for the call site.
    public static var system: SystemClock { SystemClock() }
}

extension Duration {
    /// The duration in seconds.
    public var seconds: Double {
        Double(components.seconds) + Double(components.attoseconds) / 1e18
    }

    /// The duration in whole milliseconds, rounded.
    public var milliseconds: Int {
        Int((seconds * 1000).rounded())
    }
}
