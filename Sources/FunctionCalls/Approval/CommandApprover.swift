package import EventRouter
import LocalCommands
package import RealtimeEvents

/// Asks a program: it gets the call as JSON on standard input, and exits with 0 to approve of it.
package struct CommandApprover: CallApprover, SecretKeeping {
    private let executor: CommandExecutor

    /// Makes an approver; that the program is there shows when it runs.
    ///
    /// - Parameter executor: the program. A timeout of its own counts like that of the rule.
    package init(_ executor: CommandExecutor) {
        var executor = executor
        executor.input = .call
        self.executor = executor
    }

    /// The program.
    package var name: String { "command \(executor.template.program)" }

    /// What the program inherits and may print.
    package var secrets: SecretValues { executor.secrets }

    /// What is wrong with the program, as far as that shows before it is run.
    var concern: LocalCommand.Concern? { executor.concern }

    /// Runs the program.
    ///
    /// - Throws: an error when it did not come to an end by itself.
    package func decide(on call: FunctionCall) async throws -> CallDecision {
        let result = try await executor.command(for: call).run()
        guard !result.isTimedOut else { throw NoDecision(reason: "it took too long") }
        switch result.ending {
        case .exited(let status): return CallDecision(isApproved: status == 0)
        case .signalled(let signal): throw NoDecision(reason: "it was ended by signal \(signal)")
        }
    }
}
