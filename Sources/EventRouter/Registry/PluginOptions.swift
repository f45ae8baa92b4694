public import ConfigSource
public import EventJSON
import RecordFiles

/// The options of a handler, a source or a function's executor that a ``HandlerRegistry`` makes.
public protocol PluginOptions {
    /// The name in routes.yml.
    var name: String { get }
    /// The options. An option that the factory does not read is reported as unknown.
    var section: Section { get set }
    /// The environment of the router.
    var context: HandlerContext { get }
}

extension PluginOptions {
    /// Reads a declared option. Returns its default, or nil, if it is absent; if it is invalid, reports an error and
    /// returns the same.
    public mutating func read<Value>(_ key: SectionKey<Value>) -> Value { section.read(key) }

    /// Collects the errors in the options.
    public var diagnostics: Diagnostics { section.diagnostics }

    /// The clock to use.
    public var clock: any RouterClock { context.clock }

    /// The base folder of programs and input files; `.` is the current folder.
    public var folder: String { context.folder }

    /// Resolves the path of an input file.
    public func inputPath(_ path: String) -> String { context.inputPath(path) }

    /// Reads a declared option with the path of an input file, and resolves the path; nil if the option is absent.
    public mutating func inputPath(_ key: SectionKey<String?>) -> String? {
        read(key).map { context.inputPath($0) }
    }

    /// Reads a declared option with the path of an output file, and resolves the path for `LineFile`; nil if the option
    /// is absent.
    public mutating func outputPath(_ key: SectionKey<String?>) -> String? {
        read(key).map { context.outputPath($0) }
    }

    /// Reads a declared option with the path of an output file, or its default, and resolves the path for `LineFile`.
    public mutating func outputPath(_ key: SectionKey<String>) -> String { context.outputPath(read(key)) }
}

/// The input of a handler's factory: the options in routes.yml, and the router's environment.
public struct HandlerOptions: PluginOptions {
    /// The name of this handler in routes.yml.
    public let name: String
    /// The options. An option that the factory does not read is reported as unknown.
    public var section: Section
    /// The environment of the router.
    public let context: HandlerContext
    /// The registered Swift functions, by name.
    public let functions: [String: any FunctionCallExecutor]
    /// The registered function kinds, sorted by name.
    public let executors: [ExecutorKind]

    /// Creates the options of one handler.
    public init(
        name: String, section: Section, context: HandlerContext = HandlerContext(),
        functions: [String: any FunctionCallExecutor] = [:], executors: [ExecutorKind] = []
    ) {
        self.name = name
        self.section = section
        self.context = context
        self.functions = functions
        self.executors = executors
    }

    /// Reads an option with the path of an output file, and resolves the path for `LineFile`; nil if the option is
    /// absent.
    public mutating func outputPath(_ key: String) -> String? {
        section.string(key).map { context.outputPath($0) }
    }
}

/// The input of a source's factory: the options in routes.yml, and the router's environment.
public struct SourceOptions: PluginOptions {
    /// The name of this source in routes.yml.
    public let name: String
    /// The options. An option that the factory does not read is reported as unknown.
    public var section: Section
    /// The environment of the router.
    public let context: HandlerContext

    /// Creates the options of one source.
    public init(name: String, section: Section, context: HandlerContext = HandlerContext()) {
        self.name = name
        self.section = section
        self.context = context
    }
}

/// The input of an executor's factory: the function's options of this kind, and properties of the function.
public struct ExecutorOptions: PluginOptions {
    /// The name of the function.
    public let name: String
    /// The options: the mapping under the kind's name. An option that the factory does not read is reported as unknown.
    public var section: Section
    /// The environment of the router.
    public let context: HandlerContext
    /// The timeout of a call of the function.
    public let timeout: Duration
    /// The JSON Schema of the arguments; nil if any object is valid. Calls with invalid arguments never reach the
    /// executor.
    public let parameters: JSONValue?
    /// The names of sensitive arguments. They must not occur in files, logs or lists of processes.
    public let redacted: Set<String>

    /// Creates the options of one function.
    public init(
        name: String, section: Section, context: HandlerContext = HandlerContext(),
        timeout: Duration = .seconds(10), parameters: JSONValue? = nil, redacted: Set<String> = []
    ) {
        self.name = name
        self.section = section
        self.context = context
        self.timeout = timeout
        self.parameters = parameters
        self.redacted = redacted
    }
}

/// A kind of function that routes.yml can name, with the factory of its executors.
public struct ExecutorKind: Sendable {
    /// Creates the executor of one function from its options, or reports errors in them and returns nil.
    ///
    /// It must have no side effects, because `check` calls it too. Open files and connections in
    /// ``ManagedExecutor/start()``.
    public typealias Factory = @Sendable (inout ExecutorOptions) -> (any FunctionCallExecutor)?

    /// The key of a function that holds its options.
    public let name: String
    /// A sentence about what functions of this kind do; may be empty.
    public let summary: String
    /// The options; nil if only the factory knows them.
    package let options: SectionForm?
    /// The factory.
    package let make: Factory
}

extension JSONValue {
    /// Converts a part of a configuration to JSON, for options that are JSON themselves: a schema, an event.
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
