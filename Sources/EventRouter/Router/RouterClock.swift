#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

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
