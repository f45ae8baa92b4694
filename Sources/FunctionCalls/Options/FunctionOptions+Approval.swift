import ConfigSource
import EventRouter
import LocalCommands

// Who has to approve of calls.
extension FunctionOptions {
    /// Reads which calls need somebody's approval.
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
                "placeholders are no use to a program that approves", at: node,
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
