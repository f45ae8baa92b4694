public import ConfigSource
public import EventRouter
public import Logging
public import RealtimeSession
public import RecordFiles

/// A loaded routes.yml: the route table, and the options that the program needs.
///
/// Loading creates the handlers and sources and checks their options. It opens no files, processes or connections. A
/// handler opens them when the router starts, a source when the router runs it.
public struct RouteConfiguration: Sendable {
    /// The file.
    public let file: SourceFile
    /// The routes and handlers, ready for a router.
    public let table: RouteTable
    /// The sources of sessions, in file order; empty if the file has none.
    public let sources: [SourceBinding]
    /// The configuration of sessions that the router opens itself; nil if the file has none.
    public let session: SessionSettings?
    /// The maximum length of an event's line, in bytes.
    public let maxEventBytes: Int
    /// How long an utterance without words delays the utterances after it, in seconds of event time.
    public let transcriptTimeout: Double
    /// The deadlines of a session: for answers, for user activity, and for the session's end.
    public let deadlines: SessionDeadlines
    /// How long running work may take after the program has received a signal to end; nil if the file does not set it.
    public let shutdownTimeout: Duration?
    /// The path of the file for dead letters; nil if routes.yml names no such file. Dead letters are then only logged.
    public let deadLettersPath: String?
    /// The tests of the file.
    public let tests: [RouteTest]
    /// Whether no handler writes to standard output or standard error, so that the program can draw a progress bar.
    public let keepsTerminalFree: Bool
}

extension RouteConfiguration {
    /// Everything that stores records of sessions, with its name: handlers, dead letters, and recordings of sources.
    public var records: [(name: String, records: any RecordKeeper)] {
        table.records
            + sources.compactMap { source in
                source.recordings.map { (name: "recordings of the source `\(source.name)`", records: $0.records) }
            }
    }
}

extension Router {
    /// Creates a router with the routes, handlers and session options of a routes.yml.
    ///
    /// ```swift
    /// let router = Router(try RouteConfiguration(path: "routes.yml", registry: .standard))
    /// ```
    ///
    /// - Parameters:
    ///   - configuration: the loaded file.
    ///   - options: further options of sessions. Options that the file can set, such as `transcript_timeout` and
    ///     `stalled_after`, are taken from the file.
    ///   - clock: the router's clock.
    ///   - executor: the executor of the router's tasks; nil for Swift's default executor.
    ///   - logger: the router's logger. It also gets dead letters if the file has no `dead_letters`. By default,
    ///     nothing is logged.
    ///   - log: the log of deliveries; nil if there is none.
    ///   - observer: an observer of the routed events; nil if there is none. It is also called in a dry run.
    ///   - explaining: the events to explain; nil if no events are explained.
    ///   - reportUnwritten: called for each file when the first of its records could not be written. It must not block.
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
    /// The options, with the values that the file sets.
    func routerOptions(_ options: RouterOptions) -> RouterOptions {
        var options = options
        options.transcriptTimeout = transcriptTimeout
        options.deadlines = deadlines
        options.maxEventBytes = maxEventBytes
        options.session = session
        return options
    }
}

extension Router {
    /// Replaces the rules and handlers with those of another routes.yml while sessions run; see
    /// `Router.replace(_:options:)`.
    ///
    /// - Parameters:
    ///   - configuration: the loaded file.
    ///   - options: further options of the sessions that begin from now on.
    /// - Throws: `RouterFailure` if a handler does not start. The router then keeps its old rules and handlers.
    public func replace(_ configuration: RouteConfiguration, options: RouterOptions = RouterOptions()) async throws {
        try await replace(configuration.table, options: configuration.routerOptions(options))
    }
}
