import ConfigSource

extension ToolDeclarations {
    /// Reports every function that is declared and not run, run and not declared, or declared twice.
    ///
    /// - Parameters:
    ///   - entries: the entries of `functions`.
    ///   - options: the section of the handler.
    /// - Returns: whether all is well.
    func check(_ entries: [Node.Entry], of options: Section) -> Bool {
        let known = Set(entries.map(\.name))
        var isWell = true
        for declaration in declarations where !known.contains(declaration.text) {
            isWell = false
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
                isWell = false
                options.diagnostics.error(
                    "the function \(quoted(entry.name)) is declared in \(path), and its `\(key)` stands here too",
                    at: entry.value[key] ?? entry.value, help: "remove one of them",
                    notes: [Diagnostic.Note("the declaration is here", at: declaration.name)])
            case (nil, nil):
                isWell = false
                options.diagnostics.error(
                    "the function \(quoted(entry.name)) is not declared in \(path)", at: entry.key,
                    help: suggestion(for: entry.name, among: declarations.map(\.text), called: "declared functions"))
            default: break
            }
        }
        return isWell
    }
}
