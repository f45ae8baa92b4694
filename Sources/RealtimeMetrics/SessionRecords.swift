import EventJSON
import EventRouter
import RealtimeEvents

/// A file with a line of JSON for each session that ended, for details that do not fit a metric's labels.
struct SessionRecords: RecordWriter, Sendable {
    private let file: LineFile
    private let clock: any RouterClock

    init(path: String, clock: any RouterClock) {
        file = LineFile(path: path)
        self.clock = clock
    }

    func reportUnwritten(to records: UnwrittenRecords) { file.reportUnwritten(to: records) }

    func open() throws { try file.open() }

    func close() { file.close() }

    /// The records in the file.
    var lines: RecordLines { RecordLines(path: file.path) }

    /// Writes the metrics of a session that ended.
    ///
    /// - Throws: `FileFailure` if the line could not be written.
    func write(_ ended: EndedSession, _ delivery: EventDelivery) throws {
        let end = try delivery.event.decode(SessionEnded.self)
        let session = delivery.session
        var writer = JSONWriter()
        writer.beginObject()
        writer.field("session", session.key)
        writer.field("session_id", end.head.sessionID ?? session.sessionID)
        // The current time says nothing about a recording.
        if session.isInteractive { writer.field("time", Timestamp(unix: clock.wallTime).description) }
        writer.field("labels", Dictionary(session.labels.map { ($0.name, $0.value) }) { $1 })
        writer.field("reason", end.reason?.rawValue)
        writer.field("duration_ms", end.durationMs)
        writer.field("model", ended.state.model)
        writer.field("transcription_model", ended.state.transcriptionModel)
        writer.field("events", end.totals?.events)
        writer.field("events_by_type", end.totals?.eventsByType)
        for (name, value) in Figures(tally: ended.tally).json {
            writer.key(name)
            writer.value(value)
        }
        if end.unheard == true {
            writer.key("unheard")
            writer.bool(true)
        }
        writer.endObject()
        try file.write(writer.bytes)
    }
}
