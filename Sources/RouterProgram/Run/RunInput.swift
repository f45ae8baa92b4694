import RealtimeRouter

/// The input of a run: one session, or sources that may open any number of sessions.
enum RunInput {
    /// One file, pipe or standard input; its path is the source's name.
    case session(RecordedSession)
    case sources(SourceGroup)

    /// Routes the sessions until they end.
    func run(
        on router: Router, labels: [SessionLabel], started: Double?, outbound: any OutboundSink,
        record: @escaping @Sendable (_ key: String) throws -> RecordingFile?
    ) async throws -> RunReport {
        switch self {
        case .session(let session):
            try await router.run(session, labels: labels, started: started, outbound: outbound, record: record)
        case .sources(let group): try await router.run(group, labels: labels, outbound: outbound, record: record)
        }
    }

    /// Whether any session is live.
    var isLive: Bool {
        switch self {
        case .session(let session): session.isInteractive
        case .sources(let group): group.isLive
        }
    }

    /// How long sessions may continue after the program was asked to end, if routes.yml sets no limit; nil for the default.
    var shutdownTimeout: Duration? {
        switch self {
        case .session: nil
        case .sources(let group): group.shutdownTimeout
        }
    }

    /// Whether there may be several sessions.
    var hasSeveralSessions: Bool { if case .sources = self { true } else { false } }
}

/// A progress bar on the terminal while a run lasts.
final class ProgressBar: Sendable {
    private let task: Task<Void, Never>?

    /// Draws until ``end()`` if standard error is a terminal. A run shorter than 500 ms draws nothing.
    init(_ input: RunInput, isDrawn: Bool) {
        guard isDrawn, Terminal.canDraw else {
            task = nil
            return
        }
        task = Task {
            do {
                try await Task.sleep(for: .milliseconds(500))
                while !Task.isCancelled {
                    Terminal.draw("\r\u{1B}[K" + Self.text(input))
                    try await Task.sleep(for: .milliseconds(100))
                }
            } catch {}
            Terminal.draw("\r\u{1B}[K")
        }
    }

    /// Removes the bar.
    func end() { task?.cancel() }

    /// The fraction of a file that was read, or the numbers of sessions and events.
    private static func text(_ input: RunInput) -> String {
        switch input {
        case .session(let session): return bar(session.readFraction)
        case .sources(let group):
            let progress = group.progress
            return "\(progress.ended) sessions ended, \(progress.running) running, \(progress.events) events"
        }
    }

    private static func bar(_ fraction: Double?) -> String {
        guard let fraction else { return "reading…" }
        let done = Int(fraction * 40)
        return
            "[\(String(repeating: "=", count: done))\(String(repeating: " ", count: 40 - done))] \(Int(fraction * 100)) %"
    }
}
