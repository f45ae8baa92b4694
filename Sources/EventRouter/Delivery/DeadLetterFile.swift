import EventJSON
import RealtimeEvents
public import RecordFiles

/// Writes dead letters as JSON Lines with the fields `session`, `session_id`, `time`, `call_id`, `occurrence` (from 2
/// on), `reason`, `route`, `handler`, `attempts`, `error`, `line`, `length`, `truncated`, `direction` (`client` for
/// client events), `event` (the object; otherwise `raw` as base64) and `labels`. Unknown fields are absent.
public final class DeadLetterFile: DeadLetterSink {
    private let file: LineFile
    private let clock: any RouterClock

    /// Creates the sink. `start()` opens the file, so that an invalid path is reported before any event.
    public convenience init(path: String, clock: any RouterClock = .system) {
        self.init(path: path, clock: clock, by: .system)
    }

    /// Creates the sink with other file operations.
    package init(path: String, clock: any RouterClock, by files: any FileOperations) {
        self.file = LineFile(path: path, by: files)
        self.clock = clock
    }

    /// Opens the file.
    ///
    /// - Throws: `FileFailure` if the path cannot be written.
    public func start() throws { try file.open() }

    /// Appends one line.
    public func record(_ letter: DeadLetter) {
        var writer = JSONWriter()
        writer.beginObject()
        writer.field("session", letter.session)
        writer.field("session_id", letter.sessionID)
        writer.field("time", Timestamp(unix: clock.wallTime).description)
        writer.field("call_id", letter.call?.callID)
        writer.field("occurrence", letter.call?.laterOccurrence)
        writer.field("reason", letter.reason.rawValue)
        writer.field("route", letter.route)
        writer.field("handler", letter.handler)
        writer.field("attempts", letter.attempts)
        writer.field("error", letter.error)
        writer.field("line", letter.line)
        writer.field("length", letter.length)
        if letter.isTruncated {
            writer.key("truncated")
            writer.bool(true)
        }
        if letter.side == .client { writer.field("direction", letter.side.rawValue) }
        if !letter.isTruncated, let event = try? JSONValue(parsing: letter.bytes), case .object = event {
            writer.key("event")
            writer.value(event)
        } else {
            writer.field("raw", Base64.encode(letter.bytes))
        }
        writer.field("labels", Dictionary(letter.labels.map { ($0.name, $0.value) }) { $1 })
        writer.endObject()
        file.append(writer.bytes)
    }

    /// The lines of the file, as records that can be deleted.
    public var records: (any RecordKeeper)? { RecordLines(path: file.path) }

    /// Sets the counter of dead letters that could not be written.
    public func reportUnwritten(to records: UnwrittenRecords) { file.reportUnwritten(to: records) }

    /// Closes the file.
    public func stop() { file.close() }
}
