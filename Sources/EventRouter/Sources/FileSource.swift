import RecordFiles

/// Recorded sessions in JSON Lines files.
///
/// A session's key is the key in its recording, or its file's name without the extension. If several files have the
/// same key, the router appends `#2`, `#3`, … to the later keys, in the order of the files. A file that cannot be read
/// does not stop the others; its error is added to ``RunReport/failures``. Named pipes are not recordings and cannot be
/// read.
public struct FileSource: SessionSource {
    /// The paths, separated by commas.
    public let name: String
    /// False.
    public var isLive: Bool { false }

    private let paths: [String]
    private let concurrentSessions: Int

    /// Creates a source. Opens no file before it runs.
    ///
    /// - Parameters:
    ///   - paths: Files, folders (their files that end in `.jsonl`, in the order of their names), and patterns such as
    ///     `calls/*.jsonl`. In a path that exists, `*`, `?` and `[…]` are plain characters.
    ///   - concurrentSessions: The number of files that are read at a time, at least 1.
    public init(paths: [String], concurrentSessions: Int = 4) {
        name = paths.joined(separator: ", ")
        self.paths = paths
        self.concurrentSessions = max(1, concurrentSessions)
    }

    /// Returns the files that the paths currently match.
    ///
    /// - Throws: `FileFailure` with the first path that matches nothing.
    public func files() throws -> [String] { try FilePaths.files(paths) }

    /// Runs the sessions in the files.
    ///
    /// - Throws: `FileFailure` with the first path that matches nothing, before a session is opened.
    public func run(_ context: SourceContext) async throws {
        let files = try files()
        var keys = KeyNumbers()
        await withTaskGroup(of: Void.self) { group in
            var running = 0
            for file in files {
                if running == concurrentSessions {
                    await group.next()
                    running -= 1
                }
                guard !Task.isCancelled else { break }
                do {
                    let session = try RecordedSession(
                        path: file, maxEventBytes: context.maxEventBytes, refusesPipes: true,
                        renaming: { keys.unique($0) })
                    group.addTask { await context.run(session) }
                    running += 1
                } catch {
                    context.host.fail(error)
                }
            }
        }
    }
}

/// Makes the keys of sessions unique: `call`, `call#2`, `call#3`.
private struct KeyNumbers {
    private var taken: Set<String> = []
    private var last: [String: Int] = [:]

    mutating func unique(_ key: String) -> String {
        var number = last[key] ?? 0
        var name = key
        repeat {
            number += 1
            name = number == 1 ? key : "\(key)#\(number)"
        } while !taken.insert(name).inserted
        last[key] = number
        return name
    }
}

/// Standard input as a source of events and envelopes, which may belong to several sessions.
public struct PipeSource: SessionSource {
    /// `-`, as on the command line.
    public var name: String { "-" }
    /// Whether the sessions are live, so that client events reach them.
    public let isLive: Bool

    private let key: String?

    /// Creates a source. Reads nothing before it runs.
    ///
    /// - Parameters:
    ///   - isLive: Whether the sessions are live: their events arrive as they happen, and client events reach them.
    ///   - key: The key of the session to which lines without a session name belong; `stdin` by default.
    public init(isLive: Bool = false, key: String? = nil) {
        self.isLive = isLive
        self.key = key
    }

    /// Reads standard input until it ends or all its sessions have failed.
    ///
    /// - Throws: `FileFailure` if it is not open.
    public func run(_ context: SourceContext) async throws {
        let session = try RecordedSession(
            path: "-", key: key, isInteractive: isLive, maxEventBytes: context.maxEventBytes)
        // Run it as a part: a part stops waiting for the next line when all its sessions have failed.
        await context.host.run(
            session, called: nil, in: context, labels: [], idleLimit: nil, limits: SessionLimits(), recordings: nil,
            isAddressed: false, logsErrors: false
        ) {
            $0
        }
    }
}
