import RecordFiles
import Synchronization

/// The recordings of the sessions of a run.
///
/// If the path contains `{session}`, each session has its own file. Otherwise all sessions share one file, in which
/// every line names its session, `{"session": KEY, "at": seconds, …}`, and each session has a header line.
///
/// ```swift
/// let recordings = RecordingFiles(path: "calls.jsonl")
/// let report = try await router.run(source, record: { try recordings.begin(session: $0) })
/// recordings.close()
/// ```
///
/// A ``SourceBinding`` keeps the recordings of its source's sessions in a folder:
/// ``init(folder:keepsAudio:maximumSize:keep:)``.
public final class RecordingFiles: Sendable {
    /// The path; `{session}` is replaced by a session's key.
    public let path: String
    private let keepsAudio: Bool
    private let router: String?
    private let maximumSize: Int?
    /// How long recordings are kept; nil if they are kept forever.
    public let keep: Duration?
    private let shared = Mutex<RecordingLines?>(nil)
    /// The paths of the single-session files that are being written.
    private let open = Mutex<Set<String>>([])

    /// Creates the recordings. Creates no file before ``begin(session:)``.
    ///
    /// - Parameters:
    ///   - path: The path; `{session}` is replaced by a session's key.
    ///   - keepsAudio: Whether to record audio.
    ///   - router: The version of the program, for the header lines.
    public init(path: String, keepsAudio: Bool = false, router: String? = nil) {
        self.path = path
        self.keepsAudio = keepsAudio
        self.router = router
        maximumSize = nil
        keep = nil
    }

    /// Creates the recordings of a source's sessions in a folder, with one file `KEY.jsonl` for each session.
    ///
    /// The folder is made with mode 0700 when the first session begins. A recording that cannot be written does not
    /// stop its session: missing lines are counted in ``RunReport/unwritten``, and a file that cannot be made counts as
    /// one line.
    ///
    /// - Parameters:
    ///   - folder: The folder.
    ///   - keepsAudio: Whether to record audio.
    ///   - maximumSize: The largest size of a session's file in bytes, without its header line; nil for no limit. A
    ///     full file ends with a line whose `reason` is `recording_full`, and the session continues.
    ///   - keep: How long recordings are kept; nil to keep them forever. Older recordings are deleted when the source
    ///     begins, and once an hour while it runs, except those that are being written.
    public init(folder: String, keepsAudio: Bool = false, maximumSize: Int? = nil, keep: Duration? = nil) {
        path = (folder.hasSuffix("/") ? folder : folder + "/") + "{session}.jsonl"
        self.keepsAudio = keepsAudio
        router = RouterVersion.number
        self.maximumSize = maximumSize
        self.keep = keep
    }

    /// All existing recordings, including those of earlier runs.
    public var records: RecordingKeeper { RecordingKeeper(path: path) }

    /// Begins the recording of a session. Any thread may call it.
    ///
    /// An existing file is renamed, as ``RecordingFile`` describes, when the run's first session begins in it.
    ///
    /// - Throws: `FileFailure` if the path cannot be written.
    public func begin(session: String) throws -> RecordingFile {
        guard !path.contains("{session}") else { return try beginFile(session) }
        let lines = try shared.withLock { shared in
            let lines = try shared ?? RecordingLines(path: path)
            shared = lines
            return lines
        }
        return RecordingFile(sharing: lines, session: session, keepsAudio: keepsAudio, router: router)
    }

    private func beginFile(_ session: String) throws -> RecordingFile {
        let path = path(of: session)
        // Before the file exists, so that it is not deleted as an old recording.
        open.withLock { _ = $0.insert(path) }
        let end: @Sendable () -> Void = { [weak self] in self?.open.withLock { _ = $0.remove(path) } }
        do {
            return try RecordingFile(
                path: self.path, session: session, keepsAudio: keepsAudio, router: router, maximumSize: maximumSize,
                onClose: end)
        } catch {
            end()
            throw error
        }
    }

    /// The path of a session's file.
    func path(of session: String) -> String { RecordingFile.path(path, of: session) }

    /// Deletes recordings that are older than ``keep``, except those that are being written.
    ///
    /// - Parameter now: The time, in seconds since 1970-01-01T00:00:00Z.
    /// - Throws: `FileFailure` if a recording cannot be deleted.
    func forgetOld(now: Double) throws {
        guard let keep else { return }
        _ = try records.forget(before: now - keep.seconds, except: open.withLock { $0 })
    }

    /// Closes a shared file, after the last session has ended. A file without any line is removed.
    public func close() { shared.withLock { $0 }?.close() }
}
