import RealtimeRouter

/// Short values of fields, from the sample sessions.
struct FieldExamples {
    /// By the event's type or the object's, and the path in it.
    private var values: [String: String] = [:]

    init(_ samples: EventSamples) {
        for type in EventReference.types {
            for sample in samples.all(type.name, from: .server) {
                for form in type.payloadTypes.prefix(1) { collect(sample, form, Self.key(type.name, .server), []) }
            }
        }
        for type in EventFields.clientTypes {
            for sample in samples.all(type, from: .client) {
                // The sample sessions have no translation, whose forms come last.
                for case .object(let form) in EventFields.shapes(ofClientType: type).prefix(1) {
                    collect(sample, form, Self.key(type, .client), [])
                }
            }
        }
    }

    /// A value of an event's field; nil if no sample has one.
    func value(of path: [String], in type: String, from side: SessionSide) -> String? {
        values[Self.key(type, side) + "/" + path.joined(separator: ".")]
    }

    /// A value of an object's field, wherever the object stands; nil if no sample has one.
    func value(of path: [String], in object: String) -> String? { values[object + "/" + path.joined(separator: ".")] }

    private static func key(_ type: String, _ side: SessionSide) -> String { "\(side) \(type)" }

    private mutating func collect(_ json: JSONValue, _ form: any WireObject.Type, _ event: String, _ path: [String]) {
        for (name, shape) in form.fieldShapes {
            guard let value = json[name], value != .null else { continue }
            let place = path + [name]
            let object = String(describing: form)
            note(value, at: event + "/" + place.joined(separator: "."))
            note(value, at: object + "/" + name)
            for inner in Self.objects(in: shape) {
                for element in Self.elements(of: value) {
                    collect(element, inner, event, place)
                    // Paths from an object on, for the tables of objects.
                    collectInner(element, inner, object, [name])
                }
            }
        }
    }

    private mutating func collectInner(
        _ json: JSONValue, _ form: any WireObject.Type, _ object: String, _ path: [String]
    ) {
        for (name, shape) in form.fieldShapes {
            guard let value = json[name], value != .null else { continue }
            note(value, at: object + "/" + (path + [name]).joined(separator: "."))
            for inner in Self.objects(in: shape) {
                for element in Self.elements(of: value) { collectInner(element, inner, object, path + [name]) }
            }
        }
    }

    private mutating func note(_ value: JSONValue, at key: String) {
        // An id says nothing.
        guard values[key] == nil, !key.hasSuffix("_id"), !key.hasSuffix("/id"), !key.hasSuffix(".id") else { return }
        switch Self.elements(of: value).first {
        case .string(let text)?:
            if !text.isEmpty, text.utf8.count <= 40, !text.contains("`"), !text.contains("|"), !text.contains("\n") {
                values[key] = text
            }
        case .number(let number)?: values[key] = JSONValue.number(number).description
        default: break
        }
    }

    private static func elements(of value: JSONValue) -> [JSONValue] {
        if case .array(let elements) = value { elements } else { [value] }
    }

    private static func objects(in shape: WireShape) -> [any WireObject.Type] {
        switch shape {
        case .string, .integer, .number, .boolean, .any: []
        case .array(let inner), .map(let inner): objects(in: inner)
        case .oneOf(let shapes): shapes.flatMap(objects)
        case .object(let form): [form]
        }
    }
}
