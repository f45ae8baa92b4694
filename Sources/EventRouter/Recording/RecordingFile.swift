import EventJSON

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

    /// Begins the file.
    ///
    /// - Parameters:
    ///   - path: the file; `{session}` stands for the session's key.
    ///   - session: the session's key.
    ///   - keepsAudio: whether audio is kept.
    ///   - router: the version of the program, for the first line.
    /// - Throws: `FileFailure` when the path cannot be written.
    public init(path: String, session: String, keepsAudio: Bool = false, router: String? = nil) throws {
        lines = try RecordingLines(path: path.replacing("{session}", with: SafeFileName(session).description))
        self.session = session
        self.keepsAudio = keepsAudio
        self.router = router
        namesSession = false
    }

    /// Begins a recording in a file that others have too.
    init(sharing lines: RecordingLines, session: String, keepsAudio: Bool, router: String?) {
        self.lines = lines
        self.session = session
        self.keepsAudio = keepsAudio
        self.router = router
        namesSession = true
    }

    /// Takes the counts of lines that could not be written.
    public func reportUnwritten(to records: UnwrittenRecords) { lines.reportUnwritten(to: records) }

    func append(_ line: [UInt8]) { lines.append(line) }

    /// Closes the file, unless other sessions have it too.
    public func close() {
        if !namesSession { lines.close() }
    }
}
