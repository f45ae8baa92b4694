public import ConfigSource
public import EventRouter

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
        let context = HandlerContext(
            folder: folder(of: path), outputFolder: outputFolder, standardOutputIsTaken: standardOutputIsTaken,
            startsHandlers: startsHandlers, looksForPrograms: looksForPrograms, clock: clock,
            executor: executor)
        return read(file, registry: registry, context: context, diagnostics)
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
        context: HandlerContext = HandlerContext(), _ diagnostics: Diagnostics
    ) -> RouteConfiguration? {
        var reader = RouteFileReader(
            registry: registry, context: context, diagnostics: diagnostics)
        return reader.configuration(file)
    }

    init(
        file: SourceFile, table: RouteTable, sources: [SourceBinding], session: SessionSettings?,
        limits: RouteFileReader.Limits,
        deadLettersPath: String?,
        tests: [RouteTest], keepsTerminalFree: Bool
    ) {
        self.file = file
        self.table = table
        self.sources = sources
        self.session = session
        maxEventBytes = limits.maxEventBytes
        transcriptTimeout = limits.transcriptTimeout.seconds
        deadlines = limits.deadlines
        shutdownTimeout = limits.shutdownTimeout
        self.deadLettersPath = deadLettersPath
        self.tests = tests
        self.keepsTerminalFree = keepsTerminalFree
    }

    /// The folder of a path; `.` for a bare name.
    private static func folder(of path: String) -> String {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}
