import EventRouter
import LocalCommands

extension LocalCommand {
    /// Runs the command to deliver something.
    ///
    /// - Throws: `DeliveryFailure` when it exited with another status than 0, was ended by a signal or took too long.
    func deliver() async throws {
        let result = try await run()
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
