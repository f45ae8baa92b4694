import ConfigSource

/// The keys of a tool definition, in both forms that OpenAI's APIs have.
enum ToolKeys {
    static let type = SectionKey.string("type", "`function`.")
    static let name = SectionKey.string("name", "The name under which the model calls it.")
        .required("name what the model calls: `\"name\": \"get_weather\"`")
    static let description = SectionKey.string("description", "What it does, for the model.")
    static let parameters = SectionKey.node("parameters", .mapping(of: .anything), "A JSON Schema.")
    static let strict = SectionKey.node(
        "strict", .either([.bool]), "Of other APIs; arguments are always held to the schema here.")
    static let function = SectionKey.node("function", .mapping(of: .anything), "The nested form's function.")

    /// Realtime: `{"type": "function", "name": …, "parameters": …}`.
    static let flat = SectionForm([type, name, description, parameters, strict])
    /// Chat Completions: `{"type": "function", "function": {"name": …, "parameters": …}}`.
    static let nested = SectionForm([type, function])
    /// What the nested form has inside.
    static let inner = SectionForm([name, description, parameters, strict])
}
