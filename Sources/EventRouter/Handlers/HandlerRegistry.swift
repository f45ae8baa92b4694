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
