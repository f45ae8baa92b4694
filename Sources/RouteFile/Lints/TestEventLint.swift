import ConfigSource
import EventRouter
import RealtimeEvents

/// Warns of events in `tests` that never come: fields of the wrong type, and misspelt fields and values of derived events.
struct TestEventLint {
    let values: ValueLint
    let diagnostics: Diagnostics

    /// A lint that knows the functions of the file.
    init(functions: KnownFunctions, _ diagnostics: Diagnostics) {
        values = ValueLint(functions: functions, setting: .event, diagnostics: diagnostics)
        self.diagnostics = diagnostics
    }

    /// Checks an event of a known type.
    func check(_ event: Node, from side: SessionSide) {
        guard let type = event["type"]?.string.map({ EventType($0) }), EventScope.isKnown(type, side) else { return }
        let place = FieldPlace(EventScope([type], from: side))
        for entry in event.entries ?? [] where entry.name != "type" { check(entry, place) }
    }

    private func check(_ entry: Node.Entry, _ outer: FieldPlace) {
        if let field = outer.field(entry.name) {
            check(entry.value, field)
        } else if outer.scope.isDerived, let near = closest(to: entry.name, among: outer.form.fieldNames.sorted()) {
            let name = (outer.path + [entry.name]).joined(separator: ".")
            diagnostics.warning(
                "\(outer.scope.subject) \(quoted(name))", at: entry.key, help: "did you mean `\(near)`?")
        }
    }

    private func check(_ value: Node, _ field: FieldPlace) {
        guard !field.form.isAnything else { return }
        switch value.content {
        case .list(let elements):
            for element in elements { check(element, field) }
        case .mapping(let entries):
            guard field.form.holdsFields else {
                values.warnOfKind(value, field)
                return
            }
            for entry in entries { check(entry, field) }
        case .scalar(let scalar):
            // Others report a look-alike, such as `yes`.
            if scalar.lookAlike == nil { values.check(value, field) }
        }
    }
}

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
