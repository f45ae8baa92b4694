import ConfigSource
import EventJSON
import EventPatterns
import RealtimeEvents

/// An event that is being explained.
struct ExplainedEvent {
    /// The code of its type; `unknown` if only ``name`` identifies the type.
    let code: EventType.Code
    /// The name of its type.
    let name: String
    /// The side that sent it.
    let side: SessionSide
    /// Its position in the session.
    let position: EventPosition
}

/// One route, with the data that its explanations need.
struct ExplainedRoute {
    let route: Route
    /// Nil for a route without `match`.
    private let pattern: PatternExplainer?
    private let file: String?
    private let redaction: Redaction
    /// Working memory of the pattern. It keeps the decisions about the session's labels.
    private var result = MatchResult()
    private var labels: [String: String] = [:]
    /// Whether the route can take events of a known type, indexed by the type's code.
    private let concerns: [Bool]
    private let filters: [TypeFilter?]

    /// For each condition, the number of events that failed it, and the first failure.
    private var misses: [(count: Int, first: FailedCondition?)]
    private var summary: RouteExplanation
    /// The only types that the route can take, as named by its pattern or its handlers; empty if it can take other
    /// types too.
    private let namedTypes: [EventType]
    /// Whether an event of these types occurred.
    private var hasSeenNamedType = false

    init(_ route: Route, _ rule: CompiledRoutes.Rule, _ table: RuleTable) {
        self.route = route
        file = route.pattern?.file?.path
        redaction = table.redaction
        pattern = route.pattern.map {
            PatternExplainer(
                $0, plan: table.plan, typeSlot: table.envelope.type, sessionField: SessionLabel.field)
        }
        let filters = rule.targets.map(\.filter)
        self.filters = filters
        concerns = EventType.Code.allCases.map { code in
            guard rule.takes(code, EventType(code).name) else { return false }
            return route.pattern?.mayMatch(type: EventType(code).name) ?? true
        }
        misses = Array(repeating: (0, nil), count: pattern?.conditions.count ?? 0)
        namedTypes = Self.namedTypes(route, filters, table)
        summary = RouteExplanation(route: route.name, side: route.side, location: route.location)
    }

    private static func namedTypes(_ route: Route, _ filters: [TypeFilter?], _ table: RuleTable) -> [EventType] {
        if let literals = route.pattern?.typeLiterals { return literals.sorted().map { EventType($0) } }
        guard !filters.contains(where: { $0 == nil }) else { return [] }
        return table.handlers.filter { route.handlers.contains($0.name) }.flatMap { handler in
            route.side == .client ? handler.interests.filter { $0.code == .unknown } : handler.interests
        }
    }

    /// Whether the route can take an event, judged by its side and its type.
    func isAbout(_ event: ExplainedEvent) -> Bool { route.side == event.side && isAbout(event.code, event.name) }

    private func isAbout(_ code: EventType.Code, _ name: String) -> Bool {
        guard code == .unknown else { return concerns[Int(code.rawValue)] }
        return isMadeFor(code, name) && route.pattern?.mayMatch(type: name) ?? true
    }

    private func isMadeFor(_ code: EventType.Code, _ name: String) -> Bool {
        filters.isEmpty || filters.contains { $0?.contains(code, name: name) ?? true }
    }

    /// Evaluates the conditions on `labels` for all following events.
    mutating func decide(_ labels: [SessionLabel]) {
        self.labels = SessionLabel.values(of: labels)
        pattern?.decide(SessionLabel.text(of: labels).span.bytes, in: &result)
    }

    /// Returns why an event does not match.
    mutating func outcome(
        _ event: ExplainedEvent, _ slots: inout FieldSlots, _ text: RawSpan
    ) -> RouteVerdict.Outcome {
        guard route.side == event.side else { return .otherSide(takes: route.side) }
        guard isMadeFor(event.code, event.name), let miss = pattern?.miss(&slots, text, using: &result) else {
            return .notMadeFor
        }
        return .failed(failure(miss, event.code, &slots, text))
    }

    /// Counts an event of the route's types that did not match.
    mutating func countMiss(_ event: ExplainedEvent, _ slots: inout FieldSlots, _ text: RawSpan) {
        guard let miss = pattern?.miss(&slots, text, using: &result) else { return }
        misses[miss.condition].count += 1
        let isFirst = misses[miss.condition].first == nil
        let isClosest = summary.closest.map { Self.isCloser(miss, $0.condition) } ?? true
        guard isFirst || isClosest else { return }
        let failure = failure(miss, event.code, &slots, text)
        if isFirst { misses[miss.condition].first = failure }
        if isClosest { summary.closest = .init(position: event.position, type: event.name, condition: failure) }
    }

    private static func isCloser(_ miss: PatternMiss, _ other: FailedCondition) -> Bool {
        (miss.held, miss.held - miss.total) > (other.held, other.held - other.total)
    }

    private func failure(
        _ miss: PatternMiss, _ code: EventType.Code, _ slots: inout FieldSlots, _ text: RawSpan
    ) -> FailedCondition {
        let condition = pattern!.conditions[miss.condition]
        let values =
            condition.isOnSession ? label(condition.path) : pattern!.values(of: miss.condition, &slots, text)
        return FailedCondition(
            condition: condition, file: file, held: miss.held, total: miss.total,
            values: redaction.hides(condition.path, of: code) && values.count > 0
                ? .secret : values.map(redaction.redacted(shown:)),
            holdsElsewhere: miss.holdsElsewhere)
    }

    /// The redacted value of the label that a condition tests.
    private func label(_ path: [String]) -> SeenValues {
        guard path.count == 2, let value = labels[path[1]] else { return SeenValues(nil) }
        return SeenValues(redaction.redacted(label: path[1], value))
    }

    /// Counts the outcome of an event that matched.
    mutating func count(_ outcome: RouteVerdict.Outcome) {
        switch outcome {
        case .fired, .discarded: summary.fired += 1
        case .alreadyFired: summary.alreadyFired += 1
        case .outsideSchedule(at: nil): summary.undated += 1
        case .outsideSchedule: summary.outsideSchedule += 1
        case .stopped(let name):
            if let index = summary.stopped.firstIndex(where: { $0.by == name }) {
                summary.stopped[index].count += 1
            } else {
                summary.stopped.append((name, 1))
            }
        case .notMadeFor, .otherSide, .failed: break
        }
    }

    /// Records the type of an event.
    mutating func noteType(_ event: ExplainedEvent) {
        guard !hasSeenNamedType, route.side == event.side else { return }
        hasSeenNamedType = namedTypes.contains {
            $0.code == event.code && (event.code != .unknown || $0.name == event.name)
        }
    }

    /// Returns the summary over all events.
    ///
    /// - Parameter callsNotRun: The number of calls that were not run.
    func explanation(callsNotRun: Int) -> RouteExplanation {
        var explanation = summary
        explanation.misses = misses.compactMap { miss in
            miss.first.map { RouteExplanation.Misses(condition: $0, count: miss.count) }
        }.sorted { $0.count > $1.count }
        if !hasSeenNamedType { explanation.absentTypes = namedTypes.map(\.name) }
        if route.side == .server, isAbout(.routerFunctionCallDone, EventType.routerFunctionCallDone.name) {
            explanation.callsNotRun = callsNotRun
        }
        return explanation
    }
}
