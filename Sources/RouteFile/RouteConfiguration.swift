public import ConfigSource
public import EventRouter
public import Logging
public import RealtimeSession
public import RecordFiles

/// A loaded routes.yml: the route table, and the options that the program needs.
///
/// Loading makes the handlers and sources and checks their options. It opens no files, processes or connections: a router opens
/// those of handlers when it starts, and those of sources when it runs them.
public struct RouteConfiguration: Sendable {
    /// The file.
    public let file: SourceFile
    /// The routes and handlers, ready for a router.
    public let table: RouteTable
    /// The sources of sessions, in file order; empty if the file has none.
    public let sources: [SourceBinding]
    /// The configuration of sessions that the router opens itself; nil if the file has none.
    public let session: SessionBlock?
    /// The maximum length of an event's line, in bytes.
    public let maxEventBytes: Int
    /// How long an utterance without words delays the utterances after it, in seconds of event time.
    public let utteranceHold: Double
    /// The deadlines of a session: for answers, for user activity, and for the session's end.
    public let deadlines: SessionDeadlines
    /// How long running work may take after the program was asked to end; nil if the file does not set it.
    public let shutdownTimeout: Duration?
    /// The path of the dead letters; nil if the file has none, and dead letters are only logged.
    public let deadLettersPath: String?
    /// The tests of the file.
    public let tests: [RouteTest]
    /// Whether no handler writes to standard output or standard error, so that the program can draw a progress bar.
    public let leavesTerminalAlone: Bool
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

extension RouteConfiguration {
    /// Loads a file.
    ///
    /// - Parameters:
    ///   - path: the file. Paths inside it are relative to its folder.
    ///   - registry: the handler and source types that the file can name.
    ///   - startsHandlers: whether the handlers will be started. If not, an unregistered handler or source type is only a warning,
    ///     because another program may register it.
    ///   - looksForPrograms: whether to warn about commands whose program is missing or writable by everybody.
    ///   - standardOutputIsTaken: whether handlers write to standard error instead of standard output.
    ///   - outputFolder: the folder for relative paths of output files; nil for the file's folder.
    ///   - clock: the handlers' clock.
    ///   - executor: the executor of function calls; nil for Swift's default executor.
    ///   - diagnostics: collects errors and warnings. If the file cannot be read, the error has no file.
    /// - Returns: the configuration; nil if there is an error among the diagnostics.
    public static func load(
        path: String, registry: HandlerRegistry, startsHandlers: Bool = true, looksForPrograms: Bool = true,
        standardOutputIsTaken: Bool = false,
        outputFolder: String? = nil, clock: any RouterClock = .system, executor: (any TaskExecutor)? = nil,
        _ diagnostics: Diagnostics
    ) -> RouteConfiguration? {
        guard let file = SourceFile.read(path, diagnostics) else { return nil }
        let surroundings = HandlerSurroundings(
            folder: folder(of: path), outputFolder: outputFolder, standardOutputIsTaken: standardOutputIsTaken,
            startsHandlers: startsHandlers, looksForPrograms: looksForPrograms, clock: clock,
            executor: executor)
        return read(file, registry: registry, surroundings: surroundings, diagnostics)
    }

    /// Loads a file, or throws its diagnostics.
    ///
    /// ```swift
    /// let configuration = try RouteConfiguration(path: "routes.yml", registry: .standard)
    /// let router = Router(configuration)
    /// ```
    ///
    /// - Throws: `ConfigurationError` with all diagnostics, including warnings, if there is an error.
    public init(
        path: String, registry: HandlerRegistry, outputFolder: String? = nil, clock: any RouterClock = .system,
        executor: (any TaskExecutor)? = nil
    ) throws(ConfigurationError) {
        let diagnostics = Diagnostics()
        let configuration = Self.load(
            path: path, registry: registry, outputFolder: outputFolder, clock: clock, executor: executor,
            diagnostics)
        guard let configuration else { throw ConfigurationError(diagnostics.items) }
        self = configuration
    }

    /// Loads a file whose text was already read.
    ///
    /// - Returns: the configuration; nil if there is an error among the diagnostics.
    public static func read(
        _ file: SourceFile, registry: HandlerRegistry,
        surroundings: HandlerSurroundings = HandlerSurroundings(), _ diagnostics: Diagnostics
    ) -> RouteConfiguration? {
        var reader = RouteFileReader(
            registry: registry, surroundings: surroundings, diagnostics: diagnostics)
        return reader.configuration(file)
    }

    init(
        file: SourceFile, table: RouteTable, sources: [SourceBinding], session: SessionBlock?,
        limits: RouteFileReader.Limits,
        deadLettersPath: String?,
        tests: [RouteTest], leavesTerminalAlone: Bool
    ) {
        self.file = file
        self.table = table
        self.sources = sources
        self.session = session
        maxEventBytes = limits.maxEventBytes
        utteranceHold = limits.utteranceHold.seconds
        deadlines = limits.deadlines
        shutdownTimeout = limits.shutdownTimeout
        self.deadLettersPath = deadLettersPath
        self.tests = tests
        self.leavesTerminalAlone = leavesTerminalAlone
    }

    /// The folder of a path; `.` for a bare name.
    private static func folder(of path: String) -> String {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}

extension Router {
    /// Makes a router with the routes, handlers and session options of a routes.yml.
    ///
    /// ```swift
    /// let router = Router(try RouteConfiguration(path: "routes.yml", registry: .standard))
    /// ```
    ///
    /// - Parameters:
    ///   - configuration: the loaded file.   - options: further options of sessions. Options that the file can set, such as
    /// `utterance_hold` and `stalled_after`, are taken
    ///     from the file.
    ///   - clock: the router's clock.
    ///   - executor: the executor of the router's tasks; nil for Swift's default executor.
    ///   - logger: the router's logger. It also gets dead letters if the file has no `dead_letters`. By default, nothing is logged.
    ///   - log: the log of deliveries; nil for none.
    ///   - observer: an observer of the routed events; nil for none. It is also called in a dry run.
    ///   - explaining: the events to explain; nil for none.
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
        options.utteranceHold = utteranceHold
        options.deadlines = deadlines
        options.maxEventBytes = maxEventBytes
        options.session = session
        return options
    }
}

extension Router {
    /// Replaces rules and handlers by those of another routes.yml while sessions run; see `Router.replace(_:options:)`.
    ///
    /// - Parameters:
    ///   - configuration: the loaded file.
    ///   - options: further options of the sessions that begin from now on.
    /// - Throws: `RouterFailure` if a handler does not start. The router then keeps its old rules and handlers.
    public func replace(_ configuration: RouteConfiguration, options: RouterOptions = RouterOptions()) async throws {
        try await replace(configuration.table, options: configuration.routerOptions(options))
    }
}
