import ConfigSource

/// A function that a file of OpenAI tool definitions declares.
struct ToolDeclaration {
    /// Its name, with its place.
    let name: Node
    let description: String?
    let parameters: Node?

    var text: String { name.string ?? "" }
}
