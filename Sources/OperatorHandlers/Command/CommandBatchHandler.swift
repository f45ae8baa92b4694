import EventJSON
package import EventRouter
package import LocalCommands
import RealtimeEvents

/// Runs a local command for several events, and writes to its standard input all events that have arrived since the
/// last run. A pager, for example, sends one alert for a burst of failures.
///
/// Standard input has one line per event; events of one session keep their order:
/// ```json
/// {"session":"call-17","labels":{},"route":"failures","event":{"type":"response.done"}}
/// ```
/// `route` is the first route that matched the event; it is absent if no route matched. For a client's event,
/// `"direction":"client"` follows it. The command's standard output is discarded.
///
/// One command at a time runs for all sessions together, as often as `BatchPolicy.interval` allows. If the command
/// exits with a status other than 0, is ended by a signal or takes too long, none of its events count as delivered. The
/// retry policy applies to all of them together. After the last attempt, they become dead letters with the exit status
/// and the last line of standard error.
package struct CommandBatchHandler: BatchEventHandler, SecretKeeping {
    private let command: LocalCommand
    /// The values of the inherited environment variables, which the command may print.
    package let secrets: SecretValues

    /// How many events a command gets, and how often it runs.
    package let batching: BatchPolicy

    /// Creates a handler.
    ///
    /// - Parameters:
    ///   - command: the command; the events replace its standard input, and its standard output is not kept.
    ///   - batching: how many events it gets, and how often it runs.
    package init(_ command: LocalCommand, batching: BatchPolicy = BatchPolicy()) {
        var command = command
        command.keepsOutput = false
        self.command = command
        secrets = SecretValues(inherited: command.environment.inherited)
        self.batching = batching
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
    package func handle(_ batch: [EventDelivery]) async throws {
        var command = command
        command.standardInput = Self.lines(of: batch)
        try await command.deliver(hiding: secrets)
    }

    private static func lines(of batch: [EventDelivery]) -> [UInt8] {
        var writer = JSONWriter(capacity: batch.reduce(0) { $0 + $1.event.bytes.count + 256 })
        for delivery in batch {
            writer.beginObject()
            let labels = Dictionary(delivery.session.labels.map { ($0.name, $0.value) }) { $1 }
            writer.origin(session: delivery.session.key, labels: labels)
            writer.field("route", delivery.routes.first)
            if delivery.side == .client { writer.field("direction", delivery.side.rawValue) }
            writer.key("event")
            writer.raw(json: oneLine(delivery.event.bytes))
            writer.endObject()
            writer.endLine()
        }
        return writer.bytes
    }

    /// An event as one line. Replaces line breaks with spaces: in JSON a line break only separates tokens, since
    /// strings escape it.
    private static func oneLine(_ event: [UInt8]) -> [UInt8] {
        guard event.contains(where: isLineBreak) else { return event }
        return event.map { isLineBreak($0) ? 0x20 : $0 }
    }

    private static func isLineBreak(_ byte: UInt8) -> Bool { byte == 0x0A || byte == 0x0D }
}
