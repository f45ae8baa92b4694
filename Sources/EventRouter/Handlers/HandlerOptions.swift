public import ConfigSource
import RecordFiles

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
