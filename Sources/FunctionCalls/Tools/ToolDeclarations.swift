import ConfigSource
import EventPatterns

/// The functions that a file of OpenAI tool definitions declares.
///
/// The file is an array of definitions or an object that has one as its `tools`. A definition has the form of the Realtime API or
/// that of Chat Completions.
struct ToolDeclarations {
    /// The file as messages show it.
    let path: String
    let declarations: [ToolDeclaration]

    /// How many bytes such a file may have.
    private static let limit = 4 << 20

    subscript(name: String) -> ToolDeclaration? { declarations.first { $0.text == name } }

    /// Reads a file; nil, and an error, when nothing can be known of what it declares.
    ///
    /// - Parameter key: what names the file, for what is wrong with it as a whole.
    static func read(_ path: String, key: Node, _ diagnostics: Diagnostics) -> ToolDeclarations? {
        let file: SourceFile
        do throws(SourceFile.ReadingError) {
            file = try SourceFile(reading: path, limit: limit)
        } catch {
            diagnostics.error("cannot read \(path): \(reason(error))", at: key)
            return nil
        }
        let root = JSONNodeReader.read(
            file, what: "the file of tools", repetitionHelp: "remove one of them", diagnostics)
        guard let root, let definitions = definitions(root, diagnostics) else { return nil }
        var reader = ToolDeclarationReader(diagnostics: diagnostics)
        return ToolDeclarations(path: path, declarations: definitions.compactMap { reader.declaration($0) })
    }

    private static func reason(_ error: SourceFile.ReadingError) -> String {
        switch error {
        case .system(let reason): reason
        case .folder: "it is a folder"
        case .tooLarge: "it has more than 4 MiB"
        }
    }

    private static func definitions(_ root: Node, _ diagnostics: Diagnostics) -> [Node]? {
        if let list = root.list ?? root["tools"]?.list { return list }
        diagnostics.error(
            "a list of tool definitions is expected, and this is \((root["tools"] ?? root).kindName)",
            at: root["tools"] ?? root, help: "write `[{\"type\": \"function\", \"name\": \"get_weather\"}]`")
        return nil
    }
}
