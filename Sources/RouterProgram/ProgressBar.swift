import RealtimeRouter

/// How much of a file was read, drawn on the terminal while a run takes its time.
final class ProgressBar: Sendable {
    private let task: Task<Void, Never>?

    /// Draws until ``end()``, where somebody can see it; a run that is done at once shows nothing.
    init(_ source: RecordedSession, isDrawn: Bool) {
        guard isDrawn, Terminal.mayDraw else {
            task = nil
            return
        }
        task = Task {
            do {
                try await Task.sleep(for: .milliseconds(500))
                while !Task.isCancelled {
                    Terminal.draw("\r" + Self.bar(source.readFraction))
                    try await Task.sleep(for: .milliseconds(100))
                }
            } catch {}
            Terminal.draw("\r\u{1B}[K")
        }
    }

    /// Takes the bar away.
    func end() { task?.cancel() }

    private static func bar(_ fraction: Double?) -> String {
        guard let fraction else { return "reading…" }
        let done = Int(fraction * 40)
        return
            "[\(String(repeating: "=", count: done))\(String(repeating: " ", count: 40 - done))] \(Int(fraction * 100)) %"
    }
}
