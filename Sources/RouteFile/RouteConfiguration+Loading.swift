public import ConfigSource
public import EventRouter

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
