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

/// The values that events can hold at one place: the union over the event types that a pattern is about.
///
/// Arrays are transparent, as they are for patterns.
struct PlaceForm {
    private var strings: [(known: [String], isClosed: Bool)] = []
    private var objects: [ObjectFields] = []
    private var mapValues: [WireShape] = []
    /// Whether any JSON value may stand here.
    private(set) var isAnything = false
    /// Whether numbers stand here.
    private(set) var holdsNumbers = false
    /// Whether `true` and `false` stand here.
    private(set) var holdsBooleans = false

    /// A place from the forms of its values.
    init(_ shapes: [WireShape]) {
        for shape in shapes { add(shape) }
    }

    private mutating func add(_ shape: WireShape) {
        switch shape {
        case .string(let known, let isClosed): strings.append((known, isClosed))
        case .integer, .number: holdsNumbers = true
        case .boolean: holdsBooleans = true
        case .any: isAnything = true
        case .array(let element): add(element)
        case .map(let value): mapValues.append(value)
        case .object(let type): objects.append(EventFields.fields(of: type))
        case .oneOf(let shapes): for shape in shapes { add(shape) }
        }
    }

    /// Whether strings stand here.
    var holdsStrings: Bool { !strings.isEmpty }

    /// Whether objects stand here.
    var holdsFields: Bool { !objects.isEmpty || !mapValues.isEmpty }

    /// Whether strings, numbers or booleans stand here.
    var holdsScalars: Bool { holdsStrings || holdsNumbers || holdsBooleans || isAnything }

    /// The known values of the strings here; empty if one of the event types allows any text.
    var knownValues: [String] {
        guard strings.allSatisfy({ !$0.known.isEmpty }) else { return [] }
        var values: [String] = []
        for value in strings.lazy.flatMap(\.known) where !values.contains(value) { values.append(value) }
        return values
    }

    /// Whether ``knownValues`` has all values of the strings here.
    var isClosed: Bool { holdsStrings && strings.allSatisfy(\.isClosed) && !isAnything }

    /// A field of the objects here; nil if none of them has it.
    func field(_ name: String) -> PlaceForm? {
        if isAnything { return PlaceForm([.any]) }
        let shapes = objects.compactMap { $0.shapes[name] } + mapValues
        return shapes.isEmpty ? nil : PlaceForm(shapes)
    }

    /// The field of the objects here that has a text among its known values; nil if there is none.
    func fieldName(of value: String) -> String? { objects.lazy.compactMap { $0.nameByValue[value] }.first }

    /// The place that a path of fields leads to; nil if there is none.
    func place(at path: some Sequence<String>) -> PlaceForm? {
        var place = self
        for name in path {
            guard let inner = place.field(name) else { return nil }
            place = inner
        }
        return place
    }

    /// The fields of the objects here, each once, in the order in which the payloads declare them.
    var fieldNames: [String] {
        var names: [String] = []
        for name in objects.flatMap(\.names) where !names.contains(name) { names.append(name) }
        return names
    }

    /// The shortest path that leads from here, through at least one other field, to a field that satisfies a condition.
    func innerPath(where isWanted: (String, PlaceForm) -> Bool) -> [String]? {
        var level: [(path: [String], place: PlaceForm)] = [([], self)]
        for depth in 0..<4 {
            var next: [(path: [String], place: PlaceForm)] = []
            for (path, place) in level {
                for name in place.fieldNames {
                    guard let inner = place.field(name) else { continue }
                    if depth > 0, isWanted(name, inner) { return path + [name] }
                    next.append((path + [name], inner))
                }
            }
            level = next
        }
        return nil
    }

    /// The path to an inner field that has a text among its known values; nil if there is none.
    func innerPath(to value: String) -> [String]? {
        fieldName(of: value).map { [$0] } ?? innerPath { $1.knownValues.contains(value) }
    }

    /// What stands here, for a sentence: "a number", "true or false", "a string or fields".
    var description: String {
        let kinds = [
            (holdsStrings, "a string"), (holdsNumbers, "a number"), (holdsBooleans, "true or false"),
            (holdsFields, "fields"),
        ]
        return kinds.filter(\.0).map(\.1).joined(separator: " or ")
    }
}
