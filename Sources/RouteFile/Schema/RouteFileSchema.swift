import ConfigSource
package import EventJSON
package import EventRouter

/// The JSON Schema (draft 2020-12) of routes.yml, for completion and checks in editors.
///
/// The schema is generated from the same declarations that the loader uses. It does not check what only the loader can know,
/// such as whether a route's handler exists.
package enum RouteFileSchema {
    /// The schema for the handler and source types of a registry.
    package static func json(_ registry: HandlerRegistry) -> JSONValue {
        var schema: JSONObject = [
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": "routes.yml",
            "description": "The rules by which events of OpenAI Realtime sessions are routed to handlers.",
        ]
        for (key, value) in SchemaWriter().schema(FileKeys.form) { schema[key] = value }
        var definitions: [(key: String, value: JSONValue)] = []
        for kind in kinds(registry) {
            definitions.append((kind.name, anyOf(kind)))
            for (type, form) in kind.types {
                definitions.append((kind.name + "_" + type, self.schema(of: type, form, kind)))
            }
        }
        definitions += [(FormName.list, list), ("variable", variable)]
        definitions += PatternSchema.definitions
        schema["$defs"] = .object(JSONObject(definitions))
        return .object(schema)
    }

    /// A kind of entry that has a `type`: handlers or sources.
    private struct Kind {
        let name: String
        /// The keys that all types have.
        let common: SectionForm
        let types: [(name: String, form: HandlerRegistry.TypeForm)]
    }

    private static func kinds(_ registry: HandlerRegistry) -> [Kind] {
        [
            Kind(
                name: FormName.handler, common: HandlerKeys.form,
                types: registry.types.compactMap { type in registry.form(type).map { (type, $0) } }),
            Kind(
                name: FormName.source, common: SourceKeys.form,
                types: registry.sourceTypes.compactMap { type in registry.sourceForm(type).map { (type, $0) } }),
        ]
    }

    /// The schema of any handler or source. The `type` determines the other keys.
    private static func anyOf(_ kind: Kind) -> JSONValue {
        let types = kind.types.map { type, form -> JSONValue in
            var schema: JSONObject = ["const": .string(type)]
            if !form.summary.isEmpty { schema["description"] = .string(form.summary) }
            return .object(schema)
        }
        // `anyOf` must not be empty.
        guard !types.isEmpty else { return ["type": "object", "required": ["type"]] }
        let summary = kind.common.keys.first { $0.name == TypedKeys.type }?.summary ?? ""
        return [
            "type": "object",
            "properties": ["type": ["description": .string(summary), "anyOf": .array(types)]],
            "required": ["type"],
            "allOf": .array(
                kind.types.map { type, _ in
                    [
                        "if": ["properties": ["type": ["const": .string(type)]], "required": ["type"]],
                        "then": ["$ref": .string("#/$defs/" + kind.name + "_" + type)],
                    ]
                }),
        ]
    }

    /// The schema of a handler or source of one type. If the type's options are not declared, any keys are allowed.
    private static func schema(of type: String, _ form: HandlerRegistry.TypeForm, _ kind: Kind) -> JSONValue {
        let keys = kind.common.keys + (form.options?.keys ?? [])
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
            "description":
                "An environment variable: `${NAME}`, or `${NAME:-default}` with a default if it is unset or empty.",
            "type": "string", "pattern": .string(VariableText.pattern),
        ]
    }
}
