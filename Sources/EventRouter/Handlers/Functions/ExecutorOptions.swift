public import ConfigSource
public import EventJSON

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
