import RealtimeRouter

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
