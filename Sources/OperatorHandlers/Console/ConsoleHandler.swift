import EventJSON
package import EventRouter
package import RealtimeEvents
import Synchronization

/// A readable line for each event, on standard output or in a file.
///
/// Derived events have a form of their own; any other event is its type and a few words of what it says, or its
/// `event_id`:
/// ```
///   1.9  caller  What's the weather in Lisbon?
///   2.1  tool    get_weather city=Lisbon -> {"celsius":21}   8 ms   [tool calls]
///   2.9  agent   It's 21 degrees in Lisbon.
/// ```
/// An event of the client says so: `client  session.update gpt-realtime`. The time is in seconds since the recording or the connection began. Control characters of what people, models and
/// commands said never reach the terminal.
package final class ConsoleHandler: EventHandler, RecordKeeping, RecordWriter {
    private let file: LineFile

    /// Makes a handler that writes to a path; `-` is standard output.
    package init(path: String = "-") {
        file = LineFile(path: path)
    }

    /// What a person wants to see of a conversation.
    package var interests: [EventType] {
        [
            .routerUtteranceDone, .routerFunctionCallDone, .routerResponseInterrupted, .routerTurnStalled,
            .routerConnectionLost, .routerConnectionRestored, .routerErrorRaised,
        ]
    }

    /// The lines, which tell only people whose they are.
    package var records: (any RecordKeeper)? { SharedText(path: file.path) }

    /// Takes the counts of lines that may be missing when the file is closed.
    package func reportUnwritten(to records: UnwrittenRecords) { file.reportUnwritten(to: records) }

    /// Opens the file.
    ///
    /// - Throws: `FileFailure` when the path cannot be written.
    package func start() async throws { try file.open() }

    /// Writes the event's line.
    ///
    /// - Throws: `FileFailure` when it could not be written.
    package func handle(_ delivery: EventDelivery) async throws {
        let line = ConsoleLine(delivery)
        try file.write(Array(line.description.utf8))
    }

    /// Closes the file.
    package func stop() async { file.close() }
}
