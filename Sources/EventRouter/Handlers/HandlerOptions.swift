public import ConfigSource
import RecordFiles

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// What a handler's factory gets: the options that stand in routes.yml, and what they are relative to.
public struct HandlerOptions {
    /// The name of this handler in routes.yml.
    public let name: String
    /// The options. What the factory does not ask for is reported as unknown.
    public var section: Section
    /// What the handler is made in.
    public let surroundings: HandlerSurroundings
    /// The Swift functions that were registered.
    public let functions: [String: any FunctionCallExecutor]
    /// The kinds of functions that were registered, sorted by name.
    public let executors: [ExecutorKind]

    /// Makes the options of one handler.
    public init(
        name: String, section: Section, surroundings: HandlerSurroundings = HandlerSurroundings(),
        functions: [String: any FunctionCallExecutor] = [:], executors: [ExecutorKind] = []
    ) {
        self.name = name
        self.section = section
        self.surroundings = surroundings
        self.functions = functions
        self.executors = executors
    }

    /// The value of a declared option: its default, or nil, when it is absent; an error and the same when it is wrong.
    public mutating func read<Value>(_ key: SectionKey<Value>) -> Value { section.read(key) }

    /// The place to report what is wrong.
    public var diagnostics: Diagnostics { section.diagnostics }

    /// The time to go by.
    public var clock: any RouterClock { surroundings.clock }

    /// The folder that programs and files to read are relative to; `.` for the current one.
    public var folder: String { surroundings.folder }

    /// The file to read that a declared option names, ready to be opened; `nil` when there is none.
    public mutating func inputPath(_ key: SectionKey<String?>) -> String? {
        read(key).map { surroundings.inputPath($0) }
    }

    /// The file to write to that stands under a key, ready for `LineFile`; `nil` when there is none.
    public mutating func outputPath(_ key: String) -> String? {
        section.string(key).map { surroundings.outputPath($0) }
    }

    /// The file to write to that a declared option names, ready for `LineFile`; `nil` when there is none.
    public mutating func outputPath(_ key: SectionKey<String?>) -> String? {
        read(key).map { surroundings.outputPath($0) }
    }

    /// The file to write to that a declared option names, or its default, ready for `LineFile`.
    public mutating func outputPath(_ key: SectionKey<String>) -> String { surroundings.outputPath(read(key)) }
}

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
        variable: @escaping @Sendable (String) -> String? = HandlerSurroundings.environment
    ) {
        self.folder = folder
        self.outputFolder = outputFolder ?? folder
        self.standardOutputIsTaken = standardOutputIsTaken
        self.startsHandlers = startsHandlers
        self.looksForPrograms = looksForPrograms
        self.clock = clock
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
