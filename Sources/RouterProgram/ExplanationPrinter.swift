import RealtimeRouter
import Synchronization

/// Prints explanations as they come, and the summary of the routes behind them.
final class ExplanationPrinter: Sendable {
    private let format: ExplainCommand.Format
    private let table: RouteTable
    private let log: RunLog?
    private let asTest: Bool
    private let printed = Atomic<Int>(0)

    init(_ format: ExplainCommand.Format, _ table: RouteTable, _ log: RunLog?, asTest: Bool) {
        self.format = format
        self.table = table
        self.log = log
        self.asTest = asTest
    }

    /// How many events were shown.
    var count: Int { printed.load(ordering: .relaxed) }

    /// Shows what became of one event.
    func show(_ explanation: EventExplanation) {
        printed.add(1, ordering: .relaxed)
        if asTest {
            Terminal.print(RouteTestEntry(explanation, table).description)
        } else if format == .json {
            Terminal.print(ExplanationJSON(log: log).line(explanation))
        } else {
            Terminal.print(ExplanationText(log: log).lines(explanation))
        }
    }

    /// Shows what all events came to, at all routes or at the one that was asked about.
    func summarize(_ report: RunReport, _ scope: ExplanationRequest.Scope) {
        if format == .text && count > 0 { Terminal.print("") }
        for explanation in report.explanations {
            if case .route(let name) = scope, name != explanation.route { continue }
            switch format {
            case .json: Terminal.print(ExplanationJSON(log: log).line(explanation))
            case .text: Terminal.print(ExplanationText(log: log).lines(explanation))
            }
        }
    }
}
