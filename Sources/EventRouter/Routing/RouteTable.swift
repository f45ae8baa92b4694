public import ConfigSource
public import RealtimeEvents
public import RecordFiles

/// A checked set of routes and handlers, from which a router is made.
public struct RouteTable: Sendable {
    /// The handlers in file order.
    public let handlers: [HandlerBinding]
    /// The compiled routes to these handlers.
    public let rules: RuleTable
    /// The sink for undeliverable events and undecodable lines.
    public let deadLetters: any DeadLetterSink
    /// How long records are kept; nil for ever. A router deletes older records when it starts.
    public let keep: Duration?

    /// The routes, in file order, in which they fire.
    public var routes: [Route] { rules.routes }
    /// The handler of events that no route takes; nil if there is none.
    public var unmatched: String? { rules.unmatched }
    /// The redaction of events.
    public var redaction: Redaction { rules.redaction }
    /// The functions that the handlers run, as a `session.update` declares them, in file order; each name occurs once.
    public var tools: [Tool] { rules.tools }

    /// Checks and compiles routes and handlers.
    ///
    /// - Parameters:
    ///   - handlers: The handlers, with unique names.
    ///   - routes: The routes, with unique names, in the order in which they fire.
    ///   - unmatched: The name of the handler of events that no route takes.
    ///   - deadLetters: The sink for undeliverable events. By default they are counted, and logged without the event.
    ///   - redactors: Redactors in addition to those of the handlers.
    ///   - keep: How long records are kept; nil for ever.
    ///   - secrets: The values of environment variables outside of handlers' options, such as in `session`.
    /// - Throws: `ConfigurationError` with all errors.
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

    /// Checks and compiles routes and handlers, and reports findings at their locations in a file.
    ///
    /// - Parameters:
    ///   - handlers: The handlers, with unique names.
    ///   - routes: The routes, with unique names, in the order in which they fire.
    ///   - unmatched: The name of the handler of events that no route takes.
    ///   - deadLetters: The sink for undeliverable events.
    ///   - redactors: Redactors in addition to those of the handlers.
    ///   - secrets: Secrets in addition to those of the handlers, such as those of sources.
    ///   - keep: How long records are kept; nil for ever.
    ///   - file: The file of the findings; nil for a table made in code.
    ///   - diagnostics: Collects the findings.
    /// - Returns: Nil if the findings contain an error.
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

    /// The names of the event types that a route without `match` takes: those that its handlers can use. The command
    /// `check` shows them.
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
    /// All keepers of session records, with the name of the handler, or `dead letters`.
    public var records: [(name: String, records: any RecordKeeper)] {
        let kept = handlers.compactMap { binding in
            binding.roles.records?.records.map { (name: "handler `\(binding.name)`", records: $0) }
        }
        return kept + (deadLetters.records.map { [(name: "dead letters", records: $0)] } ?? [])
    }
}

extension RouteTable {
    /// The prices of the first handler that has prices; nil if no handler has prices.
    public var pricing: (any SessionPricing)? { handlers.lazy.compactMap { $0.roles.prices?.pricing }.first }
}

extension RouteTable {
    /// The options of all handlers that have an effect only in live sessions, in file order; each name occurs once.
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
