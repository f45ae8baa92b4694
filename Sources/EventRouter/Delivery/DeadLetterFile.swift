import EventJSON
import RealtimeEvents
public import RecordFiles

/// Dead letters as JSON Lines: `session`, `session_id`, `time`, `call_id`, `occurrence` (from 2 on), `reason`, `route`,
/// `handler`, `attempts`, `error`, `line`, `length`, `truncated`, `direction` (`client` for an event of the client), `event` (the object, or `raw` as base64 when it is not JSON), `labels`; absent when unknown.
public final class DeadLetterFile: DeadLetterSink {
    private let file: LineFile
    private let clock: any RouterClock

    /// Makes the sink; the file is opened by `start()`, so a path that cannot be used shows before any event.
    public convenience init(path: String, clock: any RouterClock = .system) {
        self.init(path: path, clock: clock, by: .system)
    }

    /// Makes the sink as ``init(path:clock:)`` does, with the operations to write by.
    package init(path: String, clock: any RouterClock, by files: any FileOperations) {
        self.file = LineFile(path: path, by: files)
        self.clock = clock
    }

    /// Opens the file.
    ///
    /// - Throws: `FileFailure` when the path cannot be written.
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

    /// The lines of the file.
    public var records: (any RecordKeeper)? { RecordLines(path: file.path) }

    /// Takes the counts of letters that could not be written.
    public func reportUnwritten(to records: UnwrittenRecords) { file.reportUnwritten(to: records) }

    /// Closes the file.
    public func stop() { file.close() }
}
