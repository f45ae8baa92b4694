public import EventRouter
import Synchronization

/// Writes all metrics to a file in the format of the node exporter's textfile collector.
///
/// The file is written at the start, at intervals and at the end. Each time, it is replaced as a whole, so that no
/// reader sees a part of it. Every user of the machine may read it (mode 0644), since it contains numbers and no words
/// of a conversation.
public final class PrometheusFile: MetricsExporter {
    private struct State {
        var task: Task<Void, Never>?
        var text: (@Sendable () -> String)?
        var unwritten: UnwrittenRecords?
    }

    private let file: WholeFile
    private let interval: Duration
    private let clock: any RouterClock
    private let state = Mutex(State())

    /// Creates the exporter; opens nothing before ``start(_:)``.
    ///
    /// - Parameters:
    ///   - path: The path of the file.
    ///   - interval: The time between two writes.
    ///   - clock: The clock.
    public init(path: String, interval: Duration = .seconds(15), clock: any RouterClock = .system) {
        file = WholeFile(path: path)
        self.interval = interval
        self.clock = clock
    }

    /// Sets the counts of failed writes. After a failed write, the file is out of date.
    public func reportUnwritten(to records: UnwrittenRecords) { state.withLock { $0.unwritten = records } }

    /// Writes the file for the first time, and then at each interval.
    ///
    /// - Throws: `FileFailure` if the path cannot be written.
    public func start(_ text: @escaping @Sendable () -> String) async throws {
        try file.write(Array(text().utf8), mode: 0o644)
        let (clock, interval) = (clock, interval)
        let task = Task { [weak self] in
            while (try? await clock.sleep(for: interval)) != nil, let self { self.write() }
        }
        state.withLock { ($0.task, $0.text) = (task, text) }
    }

    /// Writes the file for the last time.
    public func stop() async {
        let task = state.withLock { state in
            defer { state.task = nil }
            return state.task
        }
        task?.cancel()
        await task?.value
        write()
    }

    private func write() {
        let (text, unwritten) = state.withLock { ($0.text, $0.unwritten) }
        guard let text else { return }
        do { try file.write(Array(text().utf8), mode: 0o644) } catch { unwritten?.add(error) }
    }
}
