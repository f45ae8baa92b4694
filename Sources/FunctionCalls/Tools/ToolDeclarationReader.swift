import ConfigSource

/// Reads tool definitions, and reports what is wrong with them at its place.
struct ToolDeclarationReader {
    let diagnostics: Diagnostics
    private var names: [String: Node] = [:]

    init(diagnostics: Diagnostics) { self.diagnostics = diagnostics }

    /// One definition in either form; nil, and reported, when it declares no function.
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

    /// Chat Completions and Realtime have tools of other types, which run elsewhere.
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
