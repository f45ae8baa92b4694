import EventJSON
import EventPatterns
import RealtimeEvents

/// Watches the pipeline at work and says of each event why it went where it went.
///
/// What became of the routes that matched comes from the pipeline itself; only for those that did not match is their condition
/// looked for. Memory grows with the routes, not with the events. Used by the session's task alone.
final class RouteExplainer {
    private let request: ExplanationRequest
    private let names: [String]
    private var routes: [ExplainedRoute]
    private let askedRoute: Int?
    /// What became of the event at hand at the routes that matched; nil for the others.
    private var outcomes: [RouteVerdict.Outcome?]
    /// For each route with `once_per` the event for which it fired last, by the hash of what it counts by.
    private var firings: [Int: RecentValues<(position: EventPosition, at: Double?)>] = [:]
    /// Calls that a handler would answer, without those that came to an end.
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

    /// What all events together came to, a route each.
    var explanations: [RouteExplanation] { routes.map { $0.explanation(callsNotRun: max(0, openCalls)) } }

    /// Decides which conditions on `labels` hold, for the events that follow.
    func decide(_ labels: [SessionLabel]) {
        for index in routes.indices { routes[index].decide(labels) }
    }

    /// Notes what became of the event at a route that matched.
    func note(_ route: Int, _ outcome: RouteVerdict.Outcome) { outcomes[route] = outcome }

    /// Notes for which event a route with `once_per` fired.
    func noteFiring(of route: Int, for key: Int, _ position: EventPosition, _ at: Double?) {
        firings[route, default: RecentValues()].set((position, at), for: key)
    }

    /// Notes that the event matched a route whose `once_per` was used up.
    func noteUsedUp(_ route: Int, for key: Int, value: String?, _ at: Double?) {
        let earlier = firings[route]?.value(of: key).map { firing in
            EarlierFiring(
                position: firing.position, secondsBefore: at.flatMap { at in firing.at.map { at - $0 } }, value: value)
        }
        note(route, .alreadyFired(for: earlier))
    }

    /// Notes that a route ended the evaluation before these, which matched too.
    func note(_ route: Int, stopped others: [Int]) {
        for other in others { outcomes[other] = .stopped(by: names[route]) }
    }

    /// Notes a call that a handler would answer, or the outcome of one.
    func noteCall(_ code: EventType.Code, _ deliveries: [(handler: Int, routes: [String])], _ table: RuleTable) {
        if code == .routerFunctionCallReady,
            deliveries.contains(where: { table.handlers[$0.handler].takesFunctionCalls })
        {
            openCalls += 1
        } else if code == .routerFunctionCallDone {
            openCalls -= 1
        }
    }

    /// Notes which handlers got the event through the routes that fired.
    func noteHandlers(_ deliveries: [(handler: Int, routes: [String])], _ table: RuleTable) {
        for (route, outcome) in outcomes.enumerated() {
            guard case .fired = outcome else { continue }
            let takers = deliveries.filter { $0.routes.contains(names[route]) }.map(\.handler)
            outcomes[route] = .fired(handlers: takers.map { table.handlers[$0].name })
        }
    }

    /// Whether the time matters at which people are shown an event.
    var asksForTime: Bool { if case .time = request.scope { true } else { false } }

    /// Ends the event at hand: counts it.
    ///
    /// - Parameter times: The times of the event, for a request that asks for one.
    /// - Returns: what became of it at the routes that were asked about; nil when it is not to be explained.
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

    /// Hands an explanation to whoever asked.
    func deliver(_ explanation: EventExplanation) { request.receive(explanation) }

    /// The routes at which the event at hand is to be explained; nil when it is not.
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
