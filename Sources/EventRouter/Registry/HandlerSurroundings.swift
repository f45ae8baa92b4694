package import RecordFiles
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// What belongs to the place where a router runs, not to its rules.
public struct HandlerSurroundings: Sendable {
    /// The folder that programs and files to read are relative to: that of routes.yml.
    public var folder: String
    /// The folder that files to write are relative to; by default the same.
    public var outputFolder: String
    /// Whether standard output has another use, so that what would go there goes to standard error.
    public var standardOutputIsTaken: Bool
    /// The time to go by.
    public var clock: any RouterClock
    /// Where handlers of type `function_call` run their tasks; nil for Swift's own executor. A simulation gives them the executor of the
    /// router.
    public var executor: (any TaskExecutor)?
    /// What the journal of calls and dead letters are written with.
    package var files: any FileOperations = .system
    /// Whether the handlers are going to be started. Where they are not, a type or function that this program does not
    /// know is no error: the program that runs the file may be another one.
    public var startsHandlers: Bool
    /// Whether a program that an option names should be there already, so that one that is missing, or that everybody can
    /// change, is worth a warning.
    public var looksForPrograms: Bool
    /// What the variable of a name holds that options refer to as `${NAME}`; nil when it is not set.
    public var variable: @Sendable (String) -> String?
    /// Whether some handler asked for standard output or standard error; shared by all copies.
    package let terminalUse = TerminalUse()

    /// Makes surroundings.
    public init(
        folder: String = ".", outputFolder: String? = nil, standardOutputIsTaken: Bool = false,
        startsHandlers: Bool = true, looksForPrograms: Bool = false, clock: any RouterClock = .system,
        executor: (any TaskExecutor)? = nil,
        variable: @escaping @Sendable (String) -> String? = HandlerSurroundings.environment
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

    /// What a variable of this process's environment holds.
    public static let environment: @Sendable (String) -> String? = { name in getenv(name).map { String(cString: $0) } }

    /// The path by which a file to read is opened that an option names.
    public func inputPath(_ path: String) -> String {
        path.hasPrefix("/") || folder == "." ? path : folder + "/" + path
    }

    /// Where a handler writes that was told to write to `path`.
    public func outputPath(_ path: String) -> String {
        if path == "-" {
            terminalUse.note()
            return standardOutputIsTaken ? LineFile.standardError : "-"
        }
        return path.hasPrefix("/") || outputFolder == "." ? path : outputFolder + "/" + path
    }
}

/// Remembers that some handler writes to standard output or standard error, so that a program draws nothing there.
package final class TerminalUse: Sendable {
    private let flag = Atomic<Bool>(false)

    /// Nobody does so far.
    package init() {}

    /// Whether somebody does.
    package var isNoted: Bool { flag.load(ordering: .relaxed) }

    /// Somebody does.
    package func note() { flag.store(true, ordering: .relaxed) }
}
