import ConfigSource
import EventRouter
import RealtimeEvents

/// A handler that the file declares.
struct DeclaredHandler {
    let name: String
    /// The node of the name.
    let key: Node
    /// The value of `on_full`; nil if the file does not set it.
    let onFull: Node?
    /// The handler; nil if its options have an error.
    let binding: HandlerBinding?

    /// Whether the handler restricts the events to certain types; nil if that is unknown.
    var hasInterests: Bool? {
        guard let handler = binding?.handler, !(handler is UnregisteredHandler) else { return nil }
        return !handler.interests.isEmpty
    }
}

/// A placeholder for a handler of an unregistered type, in commands that start no handlers.
struct UnregisteredHandler: EventHandler {
    let type: String

    /// A description in place of the event types. Only a program that registers the handler type knows them.
    var interests: [EventType] { [EventType("the events that the handler type `\(type)` is made for")] }

    func start() async throws {
        throw DeliveryFailure.permanent("the handler type `\(type)` is not registered in this program")
    }

    func handle(_ delivery: EventDelivery) async throws { try await start() }
}

/// The functions that a file declares, to check patterns that name a function.
struct KnownFunctions {
    private var namesByHandler: [String: Set<String>] = [:]
    /// The functions of all handlers.
    private(set) var all: Set<String> = []
    /// The functions of a route's handlers, and the first handler that answers calls. Nil if no handler of the route
    /// answers calls, or if the functions of such a handler are unknown.
    private(set) var ofRoute: (names: Set<String>, handler: String)?

    /// Creates an empty set of functions.
    init() {}

    /// Collects the functions of a file's handlers.
    init(_ handlers: [DeclaredHandler]) {
        for handler in handlers {
            guard let offer = handler.binding?.roles.functionCalls?.toolOffer else { continue }
            namesByHandler[handler.name] = Set(offer.tools.compactMap(\.name))
        }
        all = namesByHandler.values.reduce(into: []) { $0.formUnion($1) }
    }

    /// A copy with ``ofRoute`` set for a route with the given handlers.
    func forRoute(to targets: [DeclaredHandler]) -> KnownFunctions {
        var functions = self
        let answering = targets.filter { $0.binding?.roles.takesFunctionCalls ?? true }
        let names = answering.map { namesByHandler[$0.name] }
        if let first = answering.first, !names.contains(nil) {
            functions.ofRoute = (Set(names.compactMap { $0 }.joined()), first.name)
        }
        return functions
    }
}
