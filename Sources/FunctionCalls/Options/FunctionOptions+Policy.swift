import ConfigSource

// What holds for the calls of a function, whoever runs it.
extension FunctionOptions {
    mutating func readPolicy(_ known: ParameterNames) -> FunctionPolicy {
        var policy = FunctionPolicy(
            isIdempotent: section.read(FunctionKeys.idempotent), onDuplicate: section.read(FunctionKeys.onDuplicate),
            once: readOnce(known), response: section.read(FunctionKeys.response),
            onInterrupt: section.read(FunctionKeys.onInterrupt))
        policy.redacted = readRedacted(known, policy.once)
        policy.whileWaiting = readWaitingWords()
        return policy
    }

    private mutating func readRedacted(_ known: ParameterNames, _ once: OnceRule?) -> Set<String> {
        // Other things are redacted by kind, so that somebody may write a kind here too.
        let names = section.diagnostics.filtering({ section.read(FunctionKeys.redact) }) { diagnostic in
            var diagnostic = diagnostic
            diagnostic.help =
                diagnostic.help ?? "name arguments here: `redact: [card]`; `privacy` at the top of the file takes kinds"
            return diagnostic
        }
        let node = section.node(FunctionKeys.redact.name)
        checkArguments(names, known, at: node)
        for (index, name) in names.enumerated() where once?.arguments.contains(name) == true {
            section.diagnostics.error(
                "`once` goes by the argument `\(name)`, and the journal does not have what is redacted",
                at: node?.list?[index] ?? section.node, help: "let `once` go by an argument that may be written down")
        }
        return Set(names)
    }

    private mutating func readWaitingWords() -> WaitingWords? {
        guard var waiting = section.read(FunctionKeys.whileWaiting) else { return nil }
        let (words, after) = (waiting.read(WaitingKeys.say), waiting.read(WaitingKeys.after))
        waiting.finish()
        return words.map { WaitingWords($0, after: after) }
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
