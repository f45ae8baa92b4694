import RecordFiles
import Synchronization

/// The recordings of the sessions of a run.
///
/// With `{session}` in the path each session has a file of its own. Without it all have one file: in it every line names its session,
/// `{"session": KEY, "at": seconds, …}`, and each session has a first line of its own.
///
/// ```swift
/// let recordings = RecordingFiles(path: "calls.jsonl")
/// let report = try await router.run(source, record: { try recordings.begin(session: $0) })
/// recordings.close()
/// ```
///
/// A ``SourceBinding`` has the recordings of its source's sessions in a folder: ``init(folder:keepsAudio:maximumSize:keep:)``.
public final class RecordingFiles: Sendable {
    /// The path; `{session}` in it stands for a session's key.
    public let path: String
    private let keepsAudio: Bool
    private let router: String?
    private let maximumSize: Int?
    /// How long the recordings of a source are kept; nil for ever.
    public let keep: Duration?
    private let shared = Mutex<RecordingLines?>(nil)
    /// The paths of the files that are being written, each of one session.
    private let open = Mutex<Set<String>>([])

    /// Makes the recordings; no file is made before ``begin(session:)``.
    ///
    /// - Parameters:
    ///   - path: the file; `{session}` stands for a session's key.
    ///   - keepsAudio: whether audio is kept.
    ///   - router: the version of the program, for the first lines.
    public init(path: String, keepsAudio: Bool = false, router: String? = nil) {
        self.path = path
        self.keepsAudio = keepsAudio
        self.router = router
        maximumSize = nil
        keep = nil
    }

    /// Makes the recordings of a source's sessions: in a folder, a file for each session, `KEY.jsonl`.
    ///
    /// The folder is made with mode 0700 when the first session begins. A recording that cannot be written stops no session: its missing lines
    /// are counted in ``RunReport/unwritten``, and a file that cannot be made counts as one.
    ///
    /// - Parameters:
    ///   - folder: the folder.
    ///   - keepsAudio: whether audio is kept.
    ///   - maximumSize: how many bytes a session's file may have, but for its first line; nil for no limit. A full one ends with a line
    ///     whose `reason` is `recording_full`, and the session goes on.
    ///   - keep: how long recordings are kept; nil for ever. Older ones are removed when the source begins and once an hour while it runs,
    ///     but for those that are being written.
    public init(folder: String, keepsAudio: Bool = false, maximumSize: Int? = nil, keep: Duration? = nil) {
        path = (folder.hasSuffix("/") ? folder : folder + "/") + "{session}.jsonl"
        self.keepsAudio = keepsAudio
        router = RouterVersion.number
        self.maximumSize = maximumSize
        self.keep = keep
    }

    /// The recordings that there are, those of earlier runs included.
    public var records: RecordingKeeper { RecordingKeeper(path: path) }

    /// Begins the recording of a session. May be called from any thread.
    ///
    /// A file that is there already is renamed, as ``RecordingFile`` says, when the run's first session begins in it.
    ///
    /// - Throws: `FileFailure` when the path cannot be written.
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
        // Before it is there, so that it is not removed as an old one.
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

    /// Removes recordings that are older than they are kept, but for those that are being written.
    ///
    /// - Parameter now: the time, in seconds since 1970-01-01T00:00:00Z.
    /// - Throws: `FileFailure` when one cannot be removed.
    func forgetOld(now: Double) throws {
        guard let keep else { return }
        _ = try records.forget(before: now - keep.seconds, except: open.withLock { $0 })
    }

    /// Closes the file of all sessions, once the last of them is over. A file that no session wrote to is removed.
    public func close() { shared.withLock { $0 }?.close() }
}
