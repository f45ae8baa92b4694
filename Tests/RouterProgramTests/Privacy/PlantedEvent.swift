import EventJSON
import RealtimeEvents

/// An event with all fields that its model has, and a secret in one place.
struct PlantedEvent {
    /// A placeholder that is replaced by the secret's literal.
    private static let mark = "@PLANT@"
    private static let deepest = 5

    let place: SecretPlace
    /// Distinguishes the ids of this session's events.
    let session: Int
    let line: Int

    /// The event's JSON.
    ///
    /// - Parameter literal: the secret as a JSON literal, including quotes.
    func json(_ literal: String) -> String {
        guard
            let model = SecretPlace.models.first(where: {
                $0.type == place.type && ObjectIdentifier($0.model) == place.payload
            })
        else { return "" }
        let value = built(.object(model.model), place.steps[...], "", 0)
        var event: JSONObject = ["type": .string(place.type)]
        for (name, value) in value.object ?? [:] where name != "type" { event.append(name, value) }
        return JSONValue.object(event).description.replacing("\"\(Self.mark)\"", with: literal)
    }

    private func built(_ shape: WireShape, _ steps: ArraySlice<SecretPlace.Step>, _ name: String, _ depth: Int)
        -> JSONValue
    {
        guard let step = steps.first else { return planted(shape, name, depth) }
        switch (shape, step) {
        case (.oneOf(let shapes), _):
            return built(shapes.first { Self.takes(step, $0) } ?? .any, steps, name, depth)
        case (.object(let model), .member(let member)):
            var object = sample(model, name, depth)
            let inner = model.fieldShapes.first { $0.name == member }?.shape ?? .any
            object[member] = built(inner, steps.dropFirst(), member, depth + 1)
            return .object(object)
        case (.map(let inner), .member(let member)):
            return [member: built(inner, steps.dropFirst(), member, depth + 1)]
        case (.array(let inner), .element): return [built(inner, steps.dropFirst(), name, depth + 1)]
        case (_, .element): return [built(.any, steps.dropFirst(), name, depth + 1)]
        case (_, .member(let member)): return [member: built(.any, steps.dropFirst(), member, depth + 1)]
        }
    }

    private func planted(_ shape: WireShape, _ name: String, _ depth: Int) -> JSONValue {
        switch place.form {
        case .text, .number: return .string(Self.mark)
        case .key, .field:
            var object = Self.object(shape).map { sample($0, name, depth) } ?? [:]
            if place.form == .field {
                object[PlantedSecret.field] = .string(Self.mark)
            } else {
                object.append(Self.mark, 1)
            }
            return .object(object)
        }
    }

    private static func object(_ shape: WireShape) -> (any WireObject.Type)? {
        switch shape {
        case .object(let model): model
        case .oneOf(let shapes): shapes.lazy.compactMap(object).first
        default: nil
        }
    }

    private static func takes(_ step: SecretPlace.Step, _ shape: WireShape) -> Bool {
        switch (step, shape) {
        case (.element, .array), (.member, .map): true
        case (.member(let name), .object(let model)):
            name.hasPrefix("x_") || model.fieldShapes.contains { $0.name == name }
        default: false
        }
    }

    // MARK: What stands beside the secret

    private func sample(_ model: any WireObject.Type, _ name: String, _ depth: Int) -> JSONObject {
        guard depth < Self.deepest else { return [:] }
        return JSONObject(
            model.fieldShapes.map { (key: $0.name, value: filler($0.shape, $0.name, in: name, depth + 1)) })
    }

    private func filler(_ shape: WireShape, _ name: String, in owner: String, _ depth: Int) -> JSONValue {
        switch shape {
        case .string(let known, _): .string(id(name, in: owner) ?? known.first ?? "well")
        case .integer: 3
        case .number: 0.5
        case .boolean: true
        case .any: "fine"
        case .array(let element): depth < Self.deepest ? [filler(element, name, in: owner, depth + 1)] : []
        case .map(let value): ["note": filler(value, "note", in: owner, depth + 1)]
        case .object(let model): .object(sample(model, name, depth))
        case .oneOf(let shapes): filler(shapes[0], name, in: owner, depth)
        }
    }

    private func id(_ name: String, in owner: String) -> String? {
        switch (owner, name) {
        case ("session", "id"), (_, "session_id"): "s\(session)"
        case ("response", "id"), (_, "response_id"): "r\(session)-\(line)"
        case ("item", "id"), (_, "item_id"): "i\(session)-\(line)"
        case (_, "id"),
            (_, _) where name.hasSuffix("_id"):
            "\(name)\(session)-\(line)"
        default: nil
        }
    }
}
