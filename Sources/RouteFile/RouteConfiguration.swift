public import ConfigSource
public import EventRouter
public import Logging
public import RealtimeSession
public import RecordFiles

/// What a routes.yml says: the route table, and what a program needs beside it.
///
/// Loading it makes the handlers and sources and checks their options, and touches nothing outside: files and processes are opened when
/// a router starts, and sources when it runs them.
public struct RouteConfiguration: Sendable {
    /// The file.
    public let file: SourceFile
    /// The routes and handlers, ready for a router.
    public let table: RouteTable
    /// Where sessions come from, in file order; empty when the file does not say.
    public let sources: [SourceBinding]
    /// How sessions are configured that the router opens itself; nil when the file does not say.
    public let session: SessionBlock?
    /// A longer line of a source is not an event; in bytes.
    public let maxEventBytes: Int
    /// How long, in seconds of event time, an utterance whose words are missing holds back those behind it.
    public let utteranceHold: Double
    /// When a session says that an answer does not come, or that its end does.
    public let deadlines: SessionDeadlines
    /// How long what was begun may take when the program is told to end; nil when the file does not say.
    public let shutdownTimeout: Duration?
    /// The file of dead letters; nil if the file names none, so that they are only logged.
    public let deadLettersPath: String?
    /// The tests that the file brings along.
    public let tests: [RouteTest]
    /// Whether no handler was told to write to standard output or standard error, so that a program may draw there.
    public let leavesTerminalAlone: Bool
}

extension RouteConfiguration {
    /// Everything that keeps records of sessions, with its name: the handlers, the dead letters, and the recordings of sources.
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
    ///   - registry: the handler and source types that it can name.
    ///   - startsHandlers: whether the handlers are going to be started. Otherwise a handler or source type that is not registered is
    ///     only a warning: the program that knows it may be another one.
    ///   - looksForPrograms: whether a program that is missing, or that everybody can change, is worth a warning.
    ///   - standardOutputIsTaken: whether handlers that would write to standard output write to standard error.
    ///   - outputFolder: the folder that files to write are relative to, when it is not that of the file.
    ///   - clock: the time that handlers go by.
    ///   - executor: where function calls run their tasks; nil for Swift's own executor.
    ///   - diagnostics: where everything goes that is wrong. A file that cannot be read at all is an error without a file.
    /// - Returns: nil when there is an error among the diagnostics.
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

    /// Loads a file for a program of its own.
    ///
    /// ```swift
    /// let configuration = try RouteConfiguration(path: "routes.yml", registry: .standard)
    /// let router = Router(configuration)
    /// ```
    ///
    /// - Throws: `ConfigurationError` with everything that is wrong, warnings included.
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

    /// Loads the text of a file that was read already.
    ///
    /// - Returns: nil when there is an error among the diagnostics.
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
