public import ConfigSource
import EventJSON
import EventPatterns
public import RealtimeEvents
import RealtimeSession
import RecordFiles

/// Routes and handlers, checked and compiled: all that routing needs, and nothing that can fail any more.
public struct RouteTable: Sendable {
    /// The handlers in file order.
    public let handlers: [HandlerBinding]
    /// The routes in file order, which is the order in which they fire.
    public let routes: [Route]
    /// The handler of events that no route took, if any.
    public let unmatched: String?
    /// Where undeliverable events and undecodable lines go.
    public let deadLetters: any DeadLetterSink
    /// What is taken out of events before anybody may write them.
    public let redaction: Redaction
    /// How long records are kept; nil for ever. A router that starts has older ones forgotten.
    public let keep: Duration?

    /// The functions that the handlers run, as a `session.update` declares them, each name once, in file order.
    public let tools: [Tool]

    /// Those of them that the model is told of when a session begins.
    let announcedTools: [Tool]
    /// Whether a call that no handler takes is answered all the same.
    let answersUnroutedCalls: Bool
    let plan: FieldPlan
    let sessionFields: SessionFields
    let envelope: EnvelopeFields
    let rules: CompiledRoutes
    let unmatchedHandler: Int?
    /// Derived events that some route can take; no others are built.
    let observed: Set<EventType.Code>

    /// Checks and compiles.
    ///
    /// - Parameters:
    ///   - handlers: the handlers, each name once.
    ///   - routes: the routes in the order in which they fire, each name once.
    ///   - unmatched: the name of a handler for events that no route took.
    ///   - deadLetters: where undeliverable events go; by default they are only counted and logged.
    ///   - redactors: what is taken out of events beside what the handlers want to be.
    ///   - keep: how long records are kept; nil for ever.
    /// - Throws: `ConfigurationError` with everything that is wrong.
    public init(
        handlers: [HandlerBinding], routes: [Route], unmatched: String? = nil,
        deadLetters: any DeadLetterSink = LoggedDeadLetters(), redactors: [any EventRedactor] = [],
        keep: Duration? = nil
    ) throws {
        let diagnostics = Diagnostics()
        let table = RouteTable(
            handlers: handlers, routes: routes, unmatched: unmatched, deadLetters: deadLetters,
            redactors: redactors, keep: keep, file: nil, diagnostics)
        guard let table, !diagnostics.hasErrors else { throw ConfigurationError(diagnostics.items) }
        self = table
    }

    /// Checks and compiles, with the findings at their places in a file.
    ///
    /// - Returns: `nil` when there is an error among the findings.
    public init?(
        handlers: [HandlerBinding], routes: [Route], unmatched: String?, deadLetters: any DeadLetterSink,
        redactors: [any EventRedactor] = [], keep: Duration? = nil, file: SourceFile?, _ diagnostics: Diagnostics
    ) {
        let check = RouteTableCheck(handlers: handlers, routes: routes, unmatched: unmatched, file: file)
        guard check.run(diagnostics) else { return nil }
        self.handlers = handlers
        self.routes = routes
        self.unmatched = unmatched
        self.deadLetters = deadLetters
        self.keep = keep
        redaction = Redaction(
            [CredentialRedactor()] + redactors + handlers.flatMap(\.handler.redactors),
            secrets: SecretValues(joining: handlers.flatMap { [$0.secrets, $0.handler.secrets] }))
        let offers = handlers.compactMap(\.handler.toolOffer)
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
        rules = CompiledRoutes(routes, handlers, plan)
        unmatchedHandler = unmatched.flatMap { name in handlers.firstIndex { $0.name == name } }
        observed = rules.observedTypes
    }

    /// The handler types' own event types that a route without `match` takes, for `check` to show.
    public func interests(of route: Route) -> [String] {
        guard route.pattern == nil else { return [] }
        var names: [String] = []
        for handler in handlers where route.handlers.contains(handler.name) {
            for type in handler.handler.interests where !names.contains(type.name) { names.append(type.name) }
        }
        return names
    }
}
