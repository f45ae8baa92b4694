public import ConfigSource
public import RealtimeEvents

/// The handler types, function kinds and source types that `routes.yml` can name, and the Swift functions that it can
/// call.
///
/// ```swift
/// var registry = HandlerRegistry.standard
/// registry.register("slack") { options in SlackHandler(channel: options.section.requiredString("channel")) }
/// registry.function("roll_dice") { call in FunctionCallResult("4") }
/// registry.executor("mcp", "Calls a tool of an MCP server.") { options in
///     MCPExecutor(server: options.section.requiredString("server"))
/// }
/// ```
public struct HandlerRegistry: Sendable {
    /// Creates a handler from its options, or reports errors in them and returns nil.
    ///
    /// It must have no side effects, because `check` calls it too. Open files and start processes in
    /// ``EventHandler/start()``.
    public typealias Factory = @Sendable (inout HandlerOptions) -> (any EventHandler)?

    /// Creates a source from its options, or reports errors in them and returns nil.
    ///
    /// It must have no side effects, because `check` calls it too. Open files and sockets in ``SessionSource/run(_:)``.
    public typealias SourceFactory = @Sendable (inout SourceOptions) -> (any SessionSource)?

    /// The description of a handler or source type, for editors and people.
    package struct TypeForm: Sendable {
        /// A sentence about what handlers or sources of this type do; may be empty.
        package var summary: String
        /// The type's own options; nil if only the factory knows them.
        package var options: SectionForm?
    }

    /// A source type.
    struct SourceType: Sendable {
        var form: TypeForm
        var make: SourceFactory
    }

    /// The declaration of a handler type. Its options may depend on the registered function kinds.
    private struct Declaration: Sendable {
        var summary: String
        var options: (@Sendable ([ExecutorKind]) -> SectionForm)?
    }

    private var factories: [String: Factory] = [:]
    private var forms: [String: Declaration] = [:]
    private var kinds: [String: ExecutorKind] = [:]
    /// Source types by name.
    var sources: [String: SourceType] = [:]
    /// Swift functions by name, for `swift: NAME` in a function-call handler's options.
    public private(set) var functions: [String: any FunctionCallExecutor] = [:]

    /// The products other than `RealtimeRouter` that registered something, for `--version`.
    public private(set) var products: Set<String> = []

    /// Creates an empty registry.
    public init() {}

    /// The names of the registered handler types, sorted.
    public var types: [String] { factories.keys.sorted() }

    /// Registers a handler type under the name that `type:` uses. A later registration replaces an earlier one.
    ///
    /// If the options are declared, editors complete and check them with the output of `realtime-router schema`, and
    /// any other option is an error:
    /// ```swift
    /// let limit = SectionKey.int("limit", in: 1...1000, "How many errors are too many.").defaulting(to: 3)
    /// registry.register("alarm", "Says when a session goes wrong.", options: [limit]) { options in
    ///     AlarmHandler(limit: options.read(limit))
    /// }
    /// ```
    ///
    /// - Parameters:
    ///   - type: The name.
    ///   - summary: A sentence about what handlers of this type do.
    ///   - options: The options. If nil, the options that the factory reads are accepted.
    ///   - make: The factory.
    public mutating func register(
        _ type: String, _ summary: String = "", options: [any DeclaredKey]? = nil, make: @escaping Factory
    ) {
        guard let options else {
            forms[type] = Declaration(summary: summary)
            factories[type] = make
            return
        }
        register(type, summary, optionsWith: { _ in options }, make: make)
    }

    /// Registers a handler type whose options depend on the function kinds, which may be registered later.
    package mutating func register(
        _ type: String, _ summary: String, optionsWith keys: @escaping @Sendable ([ExecutorKind]) -> [any DeclaredKey],
        make: @escaping Factory
    ) {
        forms[type] = Declaration(summary: summary) { SectionForm(keys($0)) }
        factories[type] = { options in
            options.section.declare(SectionForm(keys(options.executors)))
            return make(&options)
        }
    }

    /// Registers a function kind. A function of a `function_call` handler in routes.yml has the options of its kind
    /// under the kind's name:
    ///
    /// ```yaml
    /// functions: { find_order: { mcp: { server: orders }, timeout: 5s } }
    /// ```
    /// The keys that all functions have are beside it: `description`, `parameters`, `timeout`, `redact` and so on. A
    /// later registration replaces an earlier one. See ``ManagedExecutor`` for an executor with resources to open.
    ///
    /// - Parameters:
    ///   - kind: The name.
    ///   - summary: A sentence about what functions of this kind do.
    ///   - options: The options. If nil, the options that the factory reads are accepted.
    ///   - make: The factory.
    /// - Precondition: The name is neither a key of all functions nor `command`, `worker` or `swift`.
    public mutating func executor(
        _ kind: String, _ summary: String = "", options: [any DeclaredKey]? = nil,
        make: @escaping ExecutorKind.Factory
    ) {
        kinds[kind] = ExecutorKind(name: kind, summary: summary, options: options.map { SectionForm($0) }, make: make)
    }

    /// The registered function kinds other than `command`, `worker` and `swift`, sorted by name.
    public var executors: [ExecutorKind] { kinds.values.sorted { $0.name < $1.name } }

    /// Records that a product is linked into the program. A product calls it when it registers its types.
    public mutating func noteProduct(_ name: String) { products.insert(name) }

    /// The description of a handler type; nil if it is not registered.
    package func form(_ type: String) -> TypeForm? {
        forms[type].map { TypeForm(summary: $0.summary, options: $0.options?(executors)) }
    }

    /// Registers a Swift function.
    public mutating func function(_ name: String, _ executor: any FunctionCallExecutor) {
        functions[name] = executor
    }

    /// Registers a Swift function made from a closure.
    public mutating func function(
        _ name: String, _ body: @escaping @Sendable (FunctionCall) async throws -> FunctionCallResult
    ) {
        functions[name] = ClosureExecutor(body)
    }

    /// The factory of a handler type.
    public func factory(_ type: String) -> Factory? { factories[type] }
}

extension HandlerRegistry {
    /// The names of the registered source types, sorted.
    public var sourceTypes: [String] { sources.keys.sorted() }

    /// Registers a source type under the name that `type:` uses in `sources`. A later registration replaces an earlier
    /// one.
    ///
    /// ```swift
    /// let address = SectionKey.string("address", "The switchboard's address.").required()
    /// registry.source("switchboard", "Calls of the switchboard.", options: [address]) { options in
    ///     options.read(address).map { SwitchboardSource(address: $0) }
    /// }
    /// ```
    ///
    /// - Parameters:
    ///   - type: The name.
    ///   - summary: A sentence about where sources of this type get their sessions.
    ///   - options: The type's own options. If nil, the options that the factory reads are accepted.
    ///   - make: The factory.
    public mutating func source(
        _ type: String, _ summary: String = "", options: [any DeclaredKey]? = nil, make: @escaping SourceFactory
    ) {
        let form = options.map { SectionForm($0) }
        sources[type] = SourceType(form: TypeForm(summary: summary, options: form)) { options in
            if let form { options.section.declare(form) }
            return make(&options)
        }
    }

    /// The factory of a source type.
    public func sourceFactory(_ type: String) -> SourceFactory? { sources[type]?.make }

    /// The description of a source type; nil if it is not registered.
    package func sourceForm(_ type: String) -> TypeForm? { sources[type]?.form }

    /// Registers the built-in source types: `file` and `pipe`.
    public mutating func registerSources() {
        registerFiles()
        registerPipe()
    }

    private mutating func registerFiles() {
        let paths = SectionKey.stringOrList(
            "paths",
            "Files of JSON Lines, folders (their files that end in `.jsonl`), and patterns such as `calls/*.jsonl`."
        ).required("write `paths: [calls/*.jsonl]`")
        let concurrentSessions = SectionKey.int(
            "concurrent_sessions", in: 1...1000, "How many sessions are read at the same time."
        ).defaulting(to: 4).formerly("at_once")
        source("file", "Recorded sessions in files.", options: [paths, concurrentSessions]) { options in
            let count = options.read(concurrentSessions)
            guard let written = options.read(paths) else { return nil }
            guard !written.isEmpty, !written.contains("") else {
                options.section.error(
                    written.isEmpty ? "`paths` is empty" : "a path is empty", at: "paths",
                    help: "write `paths: [calls/*.jsonl]`")
                return nil
            }
            return FileSource(paths: written.map { options.inputPath($0) }, concurrentSessions: count)
        }
    }

    private mutating func registerPipe() {
        let live = SectionKey.bool(
            "live",
            "Whether the sessions are live: events arrive as they happen, and what `--outbound` writes reaches them."
        ).defaulting(to: false)
        let key = SectionKey.string(
            "session_key", "The key of the session to which lines without a session name belong; `stdin` by default.")
        source("pipe", "Sessions that another program writes to standard input.", options: [live, key]) { options in
            let isLive = options.read(live)
            let key = options.read(key)
            guard key?.isEmpty != true else {
                options.section.error("`session_key` is empty", at: "session_key")
                return nil
            }
            return PipeSource(isLive: isLive, key: key)
        }
    }
}
