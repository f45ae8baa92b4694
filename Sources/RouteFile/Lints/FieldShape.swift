import RealtimeEvents

/// The values that a field can have: the union over the event types that a pattern can match.
///
/// An array has the shape of its elements, because patterns match the elements of arrays.
struct FieldShape {
    private var strings: [(known: [String], isClosed: Bool)] = []
    private var objects: [ObjectFields] = []
    private var mapValues: [WireShape] = []
    /// Whether any JSON value is possible.
    private(set) var isAnything = false
    /// Whether numbers are possible.
    private(set) var holdsNumbers = false
    /// Whether `true` and `false` are possible.
    private(set) var holdsBooleans = false

    /// Creates the union of the shapes of a field in several event types.
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

    /// Whether strings are possible.
    var holdsStrings: Bool { !strings.isEmpty }

    /// Whether objects are possible.
    var holdsFields: Bool { !objects.isEmpty || !mapValues.isEmpty }

    /// Whether strings, numbers or booleans are possible.
    var holdsScalars: Bool { holdsStrings || holdsNumbers || holdsBooleans || isAnything }

    /// The known string values; empty if one of the event types allows any string.
    var knownValues: [String] {
        guard strings.allSatisfy({ !$0.known.isEmpty }) else { return [] }
        var values: [String] = []
        for value in strings.lazy.flatMap(\.known) where !values.contains(value) { values.append(value) }
        return values
    }

    /// Whether only ``knownValues`` are possible.
    var isClosed: Bool { holdsStrings && strings.allSatisfy(\.isClosed) && !isAnything }

    /// The shape of an inner field; nil if no object has the field.
    func field(_ name: String) -> FieldShape? {
        if isAnything { return FieldShape([.any]) }
        let shapes = objects.compactMap { $0.shapes[name] } + mapValues
        return shapes.isEmpty ? nil : FieldShape(shapes)
    }

    /// The name of the inner field whose known values include `value`; nil if there is no such field.
    func fieldName(of value: String) -> String? { objects.lazy.compactMap { $0.nameByValue[value] }.first }

    /// The shape of the field at a path; nil if there is no such field.
    func shape(at path: some Sequence<String>) -> FieldShape? {
        var shape = self
        for name in path {
            guard let inner = shape.field(name) else { return nil }
            shape = inner
        }
        return shape
    }

    /// The names of the inner fields without duplicates, in the order of their declarations.
    var fieldNames: [String] {
        var names: [String] = []
        for name in objects.flatMap(\.names) where !names.contains(name) { names.append(name) }
        return names
    }

    /// The shortest path that leads from here, through at least one other field, to a field that satisfies a condition.
    func innerPath(where isWanted: (String, FieldShape) -> Bool) -> [String]? {
        var level: [(path: [String], shape: FieldShape)] = [([], self)]
        for depth in 0..<4 {
            var next: [(path: [String], shape: FieldShape)] = []
            for (path, shape) in level {
                for name in shape.fieldNames {
                    guard let inner = shape.field(name) else { continue }
                    if depth > 0, isWanted(name, inner) { return path + [name] }
                    next.append((path + [name], inner))
                }
            }
            level = next
        }
        return nil
    }

    /// The path to an inner field whose known values include `value`; nil if there is no such field.
    func innerPath(to value: String) -> [String]? {
        fieldName(of: value).map { [$0] } ?? innerPath { $1.knownValues.contains(value) }
    }

    /// The possible types, for messages: "a number", "true or false", "a string or fields".
    var description: String {
        let kinds = [
            (holdsStrings, "a string"), (holdsNumbers, "a number"), (holdsBooleans, "true or false"),
            (holdsFields, "fields"),
        ]
        return kinds.filter(\.0).map(\.1).joined(separator: " or ")
    }
}
