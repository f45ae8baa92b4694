import EventJSON

/// The names of the arguments that a schema knows.
struct ParameterNames {
    let names: [String]
    private let isOpen: Bool

    /// Keywords by which a schema can name arguments elsewhere than in `properties`.
    private static let composing = [
        "$ref", "allOf", "anyOf", "oneOf", "if", "then", "else", "patternProperties", "dependentSchemas",
    ]

    init(_ parameters: JSONValue?) {
        names = parameters?["properties"]?.object?.keys ?? []
        isOpen = names.isEmpty || Self.composing.contains { parameters?[$0] != nil }
    }

    /// Whether a call can have an argument of this name, as far as the schema tells.
    func mayContain(_ name: String) -> Bool { isOpen || names.contains(name) }
}
