import EventJSON
import EventRouter
import RealtimeEvents

/// The journal of calls, as ``FunctionCallHandler`` describes it.
struct CallJournal: Sendable {
    private let file: LineFile?
    private let clock: any RouterClock

    init(path: String?, clock: any RouterClock) {
        file = path.map { LineFile(path: $0) }
        self.clock = clock
    }

    func open() throws { try file?.open() }

    func close() { file?.close() }

    /// Writes that a call starts.
    ///
    /// - Throws: `FileFailure` when that could not be written.
    func recordStart(of taken: TakenCall, queued: Duration) throws {
        guard let file else { return }
        var writer = head(of: taken, state: "started")
        writer.field("queued_ms", queued.milliseconds)
        writer.field("labels", taken.call.head.labels)
        writer.endObject()
        try file.write(writer.bytes)
    }

    /// Writes how a call ended.
    func recordEnd(of taken: TakenCall, _ outcome: FunctionCallOutcome, _ report: ExecutionReport) {
        guard let file else { return }
        var writer = head(of: taken, state: report.state.rawValue)
        writer.field("exit_status", report.exitStatus)
        writer.field("signal", report.signal)
        writer.field("output", outcome.output)
        writer.field("error", report.error)
        writer.field("stderr", report.standardError)
        writer.field("queued_ms", outcome.queuedMs)
        writer.field("ran_ms", outcome.ranMs)
        writer.field("output_bytes", report.outputBytes)
        if report.isTruncated {
            writer.key("truncated")
            writer.bool(true)
        }
        // Whether an answer that there is reaches the model is the session's to know.
        if outcome.output == nil {
            writer.key("sent")
            writer.bool(false)
        }
        writer.field("labels", taken.call.head.labels)
        writer.endObject()
        file.append(writer.bytes)
    }

    private func head(of taken: TakenCall, state: String) -> JSONWriter {
        var writer = JSONWriter()
        writer.beginObject()
        writer.field("session", taken.call.head.session ?? taken.session.key)
        writer.field("session_id", taken.call.head.sessionID ?? taken.session.sessionID)
        writer.field("time", Timestamp(unix: clock.wallTime).description)
        writer.field("call_id", taken.id)
        writer.field("name", taken.call.name)
        writer.field("arguments", taken.call.arguments)
        writer.field("state", state)
        return writer
    }
}
