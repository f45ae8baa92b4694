import ConfigSource
public import EventJSON
import EventRouter

/// Converts the forms of sections and values to JSON Schema.
struct SchemaWriter {
    /// Whether `${NAME}` is allowed instead of a value.
    var takesVariables = false

    /// The schema of a value.
    func schema(_ form: ValueForm) -> JSONObject {
        switch form {
        case .string: ["type": "string"]
        case .name: ["type": "string", "minLength": 1]
        case .bool: orVariable(["type": "boolean"])
        case .int(let range): orVariable(range.count == 1 ? ["const": .number(range.lowerBound)] : integer(range))
        case .number: orVariable(["type": "number"])
        case .duration: orVariable(["type": "string", "pattern": .string(Self.durations)])
        case .byteSize(let range):
            orVariable(
                integer(range).merging(["type": ["integer", "string"], "pattern": .string(Self.sizes)]))
        case .choice(let words): orVariable(["enum": .array(words.map { .string($0) })])
        case .command: ["type": "array", "minItems": 1, "items": .object(Self.word)]
        case .commandTemplate:
            [
                "type": "array", "minItems": 1, "prefixItems": [.object(Self.word)],
                "items": [
                    "anyOf": [.object(Self.word), ["type": "array", "minItems": 1, "items": .object(Self.word)]]
                ],
            ]
        case .list(let element, let count):
            JSONObject([("type", "array"), ("items", .object(schema(element)))]).merging(
                count > 0 ? ["minItems": .number(count)] : [:])
        case .tuple(let elements): tuple(elements)
        case .mapping(let value, let count):
            JSONObject([("type", "object"), ("additionalProperties", .object(schema(value)))]).merging(
                count > 0 ? ["minProperties": .number(count)] : [:])
        case .section(let form): schema(form)
        case .either(let forms): ["anyOf": .array(forms.map { .object(schema($0)) })]
        case .named(let name): ["$ref": .string("#/$defs/" + name)]
        case .anything: [:]
        }
    }

    /// The schema of a mapping that has only declared keys.
    func schema(_ form: SectionForm) -> JSONObject {
        var schema: JSONObject = ["type": "object"]
        schema["properties"] = .object(JSONObject(form.keys.map { ($0.name, .object(property($0))) }))
        schema["additionalProperties"] = false
        let required = form.keys.filter(\.isRequired).map(\.name)
        if !required.isEmpty { schema["required"] = .array(required.map { .string($0) }) }
        if !form.anyOf.isEmpty { schema["anyOf"] = .array(form.anyOf.map { ["required": [.string($0)]] }) }
        let dependent = form.keys.filter { !$0.companions.isEmpty }.map { ($0.name, Self.any(of: $0.companions)) }
        if !dependent.isEmpty { schema["dependentSchemas"] = .object(JSONObject(dependent)) }
        if form.alternatives.count == form.keys.count {
            schema["minProperties"] = 1
            schema["maxProperties"] = 1
        } else if !form.alternatives.isEmpty {
            schema["oneOf"] = .array(
                form.alternatives.map { Self.any(of: [$0] + (form.standIns[$0].map { [$0] } ?? [])) })
        }
        return schema
    }

    /// The schema of a key's value, with the key's description and default.
    func property(_ key: KeyForm) -> JSONObject {
        let description: JSONObject = ["description": .string(key.summary + bounds(key.value))]
        var schema = description.merging(schema(key.value))
        if let value = key.defaultValue { schema["default"] = JSONValue(value) }
        return schema
    }

    /// The bounds of a duration or size, as text, because JSON Schema cannot compare values with units.
    private func bounds(_ form: ValueForm) -> String {
        switch form {
        case .duration(let range?): " From \(Measure.text(range.lowerBound)) to \(Measure.text(range.upperBound))."
        case .byteSize(let range) where range.upperBound < Int.max:
            " From \(Measure.text(bytes: range.lowerBound)) to \(Measure.text(bytes: range.upperBound))."
        default: ""
        }
    }

    /// A schema that requires at least one of the keys.
    private static func any(of keys: [String]) -> JSONValue {
        let each = keys.map { key -> JSONValue in ["required": [.string(key)]] }
        return each.count == 1 ? each[0] : ["anyOf": .array(each)]
    }

    private func tuple(_ elements: [ValueForm]) -> JSONObject {
        // Editors that support only older drafts read `items`, so it must fit every element.
        [
            "type": "array", "prefixItems": .array(elements.map { .object(schema($0)) }),
            "items": ["type": ["string", "number"]], "minItems": .number(elements.count),
            "maxItems": .number(elements.count),
        ]
    }

    private func integer(_ range: ClosedRange<Int>) -> JSONObject {
        var schema: JSONObject = ["type": "integer"]
        if range.lowerBound > .min { schema["minimum"] = .number(range.lowerBound) }
        if range.upperBound < .max { schema["maximum"] = .number(range.upperBound) }
        return schema
    }

    private func orVariable(_ schema: JSONObject) -> JSONObject {
        takesVariables ? ["anyOf": [.object(schema), ["$ref": "#/$defs/variable"]]] : schema
    }

    /// A word of a command, in which variables are not allowed.
    private static let word: JSONObject = [
        "type": "string", "not": ["type": "string", "pattern": .string(VariableText.pattern)],
    ]
    private static let durations = #"^[0-9]+(\.[0-9]{1,9})?(ms|s|m|h|d)$"#
    private static let sizes = "^[0-9]+(KiB|MiB|GiB)?$"
}

extension JSONObject {
    /// The object with the members of another object added or replaced.
    fileprivate func merging(_ other: JSONObject) -> JSONObject {
        var merged = self
        for (key, value) in other { merged[key] = value }
        return merged
    }
}

extension JSONValue {
    fileprivate static func number(_ value: Int) -> JSONValue { .number(JSONNumber(value)) }
}

extension JSONValue {
    /// The value as indented JSON, with two spaces per level. An array or object that fits on a line is on one line.
    public func indented() -> String { indented(0, lead: 0) }

    private static let width = 120

    private func indented(_ level: Int, lead: Int) -> String {
        let line = onOneLine
        guard level * 2 + lead + line.utf8.count > Self.width || level == 0 else { return line }
        let margin = String(repeating: "  ", count: level + 1)
        let end = "\n" + String(repeating: "  ", count: level)
        switch self {
        case .array(let elements) where !elements.isEmpty:
            let lines = elements.map { margin + $0.indented(level + 1, lead: 1) }
            return "[\n" + lines.joined(separator: ",\n") + end + "]"
        case .object(let object) where object.count > 0:
            let lines = object.map { key, value in
                let key = JSONValue.string(key).description
                return margin + key + ": " + value.indented(level + 1, lead: key.utf8.count + 3)
            }
            return "{\n" + lines.joined(separator: ",\n") + end + "}"
        default: return line
        }
    }

    private var onOneLine: String {
        switch self {
        case .array(let elements): "[" + elements.map(\.onOneLine).joined(separator: ", ") + "]"
        case .object(let object) where object.count > 0:
            "{ " + object.map { JSONValue.string($0).description + ": " + $1.onOneLine }.joined(separator: ", ") + " }"
        default: description
        }
    }
}
