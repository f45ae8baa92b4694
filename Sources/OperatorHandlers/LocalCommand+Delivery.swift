import EventRouter
import LocalCommands

extension LocalCommand {
    /// Runs the command to deliver something.
    ///
    /// - Parameter secrets: what the error does not show of what the command wrote.
    /// - Throws: `DeliveryFailure` when it exited with another status than 0, was ended by a signal or took too long.
    func deliver(hiding secrets: SecretValues) async throws {
        var command = self
        command.limits.maximumStandardError += secrets.longest + 1
        var result = try await command.run()
        result.standardErrorTail = secrets.lastBytes(limits.maximumStandardError, of: result.standardErrorTail)
        if let problem = Self.problem(result) { throw DeliveryFailure.retry(problem) }
    }

    private static func problem(_ result: LocalCommandResult) -> String? {
        let what: String
        switch result.ending {
        case _ where result.isTimedOut: what = "the command took too long"
        case .exited(0): return nil
        case .exited(let status): what = "the command exited with status \(status)"
        case .signalled(let signal): what = "the command was ended by signal \(signal)"
        }
        let said = String(decoding: result.standardErrorTail, as: UTF8.self).split(whereSeparator: \.isNewline).last
        return said.map { "\(what): \($0)" } ?? what
    }
}
