import ConfigSource
import EventJSON
import EventPatterns
import EventRouter
import RealtimeEvents

/// The language of `match` in JSON Schema.
enum PatternSchema {
    /// The definitions that `#/$defs/pattern` needs, itself among them.
    static var definitions: [(key: String, value: JSONValue)] {
        [
            (FormName.pattern, pattern), (FormName.match, match), ("fields", fields),
            ("field", field), ("alternatives", alternatives),
            ("alternative", alternative), ("operator", operators), ("event_type", eventType),
            ("event_type_alternatives", eventTypeAlternatives),
        ]
    }

    private static let operatorNames = JSONValue.array(PatternForm.operators.names.map { .string($0) })

    private static func reference(_ name: String) -> JSONValue { ["$ref": .string("#/$defs/" + name)] }

    /// A whole pattern: fields, the event type among them.
    private static var pattern: JSONValue {
        [
            "description":
                "Fields that all have to match. Alternatives stand in a list, operators too: `[{prefix: x}]`.",
            "type": "object",
            "minProperties": 1,
            "not": onlyOperators,
            "properties": [
                "type": [
                    "description": "The event type, or several of which one is enough.",
                    "if": ["type": "array"],
                    "then": reference("event_type_alternatives"),
                    "else": ["if": ["type": "object"], "then": reference("fields"), "else": reference("event_type")],
                ],
                "$or": choice(of: FormName.pattern),
            ],
            "propertyNames": unknownCombinations,
            "additionalProperties": reference("field"),
        ]
    }

    /// A pattern that may ask for the client's events.
    private static var match: JSONValue {
        let directions = SessionSide.allCases.map { JSONValue.string($0.rawValue) }
        return [
            "$ref": "#/$defs/pattern",
            "properties": [
                "direction": [
                    "description":
                        "Who sends the events: `server` (the default; the events that the router derives are among these) or `client`.",
                    "enum": .array(directions),
                ]
            ],
        ]
    }

    /// Fields inside a field.
    private static var fields: JSONValue {
        [
            "type": "object",
            "minProperties": 1,
            "not": onlyOperators,
            "properties": ["$or": choice(of: "fields")],
            "propertyNames": unknownCombinations,
            "additionalProperties": reference("field"),
        ]
    }

    private static let unknownCombinations: JSONValue = [
        "not": ["enum": .array(PatternForm.refusedCombinations.map { .string($0) })]
    ]

    /// Nothing but operators, which stand in a list.
    private static let onlyOperators: JSONValue = [
        "type": "object", "minProperties": 1, "propertyNames": ["enum": operatorNames],
    ]

    private static func choice(of branches: String) -> JSONValue {
        [
            "description": "Beside the other fields, one of these has to match.", "type": "array",
            "minItems": .number(JSONNumber(PatternForm.leastBranches)),
            "items": reference(branches),
        ]
    }

    /// What a field may be: fields inside it, alternatives, or one value.
    private static var field: JSONValue {
        [
            "if": ["type": "object"],
            "then": reference("fields"),
            "else": ["if": ["type": "array"], "then": reference("alternatives")],
        ]
    }

    private static var alternatives: JSONValue {
        [
            "type": "array", "minItems": 1, "maxItems": .number(JSONNumber(PatternLimits.alternatives)),
            "items": reference("alternative"),
        ]
    }

    private static var alternative: JSONValue {
        [
            "if": ["type": "object"], "then": reference("operator"),
            "else": ["type": ["string", "number", "boolean", "null"]],
        ]
    }

    private static var operators: JSONValue { .object(SchemaWriter().schema(PatternForm.operators)) }

    /// Names of events, for completion: a server may send others.
    private static var eventType: JSONValue {
        [
            "anyOf": [
                ["enum": .array((EventType.knownNames + EventFields.clientTypes).map { .string($0) })],
                ["type": ["string", "number", "boolean", "null"]],
            ]
        ]
    }

    private static var eventTypeAlternatives: JSONValue {
        [
            "type": "array", "minItems": 1, "maxItems": .number(JSONNumber(PatternLimits.alternatives)),
            "items": ["if": ["type": "object"], "then": reference("operator"), "else": reference("event_type")],
        ]
    }
}
