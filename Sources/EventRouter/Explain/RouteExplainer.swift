import EventJSON
import EventPatterns
import RealtimeEvents

/// Explains for each event which routes fired, and why others did not.
///
/// The pipeline reports the outcomes at routes that match. The explainer only searches for the failed conditions of
/// routes that do not match. Memory grows with the number of routes, not of events. Only the session's task uses it.
final class RouteExplainer {
    private let request: ExplanationRequest
    private let names: [String]
    private var routes: [ExplainedRoute]
    private let askedRoute: Int?
    /// The outcome of the current event at each route that matched; nil at other routes.
    private var outcomes: [RouteVerdict.Outcome?]
    /// For each route with `once_per`, the event for which it last fired, by the hash of its `once_per` value.
    private var firings: [Int: RecentValues<(position: EventPosition, at: Double?)>] = [:]
    /// The number of calls that a handler would answer and that have no outcome.
    private var openCalls = 0

    init(_ request: ExplanationRequest, _ table: RuleTable) {
        self.request = request
        names = table.routes.map(\.name)
        routes = zip(table.routes, table.compiledRoutes.rules).map { ExplainedRoute($0, $1, table) }
        outcomes = Array(repeating: nil, count: routes.count)
        if case .route(let name) = request.scope {
            askedRoute = table.routes.firstIndex { $0.name == name }
        } else {
            askedRoute = nil
        }
    }

    /// The summaries of all routes over all events.
    var explanations: [RouteExplanation] { routes.map { $0.explanation(callsNotRun: max(0, openCalls)) } }

    /// Evaluates the conditions on `labels` for all following events.
    func decide(_ labels: [SessionLabel]) {
        for index in routes.indices { routes[index].decide(labels) }
    }

    /// Records the outcome of the current event at a route that matched.
    func note(_ route: Int, _ outcome: RouteVerdict.Outcome) { outcomes[route] = outcome }

    /// Records the event for which a route with `once_per` fired.
    func noteFiring(of route: Int, for key: Int, _ position: EventPosition, _ at: Double?) {
        firings[route, default: RecentValues()].set((position, at), for: key)
    }

    /// Records that the current event matched a route that had already fired for its `once_per` value.
    func noteUsedUp(_ route: Int, for key: Int, value: String?, _ at: Double?) {
        let earlier = firings[route]?.value(of: key).map { firing in
            EarlierFiring(
                position: firing.position, secondsBefore: at.flatMap { at in firing.at.map { at - $0 } }, value: value)
        }
        note(route, .alreadyFired(for: earlier))
    }

    /// Records that a route with `stop` ended the evaluation before other routes that matched.
    func note(_ route: Int, stopped others: [Int]) {
        for other in others { outcomes[other] = .stopped(by: names[route]) }
    }

    /// Counts a call that a handler would answer, or the outcome of such a call.
    func noteCall(_ code: EventType.Code, _ deliveries: [(handler: Int, routes: [String])], _ table: RuleTable) {
        if code == .routerFunctionCallReady,
            deliveries.contains(where: { table.handlers[$0.handler].takesFunctionCalls })
        {
            openCalls += 1
        } else if code == .routerFunctionCallDone {
            openCalls -= 1
        }
    }

    /// Records the handlers that the routes that fired sent the current event to.
    func noteHandlers(_ deliveries: [(handler: Int, routes: [String])], _ table: RuleTable) {
        for (route, outcome) in outcomes.enumerated() {
            guard case .fired = outcome else { continue }
            let takers = deliveries.filter { $0.routes.contains(names[route]) }.map(\.handler)
            outcomes[route] = .fired(handlers: takers.map { table.handlers[$0].name })
        }
    }

    /// Whether the request selects events by their displayed time.
    var asksForTime: Bool { if case .time = request.scope { true } else { false } }

    /// Counts the current event, and explains it if the request asks for it.
    ///
    /// - Parameter times: The displayed times of the event, for a request by time.
    /// - Returns: The outcomes at the requested routes; nil if the event is not to be explained.
    func finish(
        _ event: ExplainedEvent, _ slots: inout FieldSlots, _ text: RawSpan, times: [Double]
    ) -> [RouteVerdict]? {
        for index in routes.indices {
            routes[index].noteType(event)
            if let outcome = outcomes[index] {
                routes[index].count(outcome)
            } else if routes[index].isAbout(event) {
                routes[index].countMiss(event, &slots, text)
            }
        }
        let verdicts = askedRoutes(event, times)?.map { verdict($0, event, &slots, text) }
        for index in outcomes.indices { outcomes[index] = nil }
        return verdicts
    }

    /// Passes an explanation to the request's receiver.
    func deliver(_ explanation: EventExplanation) { request.receive(explanation) }

    /// The routes at which the current event is to be explained; nil if it is not to be explained.
    private func askedRoutes(_ event: ExplainedEvent, _ times: [Double]) -> [Int]? {
        switch request.scope {
        case .fired:
            let fired = outcomes.indices.filter { index in
                switch outcomes[index] {
                case .fired, .discarded: true
                default: false
                }
            }
            return fired.isEmpty ? nil : fired
        case .route:
            guard let askedRoute, outcomes[askedRoute] != nil || routes[askedRoute].isAbout(event) else {
                return nil
            }
            return [askedRoute]
        case .event(let asked): return asked == event.position ? Array(routes.indices) : nil
        case .time(let asked):
            let isAsked = times.contains { DisplayTime.tenths($0) == DisplayTime.tenths(asked) }
            return isAsked ? Array(routes.indices) : nil
        }
    }

    private func verdict(
        _ index: Int, _ event: ExplainedEvent, _ slots: inout FieldSlots, _ text: RawSpan
    ) -> RouteVerdict {
        let outcome = outcomes[index] ?? routes[index].outcome(event, &slots, text)
        return RouteVerdict(route: names[index], location: routes[index].route.location, outcome: outcome)
    }
}
