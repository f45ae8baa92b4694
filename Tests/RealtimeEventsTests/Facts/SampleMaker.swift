import EventJSON

/// Creates JSON with every field of the table. All values are different, so that swapped fields show.
struct SampleMaker {
    /// Selects the alternative and the known value. Beyond the last known value, an unknown value is used.
    let variant: Int
    private var count = 0

    /// Enough variants to cover every alternative, a known and an unknown string.
    static let variants = 0..<4

    init(variant: Int) {
        self.variant = variant
    }

    mutating func event(_ entry: Facts.Entry) -> JSONObject {
        var event: JSONObject = ["type": .string(entry.name)]
        for (key, value) in object(entry) { event.append(key, value) }
        return event
    }

    mutating func object(_ entry: Facts.Entry) -> JSONObject {
        var object: JSONObject = [:]
        for field in entry.fields { object.append(field.name, value(field.form)) }
        return object
    }

    private mutating func value(_ form: Form) -> JSONValue {
        count += 1
        switch form {
        case .any: return ["any": [.number(JSONNumber(count)), .null, 1e2, "é\u{0}"]]
        case .boolean: return .bool(variant.isMultiple(of: 2))
        case .integer: return .number(JSONNumber(count))
        case .number: return .number(JSONNumber(Double(count) + 0.25))
        case .string(let known):
            let index = variant % (known.count + 1)
            return .string(index < known.count ? known[index] : "unheard of \(count)")
        case .array(let element): return [value(element), value(element)]
        case .map(let form): return ["first": value(form), "second": value(form)]
        case .object(let name): return .object(object(Facts.definitionsByName[name]!))
        case .oneOf(let forms): return value(forms[variant % forms.count])
        }
    }
}
