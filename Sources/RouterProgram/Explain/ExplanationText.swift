import RealtimeRouter

/// Formats explanations as text.
struct ExplanationText {
    private let scope: ExplanationRequest.Scope
    private let log: RunLog?

    /// The maximum number of failed conditions that a route's summary names.
    private static let maxMisses = 3

    init(_ scope: ExplanationRequest.Scope, _ log: RunLog?) {
        self.scope = scope
        self.log = log
    }

    // MARK: - One event

    /// An event with one line per route.
    func lines(_ explanation: EventExplanation) -> String {
        let event = explanation.event
        var head = Self.pad(event.position.description, 8, left: true) + "  " + event.type.name.printable
        if explanation.side == .client { head += " (client)" }
        if case .route = scope {
            return Self.pad(head, 48) + "  " + explanation.verdicts.map { describe($0.outcome, event) }.joined()
        }
        let verdicts = explanation.verdicts.map { verdict in
            return verdict.route.printable + (Self.isFired(verdict.outcome) ? " " : ": ")
                + describe(verdict.outcome, event)
        }
        if case .fired = scope, verdicts.count == 1 { return Self.pad(head, 48) + "  " + verdicts[0] }
        if let handler = explanation.unmatchedHandler { head += "  unmatched -> \(handler.printable)" }
        return ([head] + verdicts.map { "            " + $0 }).joined(separator: "\n")
    }

    private static func isFired(_ outcome: RouteVerdict.Outcome) -> Bool {
        switch outcome {
        case .fired, .discarded: true
        default: false
        }
    }

    private func describe(_ outcome: RouteVerdict.Outcome, _ event: RealtimeEvent) -> String {
        switch outcome {
        case .fired(let handlers):
            guard !handlers.isEmpty else {
                return "-> no handler: the recording or an earlier route's handler answers the call"
            }
            return "-> " + handlers.map { $0.printable + mark(event, $0) }.joined(separator: ", ")
        case .discarded: return "-> no handler: the route drops the event"
        case .alreadyFired(let firing):
            return "no, it matched, but `once_per` was used up" + (firing.map(Self.describe) ?? "")
        case .outsideSchedule(let time?): return "no, it matched, but `when` did not hold: it was \(time)"
        case .outsideSchedule(nil): return "no, it matched, but its time is unknown, which `when` needs"
        case .stopped(let route): return "no, it matched, but \(quoted(route.printable)) had stopped the event"
        case .notMadeFor: return "no, its handlers are made for other events"
        case .otherSide(let side): return "no, it takes events of the \(side.rawValue)"
        case .failed(let condition): return "no, \(Self.describe(condition))\(Self.place(condition))"
        }
    }

    /// The earlier firing because of which `once_per` does not let the route fire again: ` for a by event 2, 99.0 s
    /// before`.
    private static func describe(_ firing: EarlierFiring) -> String {
        let value = firing.value.map { " for \(quoted($0.printable))" } ?? ""
        let time = firing.secondsBefore.flatMap { DisplayTime.tenths($0) }.map {
            ", \($0 / 10).\(abs($0 % 10)) s before"
        }
        return "\(value) by event \(firing.position)\(time ?? "")"
    }

    private func mark(_ event: RealtimeEvent, _ handler: String) -> String {
        switch log?.loss(of: event, at: handler) {
        case .dropped: " (matched but dropped: its queue was full)"
        case .deadLetter: " (matched, but became a dead letter)"
        case .delivered, nil: ""
        }
    }

    /// The event's value for which a condition failed.
    private static func describe(_ failed: FailedCondition) -> String {
        if failed.condition.isOnSession { return describeLabel(failed) }
        let field = quoted(failed.condition.field.printable)
        let values = failed.values
        if values.count == 0 && values.container == nil { return "there is no \(field)" }
        let elsewhere =
            failed.holdsElsewhere ? ", but not in an array element in which the conditions before it hold" : ""
        return "\(field) is \(values)\(elsewhere)"
    }

    /// The session's label for which a condition failed.
    private static func describeLabel(_ failed: FailedCondition) -> String {
        let name = quoted(failed.condition.path.dropFirst().joined(separator: ".").printable)
        return failed.values.count == 0
            ? "the session has no label \(name)" : "the session's label \(name) is \(failed.values)"
    }

    private static func place(_ failed: FailedCondition) -> String { failed.place.map { " (\($0))" } ?? "" }

    // MARK: - All events

    /// The numbers of events and of the routes that fired.
    func totals(_ report: RunReport) -> String {
        let client = Self.asksForClient(report) ? report.clientEvents : 0
        guard report.events + client > 0 else { return "no event of the server came" }
        var events = "\(report.events) event\(report.events == 1 ? "" : "s") of the server"
        if Self.asksForClient(report) { events += ", \(client) of the client" }
        let fired = report.explanations.count { $0.fired > 0 }
        return "\(events), \(report.derived) derived; \(fired) of \(report.explanations.count) routes fired"
    }

    /// Whether any route takes the client's events.
    private static func asksForClient(_ report: RunReport) -> Bool {
        report.explanations.contains { $0.side == .client }
    }

    /// The summary of a route.
    func lines(_ explanation: RouteExplanation) -> String {
        var lines = [
            "\(explanation.route.printable): \(explanation.fired == 0 ? "never fired" : "fired \(Self.times(explanation.fired))")"
        ]
        if let misses = misses(explanation) { lines.append(misses) }
        if let closest = explanation.closest {
            let failed = closest.condition
            lines.append("closest miss: \(closest.position), where \(Self.describe(failed))\(Self.place(failed))")
        }
        if explanation.alreadyFired > 0 {
            lines.append("matched \(Self.times(explanation.alreadyFired)) more when `once_per` was used up")
        }
        if explanation.outsideSchedule > 0 {
            lines.append("matched \(Self.times(explanation.outsideSchedule)) when `when` did not hold")
        }
        if explanation.undated > 0 {
            lines.append(
                "matched \(Self.times(explanation.undated)), but the session's start time is unknown, which `when` needs"
            )
        }
        for (name, count) in explanation.stopped {
            lines.append("matched \(Self.times(count)) when \(quoted(name.printable)) had stopped the event")
        }
        if !explanation.absentTypes.isEmpty {
            lines.append("no \(explanation.absentTypes.map { quoted($0.printable) }.joined(separator: " or ")) came")
        }
        if explanation.callsNotRun > 0 {
            lines.append(Self.callsNotRun(explanation.callsNotRun))
        }
        if let log { lines.append("in the run: \(outcomes(log, explanation.route))") }
        return lines.joined(separator: "\n  ")
    }

    /// The line about the missing outcomes of `count` calls.
    static func callsNotRun(_ count: Int) -> String {
        "explaining runs no calls: \(count) `router.function_call.done` \(count == 1 ? "is" : "are") missing here"
    }

    private func misses(_ explanation: RouteExplanation) -> String? {
        let (total, misses) = (explanation.missed, explanation.misses)
        guard total > 0 else { return nil }
        var places = misses.prefix(Self.maxMisses).map { misses in
            let at = "at \(quoted(misses.condition.condition.field.printable))\(Self.place(misses.condition))"
            return misses.count == total ? at : "\(misses.count) \(at)"
        }
        let rest = misses.dropFirst(Self.maxMisses).reduce(0) { $0 + $1.count }
        if rest > 0 { places.append("\(rest) elsewhere") }
        let other = explanation.fired > 0 ? "other " : ""
        let what = "\(total) \(other)event\(total == 1 ? "" : "s") of its types did not match"
        return what + (misses.count == 1 ? " " : ": ") + places.joined(separator: ", ")
    }

    private func outcomes(_ log: RunLog, _ route: String) -> String {
        let counts: [(DispatchRecord.Outcome, String)] = [
            (.delivered, "delivered"), (.dropped, "dropped"), (.deadLetter, "dead letters"),
        ]
        let parts = counts.compactMap { outcome, word in
            let count = log.count(outcome, route)
            return count > 0 ? "\(count) \(count == 1 && outcome == .deadLetter ? "dead letter" : word)" : nil
        }
        return parts.isEmpty ? "nothing delivered" : parts.joined(separator: ", ")
    }

    private static func times(_ count: Int) -> String { count == 1 ? "once" : "\(count) times" }

    private static func pad(_ text: String, _ width: Int, left: Bool = false) -> String {
        let space = String(repeating: " ", count: max(0, width - text.count))
        return left ? space + text : text + space
    }
}
