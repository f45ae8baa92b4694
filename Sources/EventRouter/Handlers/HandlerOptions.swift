public import ConfigSource
import RecordFiles

/// What a handler's factory gets: the options that stand in routes.yml, and what they are relative to.
public struct HandlerOptions: PluginOptions {
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

    /// The file to write to that stands under a key, ready for `LineFile`; `nil` when there is none.
    public mutating func outputPath(_ key: String) -> String? {
        section.string(key).map { surroundings.outputPath($0) }
    }
}
