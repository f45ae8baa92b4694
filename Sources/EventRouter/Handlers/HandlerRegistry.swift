public import ConfigSource
public import RealtimeEvents

/// The handler types that `routes.yml` can name, and the Swift functions that it can call.
///
/// ```swift
/// var registry = HandlerRegistry.standard
/// registry.register("slack") { options in SlackHandler(channel: options.section.requiredString("channel")) }
/// registry.function("roll_dice") { call in FunctionCallResult("4") }
/// ```
public struct HandlerRegistry: Sendable {
    /// Makes a handler from its options, or reports what is wrong with them and gives `nil`.
    ///
    /// It must touch nothing outside: `check` calls it too. Files and processes are for ``EventHandler/start()``.
    public typealias Factory = @Sendable (inout HandlerOptions) -> (any EventHandler)?

    private var factories: [String: Factory] = [:]
    /// Swift functions by name, for `swift: NAME` in a function-call handler's options.
    public private(set) var functions: [String: any FunctionCallExecutor] = [:]

    /// Makes an empty registry.
    public init() {}

    /// The names of the registered types, sorted.
    public var types: [String] { factories.keys.sorted() }

    /// Registers a handler type under the name that `type:` uses. A later registration replaces an earlier one.
    public mutating func register(_ type: String, make: @escaping Factory) {
        factories[type] = make
    }

    /// Registers a Swift function.
    public mutating func function(_ name: String, _ executor: any FunctionCallExecutor) {
        functions[name] = executor
    }

    /// Registers a Swift function made of a closure.
    public mutating func function(
        _ name: String, _ body: @escaping @Sendable (FunctionCall) async throws -> FunctionCallResult
    ) {
        functions[name] = ClosureExecutor(body)
    }

    /// The factory of a type.
    public func factory(_ type: String) -> Factory? { factories[type] }
}

/// What a handler's factory gets: the options that stand in routes.yml, and where they stand.
public struct HandlerOptions {
    /// The name of this handler in routes.yml.
    public let name: String
    /// The options. What the factory does not ask for is reported as unknown.
    public var section: Section
    /// The folder that relative paths are relative to, without a slash at its end; empty for the current one.
    public let folder: String
    /// The Swift functions that were registered.
    public let functions: [String: any FunctionCallExecutor]
    /// The time to go by.
    public let clock: any RouterClock

    /// Makes the options of one handler.
    public init(
        name: String, section: Section, folder: String = "", functions: [String: any FunctionCallExecutor] = [:],
        clock: any RouterClock = .system
    ) {
        self.name = name
        self.section = section
        self.folder = folder
        self.functions = functions
        self.clock = clock
    }

    /// The place to report what is wrong.
    public var diagnostics: Diagnostics { section.diagnostics }

    /// A path relative to the folder of routes.yml; `-` and absolute paths stay as they are.
    public func resolve(_ path: String) -> String {
        path == "-" || path.hasPrefix("/") || folder.isEmpty ? path : folder + "/" + path
    }

    /// The path that stands under a key, resolved; `nil` when there is none.
    public mutating func path(_ key: String) -> String? {
        section.string(key).map { resolve($0) }
    }
}
