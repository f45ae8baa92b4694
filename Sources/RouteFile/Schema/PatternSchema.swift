import ConfigSource
import EventJSON
import EventPatterns
import EventRouter
import RealtimeEvents

/// The JSON Schema of `match`.
enum PatternSchema {
    /// `#/$defs/pattern` and the definitions that it refers to.
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

    /// A whole pattern: conditions on fields, including the event type.
    private static var pattern: JSONValue {
        [
            "description":
                "The fields that must all match. Write alternatives and operators in a list: `[{prefix: x}]`.",
            "type": "object",
            "minProperties": 1,
            "not": onlyOperators,
            "properties": [
                "type": [
                    "description": "The event type, or a list of event types.",
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

    /// A pattern that may have `direction`.
    private static var match: JSONValue {
        let directions = SessionSide.allCases.map { JSONValue.string($0.rawValue) }
        return [
            "$ref": "#/$defs/pattern",
            "properties": [
                "direction": [
                    "description":
                        "The sender of the events: `server` (the default, including derived events) or `client`.",
                    "enum": .array(directions),
                ]
            ],
        ]
    }

    /// Conditions on fields inside a field.
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

    /// A mapping with only operators. It is refused, because operators must be in a list.
    private static let onlyOperators: JSONValue = [
        "type": "object", "minProperties": 1, "propertyNames": ["enum": operatorNames],
    ]

    private static func choice(of branches: String) -> JSONValue {
        [
            "description": "At least one of these patterns must match, in addition to the other fields.",
            "type": "array",
            "minItems": .number(JSONNumber(PatternForm.leastBranches)),
            "items": reference(branches),
        ]
    }

    /// The condition on a field: inner fields, alternatives, or one value.
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

    /// The known event types, for completion. Other types are allowed, because servers add types.
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
