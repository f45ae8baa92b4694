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

    /// A handler type as editors and people are told of it.
    package struct TypeForm: Sendable {
        /// What handlers of this type do, in a sentence; empty when nobody said.
        package var summary: String
        /// The options, beside those that every handler has; nil when they are known only to the factory.
        package var options: SectionForm?
    }

    private var factories: [String: Factory] = [:]
    private var forms: [String: TypeForm] = [:]
    /// Swift functions by name, for `swift: NAME` in a function-call handler's options.
    public private(set) var functions: [String: any FunctionCallExecutor] = [:]

    /// The products beside `RealtimeRouter` that registered something, for `--version`.
    public private(set) var products: Set<String> = []

    /// Makes an empty registry.
    public init() {}

    /// The names of the registered types, sorted.
    public var types: [String] { factories.keys.sorted() }

    /// Registers a handler type under the name that `type:` uses. A later registration replaces an earlier one.
    ///
    /// With its options declared, editors complete and check them by `realtime-router schema`, and no other is known:
    /// ```swift
    /// let limit = SectionKey.int("limit", in: 1...1000, "How many errors are too many.").defaulting(to: 3)
    /// registry.register("alarm", "Says when a session goes wrong.", options: [limit]) { options in
    ///     AlarmHandler(limit: options.read(limit))
    /// }
    /// ```
    ///
    /// - Parameters:
    ///   - type: the name.
    ///   - summary: what handlers of this type do, in a sentence.
    ///   - options: the options; nil when those are known that the factory asks for.
    ///   - make: the factory.
    public mutating func register(
        _ type: String, _ summary: String = "", options: [any DeclaredKey]? = nil, make: @escaping Factory
    ) {
        let form = options.map { SectionForm($0) }
        forms[type] = TypeForm(summary: summary, options: form)
        factories[type] = { options in
            if let form { options.section.declare(form) }
            return make(&options)
        }
    }

    /// Notes that a product is linked into the program. Products do so where they register their types.
    public mutating func noteProduct(_ name: String) { products.insert(name) }

    /// What is to be known of a type.
    package func form(_ type: String) -> TypeForm? { forms[type] }

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
