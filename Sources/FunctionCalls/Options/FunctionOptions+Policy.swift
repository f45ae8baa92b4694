import ConfigSource

// What holds for the calls of a function, whoever runs it.
extension FunctionOptions {
    mutating func readPolicy(_ known: ParameterNames) -> FunctionPolicy {
        FunctionPolicy(
            isIdempotent: section.read(FunctionKeys.idempotent), onDuplicate: section.read(FunctionKeys.onDuplicate),
            once: readOnce(known))
    }

    private mutating func readOnce(_ known: ParameterNames) -> OnceRule? {
        guard var once = section.read(FunctionKeys.once) else { return nil }
        let (by, within) = (once.read(OnceKeys.by), once.read(OnceKeys.within))
        once.finish()
        guard let by, let within else { return nil }
        if by.isEmpty {
            once.error("`by` is empty", at: OnceKeys.by.name, help: OnceKeys.by.form.missingHelp)
            return nil
        }
        checkArguments(by, known, at: once.node(OnceKeys.by.name))
        return OnceRule(by: by, within: within)
    }

    /// Reports names that are none of the function's parameters.
    func checkArguments(_ names: [String], _ known: ParameterNames, at node: Node?) {
        for (index, name) in names.enumerated() where !known.mayContain(name) {
            section.diagnostics.error(
                "\(section.what) has no parameter `\(name)`", at: node?.list?[index] ?? section.node,
                help: suggestion(for: name, among: known.names, called: "parameters"))
        }
    }
}
