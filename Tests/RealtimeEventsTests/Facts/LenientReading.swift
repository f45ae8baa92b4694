import EventJSON

extension Facts {
    /// All definitions by name.
    static let definitionsByName = Dictionary(uniqueKeysWithValues: entries(definitions).map { ($0.name, $0) })

    /// The part of a value that a lenient decoder keeps, computed without the models; nil when the value has an
    /// unexpected type.
    static func kept(_ form: Form, _ value: JSONValue) -> JSONValue? {
        switch (form, value) {
        case (.any, _), (.string, .string), (.boolean, .bool): value
        case (.integer, .number(let number)): number.int.map { .number(JSONNumber($0)) }
        case (.number, .number(let number)): number.double.map { .number(JSONNumber($0)) }
        case (.array(let element), .array(let values)): .array(values.compactMap { kept(element, $0) })
        case (.map(let form), .object(let object)):
            .object(rebuilt(object.compactMap { key, value in kept(form, value).map { (key, $0) } }))
        case (.object(let name), .object(let object)): .object(kept(definitionsByName[name]!.fields, object))
        case (.oneOf(let forms), _): forms.lazy.compactMap { kept($0, value) }.first ?? value
        default: nil
        }
    }

    /// The part of an object with the given fields that a lenient decoder keeps.
    static func kept(_ fields: [Field], _ object: JSONObject) -> JSONObject {
        rebuilt(
            fields.compactMap { field in
                guard let value = object[field.name], value != .null else { return nil }
                return kept(field.form, value).map { (field.name, $0) }
            })
    }

    private static func rebuilt(_ entries: [(String, JSONValue)]) -> JSONObject {
        var object: JSONObject = [:]
        for (key, value) in entries { object.append(key, value) }
        return object
    }
}
