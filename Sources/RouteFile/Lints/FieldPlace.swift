import RealtimeEvents

/// A field of the events that a pattern is about.
struct FieldPlace {
    /// The names that lead to it.
    var path: [String] = []
    /// The event types.
    let scope: EventScope
    /// What the field holds.
    let form: PlaceForm

    /// The events themselves.
    init(_ scope: EventScope) {
        self.scope = scope
        form = scope.place
    }

    private init(path: [String], scope: EventScope, form: PlaceForm) {
        self.path = path
        self.scope = scope
        self.form = form
    }

    /// The path as messages show it.
    var name: String { path.joined(separator: ".") }

    /// A field inside this one; nil if none of the events has it. In an open scope an unknown field may hold anything.
    func field(_ name: String) -> FieldPlace? {
        // Labels belong to the session: a pattern can ask for them in every event.
        let isLabels = path.isEmpty && name == "labels"
        let inner = isLabels ? PlaceForm([.map(.string)]) : form.field(name)
        guard let inner = inner ?? (scope.isOpen ? PlaceForm([.any]) : nil) else { return nil }
        return FieldPlace(path: path + [name], scope: scope, form: inner)
    }
}

extension FieldPlace {
    /// YAML for what an inner field is to be: `response: {status: failed}`.
    func written(_ inner: [String], _ value: String) -> String {
        let nested = inner.reversed().reduce(value) { "{\($1): \($0)}" }
        return "\(path.last ?? "…"): \(nested)"
    }
}

extension EventScope {
    /// The events as the subject of a sentence about a field that they do not have.
    var subject: String {
        isEverything
            ? "no known event type has a field"
            : types.count == 1 ? "`\(types[0].name)` has no field" : "none of these event types has a field"
    }
}
