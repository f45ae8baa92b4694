import EventJSON
package import RealtimeEvents
import RecordFiles
import Synchronization

/// A file with the recording of a session: server events and client events, in the form that `run` replays.
///
/// The header line is
/// `{"recording": 1, "session": KEY, "started": TIME, "labels": {…}, "dialect": "realtime", "live": true, "router": VERSION}`,
/// with `live` only for live sessions. Each further line is an envelope,
/// `{"at": seconds, "direction": "server"|"client", "event": {…}}`; the last line states how the session ended. Client
/// events that the router sent also have `"sender": "router"`. Events are redacted. Audio is replaced by its number of
/// bytes, `"delta": 4800`, which the router reads as that much audio.
///
/// The file is made with mode 0600. An existing file is renamed to its path with `.1`, `.2`, … A file without any line
/// is removed when it is closed. Lines that cannot be written are counted: see `RecordWriter`. ``RecordingFiles``
/// supports one file for several sessions.
///
/// A recording that reaches its largest size ends with a line whose `reason` is `recording_full`. The session continues
/// without being recorded.
public final class RecordingFile: RecordWriter, Sendable {
    /// The path, in which `{session}` is replaced by the session's key, in a form that is valid in a file name.
    public var path: String { lines.path }
    /// The session's key.
    let session: String
    /// Whether the recording contains audio.
    public let keepsAudio: Bool
    let router: String?
    /// Whether every line names the session, because several sessions share the file.
    let namesSession: Bool
    private let lines: RecordingLines
    /// The largest size of the file in bytes; nil for no limit.
    private let maximumSize: Int?
    private let room: Mutex<Room>
    private let onClose: @Sendable () -> Void

    /// The space that is left in a file with a largest size.
    private struct Room {
        /// The number of bytes that are left, without the bytes of the last line.
        var left: Int
        var isFull = false
    }

    /// Creates the file.
    ///
    /// - Parameters:
    ///   - path: The path; `{session}` is replaced by the session's key.
    ///   - session: The session's key.
    ///   - keepsAudio: Whether to record audio.
    ///   - router: The version of the program, for the header line.
    ///   - maximumSize: The largest size of the file in bytes, without its header line; nil for no limit.
    /// - Throws: `FileFailure` if the path cannot be written.
    public convenience init(
        path: String, session: String, keepsAudio: Bool = false, router: String? = nil, maximumSize: Int? = nil
    ) throws {
        try self.init(
            path: path, session: session, keepsAudio: keepsAudio, router: router, maximumSize: maximumSize, onClose: {})
    }

    /// Creates the file.
    ///
    /// - Parameter onClose: Called when the file is closed.
    init(
        path: String, session: String, keepsAudio: Bool, router: String?, maximumSize: Int?,
        onClose: @escaping @Sendable () -> Void
    ) throws {
        lines = try RecordingLines(path: Self.path(path, of: session))
        self.session = session
        self.keepsAudio = keepsAudio
        self.router = router
        self.maximumSize = maximumSize
        self.onClose = onClose
        namesSession = false
        // Reserve space for the last line, however many digits its time has.
        let last = RecordingControl.end(session: session, at: nil, reason: .recordingFull).count + 64
        room = Mutex(Room(left: maximumSize.map { max(0, $0 - last) } ?? .max))
    }

    /// Creates a recording in a file that several sessions share.
    init(sharing lines: RecordingLines, session: String, keepsAudio: Bool, router: String?) {
        self.lines = lines
        self.session = session
        self.keepsAudio = keepsAudio
        self.router = router
        maximumSize = nil
        onClose = {}
        namesSession = true
        room = Mutex(Room(left: .max))
    }

    /// Sets the counter of lines that could not be written.
    public func reportUnwritten(to records: UnwrittenRecords) { lines.reportUnwritten(to: records) }

    /// Whether the file has reached its largest size.
    var isFull: Bool { room.withLock { $0.isFull } }

    /// Writes the header line, whatever its length.
    func begin(_ line: [UInt8]) {
        room.withLock { room in
            room.left -= min(room.left, line.count + 1)
            lines.append(line)
        }
    }

    /// Appends a line. If it does not fit, the recording ends instead.
    ///
    /// - Parameter at: The line's time.
    /// - Returns: Whether the recording became full.
    func append(_ line: [UInt8], at: Double?) -> Bool {
        room.withLock { room in
            guard !room.isFull else { return false }
            guard line.count < room.left else {
                room.isFull = true
                lines.append(RecordingControl.end(session: session, at: at, reason: .recordingFull))
                return true
            }
            if maximumSize != nil { room.left -= line.count + 1 }
            lines.append(line)
            return false
        }
    }

    /// Writes the last line, unless the recording is full.
    func end(at: Double?, _ reason: SessionEndReason) {
        room.withLock { room in
            guard !room.isFull else { return }
            lines.append(RecordingControl.end(session: session, at: at, reason: reason))
        }
    }

    /// Returns a path in which `{session}` is replaced by a session's key, in a form that is valid in a file name.
    static func path(_ path: String, of session: String) -> String {
        path.replacing("{session}", with: SafeFileName(session).description)
    }

    /// Whether a path refers to this file.
    func isAt(_ path: String) -> Bool { path == self.path || isOneFile(path, self.path) }

    /// Closes the file, unless several sessions share it.
    public func close() {
        if !namesSession { lines.close() }
        onClose()
    }
}

extension RecordingFile {
    /// Writes the header line, for a session that no router runs.
    ///
    /// - Parameters:
    ///   - session: The session's key.
    ///   - started: The start of the session, in seconds since 1970.
    ///   - dialect: The API that the events belong to.
    package func begin(session: String, started: Double, dialect: Dialect) {
        let header = RecordingHeader(session: session, started: started, labels: [], sessionID: nil, isLive: true)
        begin(header.line(dialect: dialect, router: nil))
    }

    /// Writes a message; ignores a message that is not a JSON object.
    ///
    /// - Parameters:
    ///   - message: The message's text.
    ///   - isClient: Whether the client sent it.
    ///   - at: The time in seconds since the session began.
    ///   - dialect: The API that the event belongs to.
    package func append(_ message: [UInt8], isClient: Bool, at: Double, dialect: Dialect) {
        guard let object = try? JSONValue(parsing: message).object else { return }
        let type = EventType(object["type"]?.string ?? "")
        var event = RealtimeEvent(
            bytes: message, type: type, wireType: object["type"]?.string ?? "", position: EventPosition(line: 0),
            at: at,
            dialect: dialect)
        if !keepsAudio { event = AudioPayload.replaced(in: event) }
        var writer = JSONWriter(capacity: event.bytes.count + 64)
        writer.beginObject()
        writer.field("at", at)
        writer.field("direction", isClient ? "client" : "server")
        writer.key("event")
        writer.raw(json: event.bytes)
        writer.endObject()
        _ = append(writer.bytes, at: at)
    }

    /// Writes the last line, and closes the file.
    package func end(session: String, at: Double, reason: SessionEndReason) {
        end(at: at, reason)
        close()
    }
}

/// The line writer of a recording file.
final class RecordingLines: Sendable {
    let path: String
    private let file: LineFile
    private let hasBegun = Atomic<Bool>(false)

    /// Creates the file. An existing file is renamed.
    ///
    /// - Throws: `FileFailure` if the path cannot be written.
    init(path: String) throws {
        self.path = path
        file = LineFile(path: path, header: [], maximumSize: .max, isRenewed: false)
        try file.openNew()
    }

    func reportUnwritten(to records: UnwrittenRecords) { file.reportUnwritten(to: records) }

    func append(_ line: [UInt8]) {
        hasBegun.store(true, ordering: .relaxed)
        file.append(line)
    }

    /// Closes the file; removes it if no line was appended.
    func close() {
        if hasBegun.load(ordering: .relaxed) { file.close() } else { file.closeRemovingEmpty() }
    }
}
