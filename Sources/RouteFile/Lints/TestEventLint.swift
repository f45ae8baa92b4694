import ConfigSource
import EventRouter
import RealtimeEvents

/// Warns about events in `tests` that cannot occur: fields of the wrong type, and misspelt fields and values of derived
/// events.
struct TestEventLint {
    let values: ValueLint
    let diagnostics: Diagnostics

    /// Creates a lint that checks function names against those of the file.
    init(functions: KnownFunctions, _ diagnostics: Diagnostics) {
        values = ValueLint(functions: functions, context: .event, diagnostics: diagnostics)
        self.diagnostics = diagnostics
    }

    /// Checks an event of a known type.
    func check(_ event: Node, from side: SessionSide) {
        guard let type = event["type"]?.string.map({ EventType($0) }), EventScope.isKnown(type, side) else { return }
        let root = ScopedField(EventScope([type], from: side))
        for entry in event.entries ?? [] where entry.name != "type" { check(entry, root) }
    }

    private func check(_ entry: Node.Entry, _ outer: ScopedField) {
        if let field = outer.field(entry.name) {
            check(entry.value, field)
        } else if outer.scope.isDerived, let near = closest(to: entry.name, among: outer.shape.fieldNames.sorted()) {
            let name = (outer.path + [entry.name]).joined(separator: ".")
            diagnostics.warning(
                "\(outer.scope.subject) \(quoted(name))", at: entry.key, help: "did you mean `\(near)`?")
        }
    }

    private func check(_ value: Node, _ field: ScopedField) {
        guard !field.shape.isAnything else { return }
        switch value.content {
        case .list(let elements):
            for element in elements { check(element, field) }
        case .mapping(let entries):
            guard field.shape.holdsFields else {
                values.warnOfType(value, field)
                return
            }
            for entry in entries { check(entry, field) }
        case .scalar(let scalar):
            // `LookAlikeLint` reports a look-alike such as `yes`.
            if scalar.lookAlike == nil { values.check(value, field) }
        }
    }
}
