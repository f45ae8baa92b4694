import RealtimeRouter
import Synchronization

/// Prints explanations. Prints JSON immediately; prints text after the summary of the routes, which most users look for.
final class ExplanationPrinter: Sendable {
    private struct State {
        var count = 0
        var lines: [String] = []
    }

    private let format: OutputFormat
    private let scope: ExplanationRequest.Scope
    private let log: RunLog?
    /// The session's key; nil if there is only one session.
    private let session: String?
    private let state = Mutex(State())

    init(_ format: OutputFormat, _ scope: ExplanationRequest.Scope, _ log: RunLog?, session: String? = nil) {
        self.format = format
        self.session = session
        self.scope = scope
        self.log = log
    }

    /// The number of explained events.
    var count: Int { state.withLock(\.count) }

    /// Adds the explanation of one event.
    func show(_ explanation: EventExplanation) {
        state.withLock { state in
            state.count += 1
            switch format {
            case .json: Terminal.print(ExplanationJSON(log: log).line(explanation))
            case .text: state.lines.append(ExplanationText(scope, log).lines(explanation))
            }
        }
    }

    /// Prints the summaries of all routes, or of the requested one; for text, then the events.
    func finish(_ report: RunReport) {
        let requested = report.explanations.filter { explanation in
            switch scope {
            case .fired: true
            case .route(let name): name == explanation.route
            case .event, .time: false
            }
        }
        switch format {
        case .json:
            for explanation in requested {
                Terminal.print(ExplanationJSON(log: log, session: session).line(explanation))
            }
        case .text: showText(report, requested)
        }
    }

    private func showText(_ report: RunReport, _ requested: [RouteExplanation]) {
        let text = ExplanationText(scope, log)
        var blocks: [String] = session.map { ["session \($0.printable)"] } ?? []
        if !requested.isEmpty {
            blocks.append(text.totals(report))
            if report.events > 0 || report.explanations.contains(where: { $0.fired > 0 }) {
                blocks.append(requested.map(text.lines).joined(separator: "\n"))
            }
        }
        let lines = state.withLock(\.lines)
        if !lines.isEmpty { blocks.append(lines.joined(separator: "\n")) }
        Terminal.print(blocks.joined(separator: "\n\n"))
    }
}
