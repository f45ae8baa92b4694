package import RecordFiles
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The settings for handlers that do not come from routes.yml: folders, clock, environment variables.
public struct HandlerContext: Sendable {
    /// The base folder of programs and input files: the folder of routes.yml.
    public var folder: String
    /// The base folder of output files; by default ``folder``.
    public var outputFolder: String
    /// Whether standard output is used for something else, so that handlers write to standard error instead.
    public var standardOutputIsTaken: Bool
    /// The clock to use.
    public var clock: any RouterClock
    /// The executor of `function_call` handlers' tasks; nil for Swift's default executor. A simulation sets the
    /// executor of the router.
    public var executor: (any TaskExecutor)?
    /// The file operations for the call journal and dead letters.
    package var files: any FileOperations = .system
    /// Whether the handlers will be started. If not, unknown handler types and functions are not errors, because the
    /// file may be for a program that knows them.
    public var startsHandlers: Bool
    /// Whether to warn about a program named in the options that is missing or writable by everybody.
    public var looksForPrograms: Bool
    /// Returns the value of a variable that options reference as `${NAME}`; nil if it is not set.
    public var variable: @Sendable (String) -> String?
    /// Whether a handler uses standard output or standard error; shared by all copies.
    package let terminalUse = TerminalUse()

    /// Creates a context.
    public init(
        folder: String = ".", outputFolder: String? = nil, standardOutputIsTaken: Bool = false,
        startsHandlers: Bool = true, looksForPrograms: Bool = false, clock: any RouterClock = .system,
        executor: (any TaskExecutor)? = nil,
        variable: @escaping @Sendable (String) -> String? = HandlerContext.environment
    ) {
        self.folder = folder
        self.outputFolder = outputFolder ?? folder
        self.standardOutputIsTaken = standardOutputIsTaken
        self.startsHandlers = startsHandlers
        self.looksForPrograms = looksForPrograms
        self.clock = clock
        self.executor = executor
        self.variable = variable
    }

    /// Returns the value of an environment variable of this process.
    public static let environment: @Sendable (String) -> String? = { name in getenv(name).map { String(cString: $0) } }

    /// Resolves the path of an input file.
    public func inputPath(_ path: String) -> String {
        path.hasPrefix("/") || folder == "." ? path : folder + "/" + path
    }

    /// Resolves the path of an output file.
    public func outputPath(_ path: String) -> String {
        if path == "-" {
            terminalUse.note()
            return standardOutputIsTaken ? LineFile.standardError : "-"
        }
        return path.hasPrefix("/") || outputFolder == "." ? path : outputFolder + "/" + path
    }
}

/// Remembers whether a handler writes to standard output or standard error, so that the program draws nothing there.
package final class TerminalUse: Sendable {
    private let flag = Atomic<Bool>(false)

    /// Creates an unset flag.
    package init() {}

    /// Whether a handler writes to standard output or standard error.
    package var isNoted: Bool { flag.load(ordering: .relaxed) }

    /// Sets the flag.
    package func note() { flag.store(true, ordering: .relaxed) }
}
