import EventJSON
import EventPatterns
public import RealtimeEvents
import RealtimeSession

/// Checked and compiled routes, without running handlers.
///
/// It refers to handlers by name. A ``RouteTable`` has the handlers themselves.
public struct RuleTable: Sendable {
    /// The routes, in the order in which they fire.
    public let routes: [Route]
    /// The names of the routes, in their order.
    let routeNames: [String]
    /// The handler of events that no route takes; nil if there is none.
    public let unmatched: String?
    /// The redaction of events.
    public let redaction: Redaction
    /// The functions that the handlers run, as a `session.update` declares them, in file order; each name occurs once.
    public let tools: [Tool]

    /// The handlers in file order.
    let handlers: [CompiledRoutes.Handler]
    /// The tools that are announced to the model when a session begins.
    let announcedTools: [Tool]
    /// Whether the router answers a call that no handler takes.
    let answersUnroutedCalls: Bool
    let plan: FieldPlan
    let sessionFields: SessionFields
    let envelope: EnvelopeFields
    let compiledRoutes: CompiledRoutes
    let unmatchedHandler: Int?
    /// The handlers that take client audio and are named by a route.
    let clientAudioHandlers: [Int]
    /// The derived events that some route can take. Only these are built.
    let observed: Set<EventType.Code>
    /// The retry policies of routes, by the route's name.
    private let retries: [String: RetryPolicy]

    /// Compiles checked routes and handlers.
    init(
        handlers bindings: [HandlerBinding], routes: [Route], unmatched: String?, redactors: [any EventRedactor],
        secrets: SecretValues
    ) {
        self.routes = routes
        routeNames = routes.map(\.name)
        self.unmatched = unmatched
        redaction = Redaction(
            [CredentialRedactor()] + redactors + bindings.flatMap { $0.roles.secrets?.redactors ?? [] },
            secrets: SecretValues(
                joining: [secrets]
                    + bindings.flatMap { [$0.secrets, $0.roles.secrets?.secrets ?? SecretValues()] }))
        let handlers = bindings.map { binding in
            CompiledRoutes.Handler(
                name: binding.name, takesFunctionCalls: binding.roles.takesFunctionCalls,
                takesClientAudio: binding.roles.takesClientAudio, interests: binding.handler.interests)
        }
        self.handlers = handlers
        let offers = bindings.compactMap { $0.roles.functionCalls?.toolOffer }
        tools = ToolOffer.union(offers)
        announcedTools = ToolOffer.union(offers.filter(\.isAnnounced))
        answersUnroutedCalls = offers.contains { $0.answersUnrouted }
        let routePaths =
            routes.flatMap { $0.pattern?.fieldPaths ?? [] }
            + routes.compactMap { $0.oncePer?.path }
        plan = FieldPlan(
            SessionFields.paths + EnvelopeFields.paths + routePaths.filter { $0.first != SessionLabel.field })
        sessionFields = SessionFields(plan)
        envelope = EnvelopeFields(plan)
        compiledRoutes = CompiledRoutes(routes, handlers, plan)
        unmatchedHandler = unmatched.flatMap { name in handlers.firstIndex { $0.name == name } }
        let used = Set(routes.flatMap(\.handlers) + [unmatched].compactMap(\.self))
        clientAudioHandlers = handlers.indices.filter {
            handlers[$0].takesClientAudio && used.contains(handlers[$0].name)
        }
        observed = compiledRoutes.observedTypes
        retries = routes.reduce(into: [:]) { $0[$1.name] = $1.retry }
    }

    /// The functions, for a source that announces them itself.
    var offeredFunctions: OfferedFunctions {
        OfferedFunctions(announced: announcedTools, names: Set(tools.compactMap(\.name)))
    }

    /// The retry policy with the most attempts among those of some routes; nil if none has a policy.
    func retry(of routes: [String]) -> RetryPolicy? {
        guard !retries.isEmpty else { return nil }
        return routes.lazy.compactMap { retries[$0] }.max { $0.attempts < $1.attempts }
    }
}

extension RuleTable {
    /// The names of the routes that can take the user's utterances, in file order. They never fire in a session without
    /// input transcription.
    public var routesOnUserWords: [String] {
        let utterances: [EventType.Code] = [
            .routerUtteranceUpdated, .routerUtteranceHeard, .routerUtteranceDone, .routerUtteranceRevised,
        ]
        return zip(routes, compiledRoutes.rules).compactMap { route, rule in
            guard route.side == .server else { return nil }
            let takesOne = utterances.contains { code in
                rule.targets.contains { $0.filter?.contains(code) ?? true }
                    && route.pattern?.mayMatch(["type": EventType(code).name, "role": "user"]) ?? true
            }
            return takesOne ? route.name : nil
        }
    }
}
