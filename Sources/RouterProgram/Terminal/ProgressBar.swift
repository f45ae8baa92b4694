import RealtimeRouter

/// How far a run is, drawn on the terminal while it takes its time.
final class ProgressBar: Sendable {
    private let task: Task<Void, Never>?

    /// Draws until ``end()``, where somebody can see it; a run that is done at once shows nothing.
    init(_ input: RunInput, isDrawn: Bool) {
        guard isDrawn, Terminal.mayDraw else {
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

    /// Takes the bar away.
    func end() { task?.cancel() }

    /// How much of a file was read; of several sessions how many there are, and their events.
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
