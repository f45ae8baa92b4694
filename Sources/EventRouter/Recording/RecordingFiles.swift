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
public final class RecordingFiles: Sendable {
    private let path: String
    private let keepsAudio: Bool
    private let router: String?
    private let shared = Mutex<RecordingLines?>(nil)

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
    }

    /// Begins the recording of a session. May be called from any thread.
    ///
    /// A file that is there already is renamed, as ``RecordingFile`` says, when the run's first session begins in it.
    ///
    /// - Throws: `FileFailure` when the path cannot be written.
    public func begin(session: String) throws -> RecordingFile {
        guard !path.contains("{session}") else {
            return try RecordingFile(path: path, session: session, keepsAudio: keepsAudio, router: router)
        }
        let lines = try shared.withLock { shared in
            let lines = try shared ?? RecordingLines(path: path)
            shared = lines
            return lines
        }
        return RecordingFile(sharing: lines, session: session, keepsAudio: keepsAudio, router: router)
    }

    /// Closes the file of all sessions, once the last of them is over. A file that no session wrote to is removed.
    public func close() { shared.withLock { $0 }?.close() }
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
