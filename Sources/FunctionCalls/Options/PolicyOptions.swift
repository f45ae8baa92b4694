import ConfigSource
import EventRouter
import LocalCommands

// The options that apply to every kind of function.
extension FunctionOptions {
    mutating func readPolicy(_ known: ParameterNames) -> FunctionPolicy {
        var policy = FunctionPolicy(
            isIdempotent: section.read(FunctionKeys.idempotent), onDuplicate: section.read(FunctionKeys.onDuplicate),
            once: readOnce(known), response: section.read(FunctionKeys.response),
            onInterrupt: section.read(FunctionKeys.onInterrupt))
        policy.redacted = readRedacted(known, policy.once)
        policy.whileWaiting = readWaitingMessage()
        return policy
    }

    private mutating func readRedacted(_ known: ParameterNames, _ once: OnceRule?) -> Set<String> {
        // `privacy` redacts by kind of data, so an author may write such a kind here by mistake.
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
                "`once` uses the argument `\(name)`, which is redacted, so the journal does not have it",
                at: node?.list?[index] ?? section.node, help: "use an argument that is not redacted")
        }
        return Set(names)
    }

    private mutating func readWaitingMessage() -> WaitingMessage? {
        guard var waiting = section.read(FunctionKeys.whileWaiting) else { return nil }
        let (words, after) = (waiting.read(WaitingKeys.say), waiting.read(WaitingKeys.after))
        waiting.finish()
        return words.map { WaitingMessage($0, after: after) }
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

    /// Reports names that are not parameters of the function.
    func checkArguments(_ names: [String], _ known: ParameterNames, at node: Node?) {
        for (index, name) in names.enumerated() where !known.mayContain(name) {
            section.diagnostics.error(
                "\(section.what) has no parameter `\(name)`", at: node?.list?[index] ?? section.node,
                help: suggestion(for: name, among: known.names, called: "parameters"))
        }
    }
}

// The options for approvals.
extension FunctionOptions {
    /// Reads `approval`.
    mutating func readApproval() -> ApprovalRule? {
        guard var approval = section.read(FunctionKeys.approval) else { return nil }
        let (timeout, otherwise) = (approval.read(ApprovalKeys.timeout), approval.read(ApprovalKeys.otherwise))
        let exception = readException(&approval)
        let approver = approval.read(ApprovalKeys.command).flatMap { readApprover($0, timeout) }
        approval.finish()
        return approver.map {
            ApprovalRule(unless: exception, approver: $0, timeout: timeout, otherwise: otherwise)
        }
    }

    private func readException(_ approval: inout Section) -> ArgumentPattern? {
        guard var unless = approval.read(ApprovalKeys.unless) else { return nil }
        let arguments = unless.read(ExceptionKeys.arguments)
        unless.finish()
        return arguments.flatMap { _ in ArgumentPattern(unless.node, section.diagnostics) }
    }

    private func readApprover(_ node: Node, _ timeout: Duration) -> (any CallApprover)? {
        if node.string == ApprovalKeys.ask { return TerminalApprover(hiding: redacted) }
        guard let words = node.list?.compactMap(\.string), words.count == node.list?.count,
            words.first?.isEmpty == false
        else {
            section.diagnostics.error(
                "`command` must be a list of words or `ask`, and this is \(node.kindName)", at: node,
                help: ApprovalKeys.command.form.missingHelp)
            return nil
        }
        guard let template = try? CommandTemplate(words), template.arguments.isEmpty else {
            section.diagnostics.error(
                "a program that approves calls cannot have placeholders", at: node,
                help: "it gets the whole call as JSON on standard input")
            return nil
        }
        let approver = CommandApprover(
            CommandExecutor(
                template, workingDirectory: ".", baseFolder: folder, limits: CommandLimits(timeout: timeout)))
        if looksForPrograms, let concern = approver.concern {
            section.diagnostics.warning(concern.message, at: node.list?.first ?? node, help: concern.help)
        }
        return approver
    }
}
