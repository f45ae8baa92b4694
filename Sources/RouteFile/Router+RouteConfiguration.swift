public import EventRouter
public import Logging

extension Router {
    /// Makes a router of all that a routes.yml says: its routes and handlers, and how it wants sessions to be run.
    ///
    /// ```swift
    /// let router = Router(try RouteConfiguration(path: "routes.yml", registry: .standard))
    /// ```
    ///
    /// - Parameters:
    ///   - configuration: what the file says.
    ///   - options: how else sessions are run. Of what stands in the file, such as `utterance_hold` and `stalled_after`, the file's word
    ///     counts.
    ///   - clock: the time to go by.
    ///   - executor: where the router's tasks run; nil for Swift's own executor.
    ///   - logger: where the router itself logs, dead letters too if the file has no `dead_letters`; by default nowhere.
    ///   - log: where the story of every delivery goes, if anywhere.
    ///   - observer: who looks on as events are routed, if anybody; in a dry run too.
    ///   - explaining: which events are explained, if any.
    ///   - reportUnwritten: gets each file when the first of its records could not be written. It must not block.
    public convenience init(
        _ configuration: RouteConfiguration, options: RouterOptions = RouterOptions(), clock: any RouterClock = .system,
        executor: (any TaskExecutor)? = nil,
        logger: Logger = Logger(label: "realtime-router", factory: { _ in SwiftLogNoOpLogHandler() }),
        log: (any DispatchLog)? = nil, observer: (any DispatchObserver)? = nil,
        explaining: ExplanationRequest? = nil,
        reportUnwritten: @escaping @Sendable (UnwrittenFile) -> Void = { _ in }
    ) {
        self.init(
            configuration.table, options: configuration.routerOptions(options), clock: clock, executor: executor,
            logger: logger, log: log,
            observer: observer, explaining: explaining, reportUnwritten: reportUnwritten)
    }
}

extension RouteConfiguration {
    /// Options with what the file says of how sessions are run.
    func routerOptions(_ options: RouterOptions) -> RouterOptions {
        var options = options
        options.utteranceHold = utteranceHold
        options.deadlines = deadlines
        options.maxEventBytes = maxEventBytes
        options.session = session
        return options
    }
}

extension Router {
    /// Replaces rules and handlers while sessions run by what another routes.yml says; see `Router.replace(_:options:)`.
    ///
    /// - Parameters:
    ///   - configuration: what the file says.
    ///   - options: how else sessions are run that begin from now on.
    /// - Throws: `RouterFailure` if a handler does not start. Everything is as it was then.
    public func replace(_ configuration: RouteConfiguration, options: RouterOptions = RouterOptions()) async throws {
        try await replace(configuration.table, options: configuration.routerOptions(options))
    }
}
