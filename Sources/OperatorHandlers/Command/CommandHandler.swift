package import EventRouter
package import LocalCommands
import RealtimeEvents

/// Runs a local command for every event it gets, with the event as JSON on standard input.
///
/// What the command writes to standard output goes nowhere; its standard error tells what went wrong.
///
/// Within a session the next event's command starts when the one before has ended; up to ``concurrentSessions`` sessions have
/// theirs at the same time, in all runs of the router together. A command that exits with another status than 0, is
/// ended by a signal, or takes too long is a failed delivery: it is tried again as the retry policy says, and then
/// becomes a dead letter with the exit status and the last line of standard error.
package struct CommandHandler: ConcurrentHandling, SecretKeeping {
    private let command: LocalCommand
    /// What the command inherits and may print.
    package let secrets: SecretValues
    private let givesEvent: Bool

    /// How many commands run at a time, each for another session.
    package let concurrentSessions: Int

    /// How many commands run at a time unless something else is said.
    package static let defaultConcurrentSessions = 4

    /// Makes a handler.
    ///
    /// - Parameters:
    ///   - command: what to run; its standard input is replaced by the event, and its standard output is not kept.
    ///   - givesEvent: whether the command gets the event on standard input; otherwise it gets nothing.
    ///   - concurrentSessions: how many commands may run at a time, each for another session.
    package init(
        _ command: LocalCommand, givesEvent: Bool = true,
        concurrentSessions: Int = CommandHandler.defaultConcurrentSessions
    ) {
        var command = command
        command.keepsOutput = false
        self.command = command
        secrets = SecretValues(inherited: command.environment.inherited)
        self.givesEvent = givesEvent
        self.concurrentSessions = concurrentSessions
    }

    /// Checks that the program is there, so that a missing one shows before the first event.
    ///
    /// - Throws: `LocalCommandError`.
    package func start() async throws {
        _ = try command.locateProgram()
    }

    /// Runs the command.
    ///
    /// - Throws: `DeliveryFailure` when the command failed.
    package func handle(_ delivery: EventDelivery) async throws {
        var command = command
        command.standardInput = givesEvent ? delivery.event.bytes + [0x0A] : []
        command.environment.variables["ROUTER_SESSION"] = delivery.session.key
        command.environment.variables["ROUTER_ROUTE"] = delivery.routes.first ?? ""
        command.environment.variables["ROUTER_DIRECTION"] = delivery.side.rawValue
        try await command.deliver(hiding: secrets)
    }
}

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
