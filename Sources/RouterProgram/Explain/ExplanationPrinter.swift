import RealtimeRouter
import Synchronization

/// Shows explanations as JSON at once, and as text behind the summary of the routes, which is what most people ask for.
final class ExplanationPrinter: Sendable {
    private struct State {
        var count = 0
        var lines: [String] = []
    }

    private let format: OutputFormat
    private let scope: ExplanationRequest.Scope
    private let log: RunLog?
    /// The session, where there are several.
    private let session: String?
    private let state = Mutex(State())

    init(_ format: OutputFormat, _ scope: ExplanationRequest.Scope, _ log: RunLog?, session: String? = nil) {
        self.format = format
        self.session = session
        self.scope = scope
        self.log = log
    }

    /// How many events were shown.
    var count: Int { state.withLock(\.count) }

    /// Shows what became of one event.
    func show(_ explanation: EventExplanation) {
        state.withLock { state in
            state.count += 1
            switch format {
            case .json: Terminal.print(ExplanationJSON(log: log).line(explanation))
            case .text: state.lines.append(ExplanationText(scope, log).lines(explanation))
            }
        }
    }

    /// Shows what all events came to, at all routes or at the one that was asked about, and then the events.
    func finish(_ report: RunReport) {
        let asked = report.explanations.filter { explanation in
            switch scope {
            case .fired: true
            case .route(let name): name == explanation.route
            case .event, .time: false
            }
        }
        switch format {
        case .json:
            for explanation in asked { Terminal.print(ExplanationJSON(log: log, session: session).line(explanation)) }
        case .text: showText(report, asked)
        }
    }

    private func showText(_ report: RunReport, _ asked: [RouteExplanation]) {
        let text = ExplanationText(scope, log)
        var blocks: [String] = session.map { ["session \($0.printable)"] } ?? []
        if !asked.isEmpty {
            blocks.append(text.totals(report))
            if report.events > 0 || report.explanations.contains(where: { $0.fired > 0 }) {
                blocks.append(asked.map(text.lines).joined(separator: "\n"))
            }
        }
        let lines = state.withLock(\.lines)
        if !lines.isEmpty { blocks.append(lines.joined(separator: "\n")) }
        Terminal.print(blocks.joined(separator: "\n\n"))
    }
}
