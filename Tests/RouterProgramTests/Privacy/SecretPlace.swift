import EventJSON
import RealtimeEvents

/// A place in an event for a secret.
struct SecretPlace: Hashable, CustomStringConvertible {
    enum Step: Hashable {
        case member(String)
        case element
    }

    enum Form: String, CaseIterable {
        case text, number
        /// The name of a member.
        case key
        /// Under a name whose values are redacted.
        case field
    }

    /// The event's type as it is sent.
    var type: String
    var payload: ObjectIdentifier
    var steps: [Step]
    var form: Form

    var description: String {
        let path = steps.map { if case .member(let name) = $0 { ".\(name)" } else { "[]" } }
        return "\(type)\(path.joined()) (\(form.rawValue))"
    }

    /// The models by which events are made.
    static let models: [(type: String, model: any WireObject.Type, isKnown: Bool)] = {
        var models: [(String, any WireObject.Type, Bool)] = []
        for code in EventType.Code.allCases where code != .unknown {
            for model in EventType(code).payloadTypes {
                models.append((EventType(code).name, model, true))
                models.append(("new." + EventType(code).name, model, false))
            }
        }
        return models
    }()

    /// All places of all known events, and of similar events with unknown types.
    static let all: [SecretPlace] = models.flatMap { type, model, isKnown in
        var walk = PlaceWalk(type: type, model: model, isKnown: isKnown)
        walk.add(.object(model), [])
        return walk.places
    }
}

/// Collects the places of one event.
private struct PlaceWalk {
    let type: String
    let model: any WireObject.Type
    let isKnown: Bool
    var places: [SecretPlace] = []
    private var seen: Set<SecretPlace> = []
    private var open: [ObjectIdentifier] = []

    init(type: String, model: any WireObject.Type, isKnown: Bool) {
        (self.type, self.model, self.isKnown) = (type, model, isKnown)
    }

    mutating func add(_ shape: WireShape, _ steps: [SecretPlace.Step]) {
        switch shape {
        case .string: add([.text, .number, .field], steps)
        case .integer, .number, .boolean: add(isKnown ? [.text, .field] : [.text, .number, .field], steps)
        case .any: add([.text, .number, .key, .field], steps)
        case .array(let element): add(element, steps + [.element])
        case .map(let value):
            add([.key], steps)
            add(value, steps + [.member("note")])
        case .oneOf(let shapes):
            // Keeps one number where the protocol allows numbers too.
            let isNumber = shapes.contains {
                if case .integer = $0 { true } else if case .number = $0 { true } else { false }
            }
            if isNumber, isKnown { return add([.text, .field], steps) }
            for shape in shapes { add(shape, steps) }
        case .object(let object):
            guard !open.contains(ObjectIdentifier(object)) else { return }
            open.append(ObjectIdentifier(object))
            add([.key, .field], steps)
            add([.text, .number], steps + [.member("x_note")])
            add([.text, .number], steps + [.member("x_list"), .element])
            for (name, shape) in object.fieldShapes where !isSpared(name, shape, steps) {
                add(shape, steps + [.member(name)])
            }
            open.removeLast()
        }
    }

    /// Ids, types, the session's key and sound stay as they are.
    private func isSpared(_ name: String, _ shape: WireShape, _ steps: [SecretPlace.Step]) -> Bool {
        if case .object = shape { return false }
        if name == "id" || name.hasSuffix("_id") || name == "type" { return true }
        if steps.isEmpty, name == "session" { return true }
        return isKnown && (name == "audio" || name == "delta" && type.contains("output_audio.delta"))
    }

    private mutating func add(_ forms: [SecretPlace.Form], _ steps: [SecretPlace.Step]) {
        for form in forms {
            let place = SecretPlace(type: type, payload: ObjectIdentifier(model), steps: steps, form: form)
            if seen.insert(place).inserted { places.append(place) }
        }
    }
}
