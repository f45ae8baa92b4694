import EventJSON
package import EventRouter
package import RealtimeEvents
import Synchronization

/// Writes a readable line for each event to standard output or to a file.
///
/// Derived events have their own formats. The line of any other event has its type and a summary of its content, or its
/// `event_id`:
/// ```
///   1.9  caller  What's the weather in Lisbon?
///   2.1  tool    get_weather city=Lisbon -> {"celsius":21}   8 ms   [tool calls]
///   2.9  agent   It's 21 degrees in Lisbon.
/// ```
/// A client's event is marked: `client  session.update gpt-realtime`. The time is in seconds since the start of the
/// recording or connection. Control characters in texts of people, models and commands are replaced, so that they
/// cannot affect the terminal.
package final class ConsoleHandler: EventHandler, RecordKeeping, RecordWriter {
    private let file: LineFile

    /// Creates a handler that writes to a path; `-` is standard output.
    package init(path: String = "-") {
        file = LineFile(path: path)
    }

    /// The events that show a person the course of a conversation.
    package var interests: [EventType] {
        [
            .routerUtteranceDone, .routerFunctionCallDone, .routerResponseInterrupted, .routerTurnStalled,
            .routerConnectionLost, .routerConnectionRestored, .routerErrorRaised,
        ]
    }

    /// The handler's lines. They do not name their session, so the lines of one session cannot be selected.
    package var records: (any RecordKeeper)? { SharedText(path: file.path) }

    /// Uses `records` to count the lines that may be missing from the file when it is closed.
    package func reportUnwritten(to records: UnwrittenRecords) { file.reportUnwritten(to: records) }

    /// Opens the file.
    ///
    /// - Throws: `FileFailure` if the path cannot be written.
    package func start() async throws { try file.open() }

    /// Writes the event's line.
    ///
    /// - Throws: `FileFailure` if it could not be written.
    package func handle(_ delivery: EventDelivery) async throws {
        let line = ConsoleLine(delivery)
        try file.write(Array(line.description.utf8))
    }

    /// Closes the file.
    package func stop() async { file.close() }
}
