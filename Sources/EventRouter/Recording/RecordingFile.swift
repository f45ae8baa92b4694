import EventJSON
package import RealtimeEvents
import RecordFiles
import Synchronization

/// A file for the recording of a session: what the server sent and what the client did, as `run` replays it.
///
/// Its first line is `{"recording": 1, "session": KEY, "started": TIME, "labels": {…}, "dialect": "realtime", "live": true,
/// "router": VERSION}`, without `live` unless the session was live. Each
/// further one is an envelope, `{"at": seconds, "direction": "server"|"client", "event": {…}}`, and the last one says how the session
/// ended. The client events that the router itself sent have `"sender": "router"` as well. Events are redacted like everything that is written. In place of audio stands the number of its bytes, `"delta": 4800`, which
/// the router reads as that much audio.
///
/// The file is made with mode 0600. One that is there already is renamed to its path with `.1`, `.2`, … A file for which nothing came is
/// removed when it is closed. Lines that cannot be written are counted: see `RecordWriter`. ``RecordingFiles`` has one file for several
/// sessions.
///
/// A recording of bounded size that becomes full ends with a line whose `reason` is `recording_full`. The session goes on, and nothing more
/// of it is recorded.
public final class RecordingFile: RecordWriter, Sendable {
    /// The path; `{session}` of the path that was given is the session's key in it, as far as a name can have it.
    public var path: String { lines.path }
    /// The session's key.
    let session: String
    /// Whether audio is kept.
    public let keepsAudio: Bool
    let router: String?
    /// Whether every line names the session, as other sessions have the same file.
    let namesSession: Bool
    private let lines: RecordingLines
    /// How many bytes the file may have; nil for no limit.
    private let maximumSize: Int?
    private let room: Mutex<Room>
    private let onClose: @Sendable () -> Void

    /// What a file of bounded size has room for.
    private struct Room {
        /// In bytes, without those of the last line.
        var left: Int
        var isFull = false
    }

    /// Begins the file.
    ///
    /// - Parameters:
    ///   - path: the file; `{session}` stands for the session's key.
    ///   - session: the session's key.
    ///   - keepsAudio: whether audio is kept.
    ///   - router: the version of the program, for the first line.
    ///   - maximumSize: how many bytes the file may have, but for its first line; nil for no limit.
    /// - Throws: `FileFailure` when the path cannot be written.
    public convenience init(
        path: String, session: String, keepsAudio: Bool = false, router: String? = nil, maximumSize: Int? = nil
    ) throws {
        try self.init(
            path: path, session: session, keepsAudio: keepsAudio, router: router, maximumSize: maximumSize, onClose: {})
    }

    /// Begins the file.
    ///
    /// - Parameter onClose: called when the file is closed.
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
        // The last line has its room, however many digits its time has.
        let last = RecordingControl.end(session: session, at: nil, reason: .recordingFull).count + 64
        room = Mutex(Room(left: maximumSize.map { max(0, $0 - last) } ?? .max))
    }

    /// Begins a recording in a file that others have too.
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

    /// Takes the counts of lines that could not be written.
    public func reportUnwritten(to records: UnwrittenRecords) { lines.reportUnwritten(to: records) }

    /// Whether the file has taken all that it may.
    var isFull: Bool { room.withLock { $0.isFull } }

    /// Writes the first line, whatever its length.
    func begin(_ line: [UInt8]) {
        room.withLock { room in
            room.left -= min(room.left, line.count + 1)
            lines.append(line)
        }
    }

    /// Appends a line. If there is no room for it, the recording ends here.
    ///
    /// - Parameter at: the line's time.
    /// - Returns: Whether the recording became full with this line.
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

    /// Writes the last line, unless a full recording has it already.
    func end(at: Double?, _ reason: SessionEndReason) {
        room.withLock { room in
            guard !room.isFull else { return }
            lines.append(RecordingControl.end(session: session, at: at, reason: reason))
        }
    }

    /// A path with a session's key in the place of `{session}`, as far as a file's name can have it.
    static func path(_ path: String, of session: String) -> String {
        path.replacing("{session}", with: SafeFileName(session).description)
    }

    /// Whether a path leads to this file.
    func isAt(_ path: String) -> Bool { path == self.path || isOneFile(path, self.path) }

    /// Closes the file, unless other sessions have it too.
    public func close() {
        if !namesSession { lines.close() }
        onClose()
    }
}

extension RecordingFile {
    /// Writes the first line, for a session that no router runs.
    ///
    /// - Parameters:
    ///   - session: the session's key.
    ///   - started: when it began, in seconds since 1970.
    ///   - dialect: the API that the events belong to.
    package func begin(session: String, started: Double, dialect: Dialect) {
        let header = RecordingHeader(session: session, started: started, labels: [], sessionID: nil, isLive: true)
        begin(header.line(dialect: dialect, router: nil))
    }

    /// Writes a message; one that is no JSON object is left out.
    ///
    /// - Parameters:
    ///   - message: the message's text.
    ///   - isClient: whether the client sent it.
    ///   - at: seconds since the session began.
    ///   - dialect: the API that the event belongs to.
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

/// The lines of a file with recordings.
final class RecordingLines: Sendable {
    let path: String
    private let file: LineFile
    private let hasBegun = Atomic<Bool>(false)

    /// Makes the file. One that is there already is renamed.
    ///
    /// - Throws: `FileFailure` when the path cannot be written.
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

    /// Closes the file, and removes it if no line was meant for it.
    func close() {
        if hasBegun.load(ordering: .relaxed) { file.close() } else { file.closeRemovingEmpty() }
    }
}
