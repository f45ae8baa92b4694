import EventRouter
import RealtimeEvents

/// The functions that a file knows, for patterns that name them.
struct KnownFunctions {
    private var namesByHandler: [String: Set<String>] = [:]
    /// The functions of all handlers.
    private(set) var all: Set<String> = []
    /// The functions of the handlers that a route goes to, and one of these handlers; nil if the route goes to none that
    /// answers calls, or to one whose functions are not known.
    private(set) var ofRoute: (names: Set<String>, handler: String)?

    /// No functions.
    init() {}

    /// The functions of a file's handlers.
    init(_ handlers: [DeclaredHandler]) {
        for handler in handlers {
            guard let offer = handler.binding?.roles.functionCalls?.toolOffer else { continue }
            namesByHandler[handler.name] = Set(offer.tools.compactMap(\.name))
        }
        all = namesByHandler.values.reduce(into: []) { $0.formUnion($1) }
    }

    /// The same for a route that goes to some of the handlers.
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
