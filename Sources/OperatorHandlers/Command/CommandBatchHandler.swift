import EventJSON
package import EventRouter
package import LocalCommands
import RealtimeEvents

/// Runs a local command for the events that came since it last ran, with all of them on standard input: a pager that a storm of
/// failures makes ring once.
///
/// A line for each event, those of a source in its order:
/// ```json
/// {"session":"call-17","labels":{},"route":"failures","event":{"type":"response.done"}}
/// ```
/// `route` is the first of the routes that took it, and absent where none did; behind it stands `"direction":"client"` for an event of
/// the client. What the command writes to standard output goes nowhere.
///
/// One command at a time for all sessions together, as often as `BatchPolicy.interval` says. A command that exits
/// with another status than 0, is ended by a signal, or takes too long has delivered none of its events: they are tried again together
/// as the retry policy says, and then become dead letters with the exit status and the last line of standard error.
package struct CommandBatchHandler: BatchEventHandler, SecretKeeping {
    private let command: LocalCommand
    /// What the command inherits and may print.
    package let secrets: SecretValues

    /// How many events a command gets, and how often it runs.
    package let batching: BatchPolicy

    /// Makes a handler.
    ///
    /// - Parameters:
    ///   - command: what to run; its standard input is replaced by the events, and its standard output is not kept.
    ///   - batching: how many events it gets, and how often it runs.
    package init(_ command: LocalCommand, batching: BatchPolicy = BatchPolicy()) {
        var command = command
        command.keepsOutput = false
        self.command = command
        secrets = SecretValues(inherited: command.environment.inherited)
        self.batching = batching
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

    /// An event as one line: a line break in JSON is a blank between its words, for inside a string it is always escaped.
    private static func oneLine(_ event: [UInt8]) -> [UInt8] {
        guard event.contains(where: isLineBreak) else { return event }
        return event.map { isLineBreak($0) ? 0x20 : $0 }
    }

    private static func isLineBreak(_ byte: UInt8) -> Bool { byte == 0x0A || byte == 0x0D }
}
