import ConfigSource
import EventPatterns

/// The functions declared in a file of OpenAI tool definitions.
///
/// The file is an array of definitions, or an object with such an array as its `tools`. A definition has the form of
/// the Realtime API or of Chat Completions.
struct ToolDeclarations {
    /// The file's path, for messages.
    let path: String
    let declarations: [ToolDeclaration]

    /// The maximum size of the file in bytes.
    private static let limit = 4 << 20

    subscript(name: String) -> ToolDeclaration? { declarations.first { $0.text == name } }

    /// Reads a file. Reports an error and returns nil if it cannot be read as a list of definitions.
    ///
    /// - Parameter key: the node that names the file, for errors about the file as a whole.
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

extension ToolDeclarations {
    /// Reports every function that is declared but not run, run but not declared, or declared twice.
    ///
    /// - Parameters:
    ///   - entries: the entries of `functions`.
    ///   - options: the section of the handler.
    /// - Returns: whether there is no error.
    func check(_ entries: [Node.Entry], of options: Section) -> Bool {
        let known = Set(entries.map(\.name))
        var isValid = true
        for declaration in declarations where !known.contains(declaration.text) {
            isValid = false
            options.diagnostics.error(
                "the function \(quoted(declaration.text)) is declared, and \(options.what) does not say what runs it",
                at: declaration.name,
                help:
                    "add it to `functions`: `\(declaration.text): { command: [./bin/\(declaration.text)] }`, or remove it here"
            )
        }
        for entry in entries {
            let described = ["description", "parameters"].first { entry.value[$0] != nil }
            switch (self[entry.name], described) {
            case (let declaration?, let key?):
                isValid = false
                options.diagnostics.error(
                    "the function \(quoted(entry.name)) is declared in \(path), and its `\(key)` is set here too",
                    at: entry.value[key] ?? entry.value, help: "remove one of them",
                    notes: [Diagnostic.Note("the declaration is here", at: declaration.name)])
            case (nil, nil):
                isValid = false
                options.diagnostics.error(
                    "the function \(quoted(entry.name)) is not declared in \(path)", at: entry.key,
                    help: suggestion(for: entry.name, among: declarations.map(\.text), called: "declared functions"))
            default: break
            }
        }
        return isValid
    }
}

/// A function declared in a file of OpenAI tool definitions.
struct ToolDeclaration {
    /// The node of the function's name.
    let name: Node
    let description: String?
    let parameters: Node?

    var text: String { name.string ?? "" }
}

/// Reads tool definitions, and reports errors at their positions.
struct ToolDeclarationReader {
    let diagnostics: Diagnostics
    private var names: [String: Node] = [:]

    init(diagnostics: Diagnostics) { self.diagnostics = diagnostics }

    /// Reads a definition in either form. Reports errors and returns nil if it is not a valid function.
    mutating func declaration(_ node: Node) -> ToolDeclaration? {
        let isNested = node["function"] != nil
        guard
            var outer = Section(
                node, what: "a tool definition", isNested ? ToolKeys.nested : ToolKeys.flat, diagnostics),
            isFunction(&outer)
        else { return nil }
        guard isNested else { return declaration(&outer) }
        outer.finish()
        guard let function = outer.read(ToolKeys.function),
            var inner = Section(function, what: "the function of a tool definition", ToolKeys.inner, diagnostics)
        else { return nil }
        return declaration(&inner)
    }

    /// Rejects other types of tools, which Chat Completions and Realtime allow: they run elsewhere.
    private func isFunction(_ section: inout Section) -> Bool {
        let type = section.read(ToolKeys.type)
        guard let type, type != "function" else { return true }
        section.error(
            "a tool of type \(quoted(type)) is no function that could run here", at: "type",
            help: "remove it from the file")
        return false
    }

    private mutating func declaration(_ section: inout Section) -> ToolDeclaration? {
        let name = section.read(ToolKeys.name)
        let description = section.read(ToolKeys.description)
        let parameters = section.read(ToolKeys.parameters)
        section.finish()
        guard let name, let node = section.node("name") else { return nil }
        if let first = names[name] {
            diagnostics.error(
                "the function \(quoted(name)) is declared twice", at: node, help: "remove one of them",
                notes: [Diagnostic.Note("the first is here", at: first)])
            return nil
        }
        names[name] = node
        return ToolDeclaration(name: node, description: description, parameters: parameters)
    }
}

/// The keys of a tool definition, in both forms of OpenAI's APIs.
enum ToolKeys {
    static let type = SectionKey.string("type", "`function`.")
    static let name = SectionKey.string("name", "The name by which the model calls it.")
        .required("name what the model calls: `\"name\": \"get_weather\"`")
    static let description = SectionKey.string("description", "What it does, for the model.")
    static let parameters = SectionKey.node("parameters", .mapping(of: .anything), "A JSON Schema.")
    static let strict = SectionKey.node(
        "strict", .either([.bool]), "Used by other APIs; here arguments must always fit the schema.")
    static let function = SectionKey.node("function", .mapping(of: .anything), "The nested form's function.")

    /// Realtime: `{"type": "function", "name": …, "parameters": …}`.
    static let flat = SectionForm([type, name, description, parameters, strict])
    /// Chat Completions: `{"type": "function", "function": {"name": …, "parameters": …}}`.
    static let nested = SectionForm([type, function])
    /// The form of the nested `function`.
    static let inner = SectionForm([name, description, parameters, strict])
}
