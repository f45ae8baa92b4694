public import ConfigSource
import EventJSON
public import RealtimeEvents
public import RecordFiles

/// The outcome of one delivery.
public struct DispatchRecord: Sendable, Hashable {
    /// How a delivery ended.
    public enum Outcome: String, Sendable, Hashable {
        /// The handler handled it.
        case delivered
        /// It did not fit into the handler's queue.
        case dropped
        /// It became a dead letter.
        case deadLetter = "dead_letter"
    }

    /// The session's key.
    public var session: String
    /// The event's position: a line, or a line and the number of the derived event.
    public var position: EventPosition
    /// The event's canonical type.
    public var type: String
    /// The side that sent the event. Derived events count as server events.
    public var side: SessionSide
    /// The routes that sent it to this handler, in file order.
    public var routes: [String]
    /// The handler's name.
    public var handler: String
    /// The outcome.
    public var outcome: Outcome
    /// The number of times that the handler was called.
    public var attempts: Int
    /// The time from the first call to the end of the last one, back-off included, in milliseconds.
    public var milliseconds: Double
}

/// A log of every delivery.
///
/// Several threads may call `record(_:)` at a time. It does not throw, so that a failing log does not fail a delivery.
/// A log that could not write a record counts it: see `RecordWriter`.
public protocol DispatchLog: RecordWriter, Sendable {
    /// Logs one delivery.
    func record(_ record: DispatchRecord)

    /// Logs a client event that the server refused or that was not sent. The default does nothing.
    func record(_ failure: ClientEventFailure)
}

extension DispatchLog {
    /// Does nothing.
    public func record(_ failure: ClientEventFailure) {}
}

/// Writes the dispatch log as JSON Lines with the fields `session`, `position`, `type`, `direction` (`client` for
/// client events, otherwise absent), `route` (the first), `routes`, `handler`, `outcome`, `attempts` and `ms`. A client
/// event that the server refused, or that was not sent, has a line with `session`, `position`, `type`, `event_id`,
/// `sent_by`, `route`, `handler`, `outcome` (`refused`, `unsent`), `code`, `message` and `param`. The lines of each run
/// follow a line that identifies its rules: `routes_file`, `routes_fingerprint`.
public final class DispatchLogFile: DispatchLog {
    private let file: LineFile

    /// Opens the file for appending, and writes a line that identifies the run's rules.
    ///
    /// - Parameters:
    ///   - path: The file; `-` is standard output.
    ///   - routes: The file that contains the routes; nil if they were made in code.
    /// - Throws: `FileFailure` if the path cannot be written.
    public init(path: String, routes: SourceFile? = nil) throws {
        file = LineFile(path: path)
        try file.open()
        guard let routes else { return }
        var writer = JSONWriter()
        writer.beginObject()
        writer.field("routes_file", routes.path)
        writer.field("routes_fingerprint", routes.fingerprint)
        writer.endObject()
        file.append(writer.bytes)
    }

    /// Appends one line.
    public func record(_ record: DispatchRecord) {
        var writer = JSONWriter()
        writer.beginObject()
        writer.field("session", record.session)
        writer.field("position", record.position.description)
        writer.field("type", record.type)
        if record.side == .client { writer.field("direction", record.side.rawValue) }
        writer.field("route", record.routes.first)
        if record.routes.count > 1 {
            writer.key("routes")
            writer.beginArray()
            for route in record.routes { writer.string(route) }
            writer.endArray()
        }
        writer.field("handler", record.handler)
        writer.field("outcome", record.outcome.rawValue)
        writer.field("attempts", record.attempts)
        writer.key("ms")
        writer.double((record.milliseconds * 1000).rounded() / 1000)
        writer.endObject()
        file.append(writer.bytes)
    }

    /// Appends one line.
    public func record(_ failure: ClientEventFailure) {
        var writer = JSONWriter()
        writer.beginObject()
        writer.field("session", failure.session)
        writer.field("position", failure.position?.description)
        writer.field("type", failure.type)
        writer.field("event_id", failure.eventID)
        writer.field("sent_by", failure.sentBy.rawValue)
        writer.field("route", failure.route)
        writer.field("handler", failure.handler)
        writer.field("outcome", failure.outcome.rawValue)
        writer.field("code", failure.code)
        writer.field("message", failure.message)
        writer.field("param", failure.parameter)
        writer.endObject()
        file.append(writer.bytes)
    }

    /// Sets the counter of lines that could not be written.
    public func reportUnwritten(to records: UnwrittenRecords) { file.reportUnwritten(to: records) }

    /// Closes the file.
    public func close() { file.close() }
}
