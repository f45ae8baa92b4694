import ConfigSource
import EventJSON
import EventPatterns
import EventRouter
import RealtimeEvents

/// Whether an assertion holds in a session.
enum AssertionVerdict {
    case holds
    /// The assertion fails, with the events that violate it.
    case fails(RouteTestResult.Difference)
    /// The assertion cannot be decided, with the reason.
    case undecided(String)
}

extension SessionEvents {
    /// Checks an assertion for the session.
    ///
    /// - Parameter name: the assertion's name in messages: `line 12`.
    func verdict(_ assertion: AssertionPatterns.Assertion, called name: String) -> AssertionVerdict {
        let patterns = assertion.patterns
        switch assertion.assertion.condition {
        case .calls(let function, let range):
            let calls = unique(events(matching: patterns[0]))
            return count(calls, range, "call", " of the function \(quoted(function.printable))", name)
        case .events(_, let range):
            return count(events(matching: patterns[0]), range, "event", "", name)
        case .before: return order(patterns[0], patterns[1], name)
        case .within(let limit, _, _): return delay(patterns[0], patterns[1], limit, name)
        }
    }

    private func events(matching pattern: Int) -> [Event] { events.filter { $0.patterns.contains(pattern) } }

    /// The first event of each call.
    private func unique(_ events: [Event]) -> [Event] {
        var seen: Set<String> = []
        return events.filter { event in event.call.map { seen.insert($0).inserted } ?? true }
    }

    // MARK: - Numbers

    private func count(
        _ events: [Event], _ range: ClosedRange<Int>, _ noun: String, _ detail: String, _ name: String
    ) -> AssertionVerdict {
        guard !range.contains(events.count) else { return .holds }
        let title = "\(name): \(Self.number(events.count, noun))\(detail), expected \(Self.description(range))"
        return .fails(
            RouteTestResult.Difference(
                title: title, lines: Self.lines(events, sign: events.count > range.upperBound ? "+" : " "), help: nil))
    }

    private static func number(_ count: Int, _ noun: String) -> String {
        "\(count == 0 ? "no" : "\(count)") \(noun)\(count == 1 ? "" : "s")"
    }

    private static func description(_ range: ClosedRange<Int>) -> String {
        if range.upperBound == 0 { return "none" }
        if range.count == 1 { return "exactly \(range.lowerBound)" }
        if range.lowerBound == 0 { return "at most \(range.upperBound)" }
        if range.upperBound == .max { return "at least \(range.lowerBound)" }
        return "\(range.lowerBound) to \(range.upperBound)"
    }

    // MARK: - Order

    private func order(_ first: Int, _ second: Int, _ name: String) -> AssertionVerdict {
        let start = events.firstIndex { $0.patterns.contains(first) }
        // An event that matches both patterns does not come before itself.
        let early = events.enumerated().filter { index, event in
            event.patterns.contains(second) && index <= (start ?? .max)
        }
        guard !early.isEmpty else { return .holds }
        let title =
            "\(name): \(Self.number(early.count, "event")) \(early.count == 1 ? "matches" : "match") the second pattern (+), "
            + "and no event before matches the first"
        var rows = early.prefix(Self.maxRows).map { (sign: Character("+"), entry: $1.entry) }
        if let start, !early.contains(where: { $0.offset == start }) { rows.append((" ", events[start].entry)) }
        return .fails(
            RouteTestResult.Difference(
                title: title, lines: Self.lines(rows, omitted: early.count - Self.maxRows),
                help: start == nil ? "no event of the session matches the first pattern" : nil))
    }

    // MARK: - Time

    private func delay(_ pattern: Int, _ follower: Int, _ limit: Duration, _ name: String) -> AssertionVerdict {
        // Iterates backwards, so that `earliest` is the time of the first follower after each event.
        var earliest = Double.infinity
        var next: Event?
        var late: [(event: Event, next: Event?)] = []
        for event in events.reversed() {
            if event.patterns.contains(pattern) {
                guard let at = event.at else { return .undecided(Self.missingTime(event, name)) }
                // Microseconds, so that 0.3 - 0.1 is at most 0.2.
                if ((earliest - at) * 1e6).rounded() > (limit.seconds * 1e6).rounded() { late.append((event, next)) }
            }
            if event.patterns.contains(follower) {
                guard let at = event.at else { return .undecided(Self.missingTime(event, name)) }
                earliest = min(earliest, at)
                next = event
            }
        }
        guard !late.isEmpty else { return .holds }
        late.reverse()
        let count = events(matching: pattern).count
        let title =
            "\(name): \(late.count) of \(Self.number(count, "event")) \(late.count == 1 ? "is" : "are") not followed within "
            + "\(Measure.text(limit)) (- the event, + the first that follows)"
        var rows: [(sign: Character, entry: TimelineEntry)] = []
        for row in late.prefix(Self.maxRows) {
            rows.append(("-", row.event.entry))
            if let next = row.next { rows.append(("+", next.entry)) }
        }
        return .fails(
            RouteTestResult.Difference(
                title: title, lines: Self.lines(rows, omitted: late.count - Self.maxRows),
                help: late.contains { $0.next == nil } ? "after the last of them no event matches `comes`" : nil))
    }

    private static func missingTime(_ event: Event, _ name: String) -> String {
        "\(name): `within` needs the time of the event \(event.position), and it has none: give a recording with times, "
            + "whose lines are `{\"at\": SECONDS, \"event\": {…}}`"
    }

    // MARK: - Lines

    /// The maximum number of events to show per assertion.
    private static let maxRows = 20

    private static func lines(_ events: [Event], sign: Character) -> [RouteTestResult.Line] {
        lines(events.prefix(maxRows).map { (sign, $0.entry) }, omitted: events.count - maxRows)
    }

    private static func lines(
        _ rows: [(sign: Character, entry: TimelineEntry)], omitted: Int
    ) -> [RouteTestResult.Line] {
        var lines = zip(rows, TimelineEntry.lines(rows.map(\.entry))).map { row, text in
            RouteTestResult.Line(sign: row.sign, text: text)
        }
        if omitted > 0 { lines.append(RouteTestResult.Line(sign: " ", text: "… and \(omitted) more")) }
        return lines
    }
}
