import ConfigSource
package import EventJSON
package import EventRouter

/// What may stand in a routes.yml, as a JSON Schema of the draft 2020-12: editors complete and check by it.
///
/// It is made of the declarations that the loader goes by. What only the loader can know (whether a route's handler is there)
/// is left to it.
package enum RouteFileSchema {
    /// The schema for the handler types of a registry.
    package static func json(_ registry: HandlerRegistry) -> JSONValue {
        var schema: JSONObject = [
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": "routes.yml",
            "description": "What happens to the events of OpenAI Realtime sessions.",
        ]
        for (key, value) in SchemaWriter().schema(FileKeys.form) { schema[key] = value }
        var definitions: [(key: String, value: JSONValue)] = [(FormName.handler, handler(registry))]
        for type in registry.types {
            if let form = registry.form(type) { definitions.append(("handler_" + type, handler(type, form))) }
        }
        definitions += [(FormName.list, list), ("variable", variable)]
        definitions += PatternSchema.definitions
        schema["$defs"] = .object(JSONObject(definitions))
        return .object(schema)
    }

    /// Any handler: its type decides which keys it has.
    private static func handler(_ registry: HandlerRegistry) -> JSONValue {
        let types = registry.types.map { type -> JSONValue in
            var schema: JSONObject = ["const": .string(type)]
            if let summary = registry.form(type)?.summary, !summary.isEmpty { schema["description"] = .string(summary) }
            return .object(schema)
        }
        return [
            "type": "object",
            "properties": ["type": ["description": .string(HandlerKeys.type.form.summary), "anyOf": .array(types)]],
            "required": ["type"],
            "allOf": .array(
                registry.types.map { type in
                    [
                        "if": ["properties": ["type": ["const": .string(type)]], "required": ["type"]],
                        "then": ["$ref": .string("#/$defs/handler_" + type)],
                    ]
                }),
        ]
    }

    /// A handler of one type. Where the type's options are not declared, any may stand there.
    private static func handler(_ type: String, _ form: HandlerRegistry.TypeForm) -> JSONValue {
        let keys = HandlerKeys.form.keys + (form.options?.keys ?? [])
        var schema = SchemaWriter(takesVariables: true).schema(
            SectionForm(keys, alternatives: form.options?.alternatives ?? []))
        var properties = schema["properties"]?.object ?? [:]
        properties["type"] = ["const": .string(type)]
        schema["properties"] = .object(properties)
        if form.options == nil { schema["additionalProperties"] = nil }
        if !form.summary.isEmpty { schema["description"] = .string(form.summary) }
        return .object(schema)
    }

    private static var list: JSONValue {
        ["type": "array", "minItems": 1, "items": ["type": ["string", "number", "boolean", "null"]]]
    }

    private static var variable: JSONValue {
        [
            "description": "What the environment holds: `${NAME}`, or `${NAME:-default}` where it holds nothing.",
            "type": "string", "pattern": .string(VariableText.pattern),
        ]
    }
}
