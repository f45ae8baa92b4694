public import ConfigSource
public import EventJSON
import RecordFiles

/// The options of what a ``HandlerRegistry`` makes by a name in routes.yml: a handler, a source, or the executor of a function.
public protocol PluginOptions {
    /// The name in routes.yml.
    var name: String { get }
    /// The options. What the factory does not ask for is reported as unknown.
    var section: Section { get set }
    /// The place where the router runs.
    var surroundings: HandlerSurroundings { get }
}

extension PluginOptions {
    /// The value of a declared option: its default, or nil, when it is absent; an error and the same when it is wrong.
    public mutating func read<Value>(_ key: SectionKey<Value>) -> Value { section.read(key) }

    /// The place to report what is wrong.
    public var diagnostics: Diagnostics { section.diagnostics }

    /// The time to go by.
    public var clock: any RouterClock { surroundings.clock }

    /// The folder that programs and files to read are relative to; `.` for the current one.
    public var folder: String { surroundings.folder }

    /// The path of a file to read, ready to be opened.
    public func inputPath(_ path: String) -> String { surroundings.inputPath(path) }

    /// The file to read that a declared option names, ready to be opened; nil when there is none.
    public mutating func inputPath(_ key: SectionKey<String?>) -> String? {
        read(key).map { surroundings.inputPath($0) }
    }

    /// The file to write to that a declared option names, ready for `LineFile`; nil when there is none.
    public mutating func outputPath(_ key: SectionKey<String?>) -> String? {
        read(key).map { surroundings.outputPath($0) }
    }

    /// The file to write to that a declared option names, or its default, ready for `LineFile`.
    public mutating func outputPath(_ key: SectionKey<String>) -> String { surroundings.outputPath(read(key)) }
}

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

/// What a source's factory gets: the options that stand in routes.yml, and what they are relative to.
public struct SourceOptions: PluginOptions {
    /// The name of this source in routes.yml.
    public let name: String
    /// The options. What the factory does not ask for is reported as unknown.
    public var section: Section
    /// The place where the source is going to run.
    public let surroundings: HandlerSurroundings

    /// Makes the options of one source.
    public init(name: String, section: Section, surroundings: HandlerSurroundings = HandlerSurroundings()) {
        self.name = name
        self.section = section
        self.surroundings = surroundings
    }
}

/// What the factory of an executor gets: the options of one function that are its kind's, and what is known of the function.
public struct ExecutorOptions: PluginOptions {
    /// The name of the function.
    public let name: String
    /// The options: the mapping under the kind's name. What the factory does not ask for is reported as unknown.
    public var section: Section
    /// What the executor is made in.
    public let surroundings: HandlerSurroundings
    /// How long a call of the function may take.
    public let timeout: Duration
    /// The JSON Schema of the arguments; nil if any object will do. A call with other arguments never reaches the executor.
    public let parameters: JSONValue?
    /// The arguments that nobody may write down: no file, no log and no list of processes may show them.
    public let redacted: Set<String>

    /// Makes the options of one function.
    public init(
        name: String, section: Section, surroundings: HandlerSurroundings = HandlerSurroundings(),
        timeout: Duration = .seconds(10), parameters: JSONValue? = nil, redacted: Set<String> = []
    ) {
        self.name = name
        self.section = section
        self.surroundings = surroundings
        self.timeout = timeout
        self.parameters = parameters
        self.redacted = redacted
    }
}

/// A kind of function that routes.yml can name: what makes its executors.
public struct ExecutorKind: Sendable {
    /// Makes the executor of one function from its options, or reports what is wrong with them and returns nil.
    ///
    /// It must touch nothing outside: `check` calls it too. Files, connections and processes are for ``ManagedExecutor/start()``.
    public typealias Factory = @Sendable (inout ExecutorOptions) -> (any FunctionCallExecutor)?

    /// The key of a function under which its options stand.
    public let name: String
    /// What functions of this kind do, in a sentence; empty when nobody said.
    public let summary: String
    /// The options; nil when they are known only to the factory.
    package let options: SectionForm?
    /// The factory.
    package let make: Factory
}

extension JSONValue {
    /// The value that a part of a configuration stands for, for options that are JSON themselves: a schema, an event.
    public init(_ node: Node) {
        switch node.content {
        case .list(let elements): self = .array(elements.map { JSONValue($0) })
        case .mapping(let entries):
            self = .object(JSONObject(entries.map { (key: $0.name, value: JSONValue($0.value)) }))
        case .scalar(let scalar):
            switch scalar.value {
            case .null: self = .null
            case .bool(let value): self = .bool(value)
            case .string(let text): self = .string(text)
            case .number(let text): self = JSONNumber(text: text).map { .number($0) } ?? .string(text)
            }
        }
    }
}
