package import EventRouter
package import LocalCommands
import RealtimeEvents

/// Runs a local command for every event, with the event as JSON on standard input.
///
/// The command's standard output is discarded; the last line of its standard error becomes part of the error.
///
/// Within a session, a command starts when the previous one has ended. Up to ``concurrentSessions`` sessions run their
/// commands at the same time. This limit applies to all runs of the router together. A delivery fails if its command
/// exits with a status other than 0, is ended by a signal or takes too long. When the retry policy allows no further
/// attempt, the delivery becomes a dead letter with the exit status and the last line of standard error.
package struct CommandHandler: ConcurrentHandling, SecretKeeping {
    private let command: LocalCommand
    /// The values of the inherited environment variables, which the command may print.
    package let secrets: SecretValues
    private let givesEvent: Bool

    /// The maximum number of commands that run at the same time, each for a different session.
    package let concurrentSessions: Int

    /// The default for ``concurrentSessions``.
    package static let defaultConcurrentSessions = 4

    /// Creates a handler.
    ///
    /// - Parameters:
    ///   - command: the command. The handler replaces its standard input and discards its standard output.
    ///   - givesEvent: whether the command gets the event on standard input; otherwise its standard input is empty.
    ///   - concurrentSessions: the maximum number of commands that run at the same time, each for a different
    ///     session.
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

    /// Checks that the program exists, so that a missing one is reported before the first event.
    ///
    /// - Throws: `LocalCommandError`.
    package func start() async throws {
        _ = try command.locateProgram()
    }

    /// Runs the command.
    ///
    /// - Throws: `DeliveryFailure` if the command fails.
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
    /// Runs the command, and converts a failure to a delivery failure.
    ///
    /// - Parameter secrets: the values that the error message must not contain.
    /// - Throws: `DeliveryFailure` if it exits with a status other than 0, is ended by a signal or takes too long.
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
        let lastLine = String(decoding: result.standardErrorTail, as: UTF8.self).split(whereSeparator: \.isNewline).last
        return lastLine.map { "\(what): \($0)" } ?? what
    }
}
