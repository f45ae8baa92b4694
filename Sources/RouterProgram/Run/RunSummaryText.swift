import RealtimeRouter

/// The summary of a run as text.
struct RunSummaryText: CustomStringConvertible {
    private let report: RunReport
    private let isDryRun: Bool

    /// The maximum number of function names in the line about unrouted calls.
    private static let shownFunctions = 10

    init(_ report: RunReport, isDryRun: Bool = false) {
        self.report = report
        self.isDryRun = isDryRun
    }

    var description: String {
        var blocks = [unrouted.map { "\(headline)\n\($0)" } ?? headline]
        if !report.routes.isEmpty {
            let rows = report.routes.map { [$0.name.printable, "\($0.matched)"] }
            blocks.append(Self.table([["route", "matched"]] + rows))
        }
        let sessions = SessionTable(report)
        if !sessions.rows.isEmpty {
            blocks.append(([Self.table(sessions.rows)] + [sessions.rest].compactMap(\.self)).joined(separator: "\n"))
        }
        // A dry run starts no handlers, so there is nothing to report about them.
        guard !isDryRun else { return blocks.joined(separator: "\n\n") }
        if !report.handlers.isEmpty {
            let rows = report.handlers.map { name, counts in
                [
                    name.printable, "\(counts.delivered)", "\(counts.failed)", "\(counts.retried)", "\(counts.dropped)",
                    "\(counts.deadLetters)",
                ]
            }
            blocks.append(
                Self.table([["handler", "delivered", "failed", "retried", "dropped", "dead letters"]] + rows))
        }
        if !report.refusals.isEmpty {
            let rows = report.refusals.map { [Self.name(of: $0).printable, "\($0.count)"] }
            blocks.append(Self.table([["refused by the server", "events"]] + rows))
        }
        if !report.unwritten.isEmpty {
            let rows = report.unwritten.map { [$0.name.printable, "\($0.records)", $0.error.printable] }
            blocks.append(Self.table([["file", "not written", "reason"]] + rows))
        }
        for (handler, summary) in report.summaries {
            blocks.append(([handler.printable] + summary.lines.map { "  " + $0 }).joined(separator: "\n"))
        }
        return blocks.joined(separator: "\n\n")
    }

    /// The warnings about lost or delayed events, one sentence each.
    func warnings(deadLetters: String?) -> [String] {
        let place = place(deadLetters)
        var warnings: [String] = []
        if report.undecodable > 0 {
            warnings.append("\(Self.count(report.undecodable, "line")) could not be read as an event\(place)")
        }
        if report.deadLetters > 0 {
            warnings.append("\(Self.count(report.deadLetters, "delivery", "deliveries")) failed for good\(place)")
        }
        if report.dropped > 0 {
            warnings.append(
                "\(Self.count(report.dropped, "delivery", "deliveries")) dropped: a handler's queue was full")
        }
        if report.unsent > 0 {
            warnings.append("\(Self.count(report.unsent, "client event")) could not be sent")
        }
        if report.outboundWaits > 0 {
            warnings.append("routing waited for the reader of --outbound \(Self.count(report.outboundWaits, "time"))")
        }
        return warnings
    }

    /// Where the dead letters are, as the end of a sentence.
    private func place(_ path: String?) -> String {
        guard let path else { return "; `dead_letters: { path: … }` in routes.yml would keep them" }
        let missing = report.unwritten.first { $0.path == path }?.records ?? 0
        switch missing {
        case 0: return "; see \(path)"
        case ..<(report.undecodable + report.deadLetters): return "; see \(path), which lacks \(missing) of them"
        default: return "; \(path) could not be written"
        }
    }

    private var headline: String {
        var parts = [
            Self.count(report.events, "event"), Self.count(report.derived, "derived event"),
            Self.count(report.sessions, "session"),
        ]
        // Most wire events are fragments. If routes take the events derived from them, unmatched wire events are
        // normal.
        if report.unmatched > 0 && report.derivedMatched == 0 { parts.append("\(report.unmatched) unmatched") }
        if report.undecodable > 0 { parts.append("\(report.undecodable) undecodable") }
        if report.sent > 0 { parts.append("\(report.sent) sent") }
        let milliseconds = Int((report.durationSeconds * 1000).rounded())
        parts.append(
            milliseconds < 1000 ? "\(milliseconds) ms" : "\(milliseconds / 1000).\(milliseconds % 1000 / 100) s")
        var line = parts.joined(separator: ", ")
        if isDryRun { line += " (dry run: nothing was delivered)" }
        if report.wasInterrupted { line += " (interrupted)" }
        return line
    }

    /// The sender of refused client events, with route and error code: `tools, route calls: invalid_value`.
    private static func name(of refusal: RefusalCount) -> String {
        let sender =
            switch refusal.sentBy {
            case .session: "the session's configuration"
            case .tools: "the announced functions"
            default: refusal.handler ?? "a handler"
            }
        return sender + (refusal.route.map { ", route \($0)" } ?? "") + (refusal.code.map { ": \($0)" } ?? "")
    }

    /// The calls that no route takes, with the functions' names; nil if there are none. The client has to answer them.
    private var unrouted: String? {
        let calls = report.unroutedCalls.sorted { $0.key < $1.key }
        guard !calls.isEmpty else { return nil }
        let total = calls.reduce(0) { $0 + $1.value }
        var names = calls.prefix(Self.shownFunctions).map { quoted($0.key.printable) }
        if calls.count > names.count { names.append("\(calls.count - names.count) more") }
        return "\(Self.count(total, "call")) taken by no route, so left to the client: \(names.joined(separator: ", "))"
    }

    private static func count(_ number: Int, _ one: String, _ many: String? = nil) -> String {
        "\(number) \(number == 1 ? one : many ?? one + "s")"
    }

    /// A table with its first column aligned left and the others right.
    private static func table(_ rows: [[String]]) -> String {
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            zip(row, widths).enumerated().map { column, cell in
                let space = String(repeating: " ", count: cell.1 - cell.0.count)
                return column == 0 ? cell.0 + space : space + cell.0
            }.joined(separator: "  ")
        }.joined(separator: "\n")
    }
}

extension RunReport {
    /// Whether deliveries or client events were lost, or the session failed.
    fileprivate var hasLosses: Bool { lost > 0 || unsent > 0 || failure != nil }
}

/// The summary's table of sessions. Shows at most 20 sessions.
struct SessionTable {
    private static let maxSessions = 20

    private let shown: [RunReport]
    private let others: Int
    /// Whether the sessions that are not shown are known to have lost nothing.
    private let othersLostNothing: Bool

    /// Selects sessions with losses first, then the latest ones.
    init(_ report: RunReport) {
        let parts = report.parts
        let lossy = parts.indices.filter { parts[$0].hasLosses }.suffix(Self.maxSessions)
        let rest = parts.indices.filter { !parts[$0].hasLosses }.suffix(Self.maxSessions - lossy.count)
        shown = (lossy + rest).sorted().map { parts[$0] }
        others = report.earlierParts + parts.count - shown.count
        othersLostNothing = report.earlierParts == 0 && lossy.count == parts.count { $0.hasLosses }
    }

    /// The table's cells, with the column names first; empty for a single session.
    var rows: [[String]] {
        guard !shown.isEmpty else { return [] }
        let names = ["session", "events", "derived events", "undecodable", "dropped", "dead letters"]
        return [names]
            + shown.map { part in
                [(part.session ?? "").printable + (part.failure == nil ? "" : " (failed)")]
                    + [part.events, part.derived, part.undecodable, part.dropped, part.deadLetters].map(String.init)
            }
    }

    /// The line about the sessions that are not shown; nil if all sessions are shown.
    var rest: String? {
        guard others > 0 else { return nil }
        return "and \(others) more \(others == 1 ? "session" : "sessions")"
            + (othersLostNothing ? ", which lost nothing" : "")
    }
}
