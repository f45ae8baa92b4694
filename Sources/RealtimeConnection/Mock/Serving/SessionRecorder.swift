import EventRouter
import RealtimeEvents
import RecordFiles

/// Writes what happened in a session as a recording of both directions.
struct SessionRecorder: Sendable {
    private let file: RecordingFile
    private let session: String
    private let dialect: Dialect

    /// Begins the file `FOLDER/SESSION.jsonl`.
    ///
    /// - Throws: `FileFailure` when it cannot be written.
    init(folder: String, session: String, _ recording: MockRecording, unwritten: UnwrittenRecords) throws {
        self.session = session
        dialect = recording.dialect == .translation ? .translation : .realtime
        file = try RecordingFile(path: "\(folder)/{session}.jsonl", session: session)
        file.reportUnwritten(to: unwritten)
        file.begin(session: session, started: SystemClock().wallTime, dialect: dialect)
    }

    /// Writes a message.
    func append(_ message: [UInt8], isClient: Bool, at: Duration) {
        file.append(message, isClient: isClient, at: Self.seconds(at), dialect: dialect)
    }

    /// Writes the end.
    func end(at: Duration) { file.end(session: session, at: Self.seconds(at), reason: .disconnected) }

    private static func seconds(_ time: Duration) -> Double {
        let (seconds, attoseconds) = time.components
        return Double(seconds) + Double(attoseconds / 1_000_000_000_000) / 1e6
    }
}
