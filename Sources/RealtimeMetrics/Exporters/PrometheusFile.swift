public import EventRouter
import Synchronization

/// Keeps a file of figures for Prometheus, as the textfile collector of its node exporter reads it.
///
/// The file is written at the start, at intervals and at the end, and is replaced whole each time, so that nobody sees a part of it.
/// Everybody on the machine may read it (mode 0644): it holds figures, and no words of a conversation.
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

    /// Makes the exporter; nothing is touched before ``start(_:)``.
    ///
    /// - Parameters:
    ///   - path: the file.
    ///   - interval: the time between two writings.
    ///   - clock: the time to go by.
    public init(path: String, interval: Duration = .seconds(15), clock: any RouterClock = .system) {
        file = WholeFile(path: path)
        self.interval = interval
        self.clock = clock
    }

    /// Takes the counts of writings that failed; after one the file is older than it should be.
    public func reportUnwritten(to records: UnwrittenRecords) { state.withLock { $0.unwritten = records } }

    /// Writes the file for the first time, and from now on.
    ///
    /// - Throws: `FileFailure` when the path cannot be written.
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
