import RealtimeRouter

/// Explanations for a person.
struct ExplanationText {
    let log: RunLog?

    // MARK: - One event

    /// An event and what became of it, a line a route.
    func lines(_ explanation: EventExplanation) -> String {
        let event = explanation.event
        var head = Self.pad(event.position.description, 8, left: true) + "  " + TimelineEntry.printable(event.type.name)
        let verdicts = explanation.verdicts.map { $0.route + words($0.outcome, event) }
        if verdicts.count == 1 { return Self.pad(head, 48) + "  " + verdicts[0] }
        if let handler = explanation.unmatchedHandler { head += "  unmatched -> \(handler)" }
        return ([head] + verdicts.map { "            " + $0 }).joined(separator: "\n")
    }

    private func words(_ outcome: RouteVerdict.Outcome, _ event: RealtimeEvent) -> String {
        switch outcome {
        case .fired(let handlers):
            guard !handlers.isEmpty else { return " -> nobody: an earlier route's handler answers the call" }
            return " -> " + handlers.map { $0 + mark(event, $0) }.joined(separator: ", ")
        case .alreadyFired: return ": no, it matched, but `once_per` was used up"
        case .stopped(let route): return ": no, it matched, but \(quoted(route)) had stopped the event"
        case .notMadeFor: return ": no, its handlers are made for other events"
        case .failed(let condition): return ": no, \(Self.words(condition))\(Self.place(condition))"
        }
    }

    private func mark(_ event: RealtimeEvent, _ handler: String) -> String {
        switch log?.loss(of: event, at: handler) {
        case .dropped: " (matched but dropped: its queue was full)"
        case .deadLetter: " (a dead letter)"
        case .delivered, nil: ""
        }
    }

    /// What an event has where a condition failed.
    static func words(_ failed: FailedCondition) -> String {
        let field = quoted(failed.condition.field)
        let values = failed.values
        if values.count == 0 && values.container == nil { return "there is no \(field)" }
        let elsewhere =
            failed.holdsElsewhere ? ", but not in an array element in which the conditions before it hold" : ""
        return "\(field) is \(values)\(elsewhere)"
    }

    private static func place(_ failed: FailedCondition) -> String { failed.place.map { " (\($0))" } ?? "" }

    // MARK: - One route

    /// A route and what all events came to.
    func lines(_ explanation: RouteExplanation) -> String {
        var lines = ["\(explanation.route): fired \(Self.times(explanation.fired))"]
        if let misses = misses(explanation) { lines.append(misses) }
        if let closest = explanation.closest {
            let failed = closest.condition
            lines.append("closest miss: \(closest.position), where \(Self.words(failed))\(Self.place(failed))")
        }
        if explanation.alreadyFired > 0 {
            lines.append("matched \(Self.times(explanation.alreadyFired)) more when `once_per` was used up")
        }
        for (name, count) in explanation.stopped {
            lines.append("matched \(Self.times(count)) more when \(quoted(name)) had stopped the event")
        }
        if !explanation.absentTypes.isEmpty {
            lines.append("no \(explanation.absentTypes.map { quoted($0) }.joined(separator: " or ")) came")
        }
        if let log { lines += outcomes(log, explanation.route) }
        return lines.joined(separator: "\n  ")
    }

    private func misses(_ explanation: RouteExplanation) -> String? {
        guard let most = explanation.misses.first else { return nil }
        let total = explanation.missed
        let one = total == 1
        let share = one ? "" : most.count == total ? ", all of them" : ", \(most.count) of them"
        let what = "\(total) other event\(one ? "" : "s") of its types did not match\(share)"
        return "\(what) at \(quoted(most.condition.condition.field))\(Self.place(most.condition))"
    }

    private func outcomes(_ log: RunLog, _ route: String) -> [String] {
        let counts: [(DispatchRecord.Outcome, String)] = [
            (.delivered, "delivered"), (.dropped, "dropped"), (.deadLetter, "dead letters"),
        ]
        let parts = counts.compactMap { outcome, word in
            let count = log.count(outcome, route)
            return count > 0 ? "\(count) \(count == 1 && outcome == .deadLetter ? "dead letter" : word)" : nil
        }
        return parts.isEmpty ? [] : ["in the run: \(parts.joined(separator: ", "))"]
    }

    private static func times(_ count: Int) -> String { count == 1 ? "once" : "\(count) times" }

    private static func pad(_ text: String, _ width: Int, left: Bool = false) -> String {
        let space = String(repeating: " ", count: max(0, width - text.count))
        return left ? space + text : text + space
    }
}
