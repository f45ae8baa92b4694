package import RecordFiles

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The clock, task executor and file operations of a router. Sessions, handlers' queues, timers and function calls use
/// it. Other handlers and sources use what they were given.
package struct RouterEnvironment: Sendable {
    /// The clock.
    package let clock: any RouterClock
    /// The executor of tasks; nil for Swift's default executor.
    let executor: (any TaskExecutor)?
    /// The file operations for the call journal.
    package let files: any FileOperations

    /// Creates an environment.
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
        // An executor preference costs time, even if it is nil.
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

/// The router's clock. Injected, so that tests control time.
public protocol RouterClock: Sendable {
    /// The time since some fixed moment; it never decreases.
    var now: Duration { get }
    /// The wall clock: seconds since 1970-01-01T00:00:00Z.
    var wallTime: Double { get }
    /// Waits for a duration.
    ///
    /// - Throws: `CancellationError` if the task is cancelled.
    func sleep(for duration: Duration) async throws
}

/// The machine's own clock.
public struct SystemClock: RouterClock {
    private static let origin = ContinuousClock.now

    /// Creates the clock.
    public init() {}

    /// The time since the process first read the clock.
    public var now: Duration { ContinuousClock.now - Self.origin }

    /// The machine's wall-clock time, in seconds since 1970.
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
    /// The machine's own clock.
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
