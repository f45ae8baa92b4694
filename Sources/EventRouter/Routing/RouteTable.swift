public import ConfigSource
public import RealtimeEvents
public import RecordFiles

/// Routes and handlers that fit together: what a router is made of.
public struct RouteTable: Sendable {
    /// The handlers in file order.
    public let handlers: [HandlerBinding]
    /// Where the events go that come to these handlers.
    public let rules: RuleTable
    /// Where undeliverable events and undecodable lines go.
    public let deadLetters: any DeadLetterSink
    /// How long records are kept; nil for ever. A router that starts has older ones forgotten.
    public let keep: Duration?

    /// The routes in file order, which is the order in which they fire.
    public var routes: [Route] { rules.routes }
    /// The handler of events that no route took, if any.
    public var unmatched: String? { rules.unmatched }
    /// What is taken out of events before anybody may write them.
    public var redaction: Redaction { rules.redaction }
    /// The functions that the handlers run, as a `session.update` declares them, each name once, in file order.
    public var tools: [Tool] { rules.tools }

    /// Checks and compiles.
    ///
    /// - Parameters:
    ///   - handlers: the handlers, each name once.
    ///   - routes: the routes in the order in which they fire, each name once.
    ///   - unmatched: the name of a handler for events that no route took.
    ///   - deadLetters: where undeliverable events go; by default they are counted, and logged without the event.
    ///   - redactors: what is taken out of events beside what the handlers want to be.
    ///   - keep: how long records are kept; nil for ever.
    ///   - secrets: what environment variables hold that stand elsewhere than in the options of handlers, such as in `session`.
    /// - Throws: `ConfigurationError` with everything that is wrong.
    public init(
        handlers: [HandlerBinding], routes: [Route], unmatched: String? = nil,
        deadLetters: any DeadLetterSink = LoggedDeadLetters(), redactors: [any EventRedactor] = [],
        keep: Duration? = nil, secrets: SecretValues = SecretValues()
    ) throws {
        let diagnostics = Diagnostics()
        let table = RouteTable(
            handlers: handlers, routes: routes, unmatched: unmatched, deadLetters: deadLetters,
            redactors: redactors, secrets: secrets, keep: keep, file: nil, diagnostics)
        guard let table, !diagnostics.hasErrors else { throw ConfigurationError(diagnostics.items) }
        self = table
    }

    /// Checks and compiles, with the findings at their places in a file.
    ///
    /// - Parameters:
    ///   - handlers: the handlers, each name once.
    ///   - routes: the routes in the order in which they fire, each name once.
    ///   - unmatched: the name of a handler for events that no route took.
    ///   - deadLetters: where undeliverable events go.
    ///   - redactors: what is taken out of events beside what the handlers want to be.
    ///   - secrets: what nobody may write down, beside what the handlers keep secret, such as the secrets of sources.
    ///   - keep: how long records are kept; nil for ever.
    ///   - file: the file that the findings are in; nil for a table made in code.
    ///   - diagnostics: gets the findings.
    /// - Returns: `nil` when there is an error among the findings.
    public init?(
        handlers: [HandlerBinding], routes: [Route], unmatched: String?, deadLetters: any DeadLetterSink,
        redactors: [any EventRedactor] = [], secrets: SecretValues = SecretValues(), keep: Duration? = nil,
        file: SourceFile?, _ diagnostics: Diagnostics
    ) {
        let check = RouteTableCheck(handlers: handlers, routes: routes, unmatched: unmatched, file: file)
        guard check.run(diagnostics) else { return nil }
        self.handlers = handlers
        self.deadLetters = deadLetters
        self.keep = keep
        rules = RuleTable(
            handlers: handlers, routes: routes, unmatched: unmatched, redactors: redactors, secrets: secrets)
    }

    /// The handler types' own event types that a route without `match` takes, for `check` to show.
    public func interests(of route: Route) -> [String] {
        guard route.pattern == nil else { return [] }
        var names: [String] = []
        for handler in handlers where route.handlers.contains(handler.name) {
            for type in handler.handler.interests(from: route.side) where !names.contains(type.name) {
                names.append(type.name)
            }
        }
        return names
    }
}

extension RouteTable {
    /// Everything that keeps records of sessions, with the name of the handler, or `dead letters`.
    public var records: [(name: String, records: any RecordKeeper)] {
        let kept = handlers.compactMap { binding in
            binding.roles.records?.records.map { (name: "handler `\(binding.name)`", records: $0) }
        }
        return kept + (deadLetters.records.map { [(name: "dead letters", records: $0)] } ?? [])
    }
}

extension RouteTable {
    /// What sessions cost, as the first handler with prices says it; nil if none has prices.
    public var pricing: (any SessionPricing)? { handlers.lazy.compactMap { $0.roles.prices?.pricing }.first }
}

extension RouteTable {
    /// The options of all handlers that have no effect unless a session is live, each name once, in file order.
    public var liveOptions: [String] {
        var names: [String] = []
        for binding in handlers {
            for name in binding.roles.live?.liveOptions ?? [] where !names.contains(name) {
                names.append(name)
            }
        }
        return names
    }
}
