import RecordFiles

/// Recorded sessions in files of JSON Lines: several at a time, each to its end.
///
/// A session's key is the one that its recording says, or its file's name without the extension. Of files whose keys are equal the later ones
/// get `#2`, `#3`, … behind it, in the order of the files. A file that cannot be read does not stop the others; its error is one of
/// ``RunReport/failures``. A named pipe is no recording, and cannot be read.
public struct FileSource: SessionSource {
    /// The paths, with commas between them.
    public let name: String
    /// Recordings are not live.
    public var isLive: Bool { false }

    private let paths: [String]
    private let concurrentSessions: Int

    /// Makes a source; nothing is opened before it runs.
    ///
    /// - Parameters:
    ///   - paths: files, folders (their files that end in `.jsonl`, in the order of their names), and patterns such as `calls/*.jsonl`. `*`,
    ///     `?` and `[…]` in a path that exists are plain characters.
    ///   - concurrentSessions: how many files are read at a time, at least 1.
    public init(paths: [String], concurrentSessions: Int = 4) {
        name = paths.joined(separator: ", ")
        self.paths = paths
        self.concurrentSessions = max(1, concurrentSessions)
    }

    /// The files that the paths name now.
    ///
    /// - Throws: `FileFailure` with the first path that matches nothing.
    public func files() throws -> [String] { try FilePaths.files(paths) }

    /// Runs the files.
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

/// Standard input as a source: events, or envelopes that may name several sessions.
public struct PipeSource: SessionSource {
    /// `-`, as on the command line.
    public var name: String { "-" }
    /// Whether the sessions are going on, and what is sent reaches them.
    public let isLive: Bool

    private let key: String?

    /// Makes a source; nothing is read before it runs.
    ///
    /// - Parameters:
    ///   - isLive: whether the sessions are going on: their events come as they happen, and what is sent reaches them.
    ///   - key: the key of the session of all lines that name none; `stdin` by default.
    public init(isLive: Bool = false, key: String? = nil) {
        self.isLive = isLive
        self.key = key
    }

    /// Reads standard input to its end, or until all its sessions have failed.
    ///
    /// - Throws: `FileFailure` when it is not open.
    public func run(_ context: SourceContext) async throws {
        let session = try RecordedSession(
            path: "-", key: key, isInteractive: isLive, maxEventBytes: context.maxEventBytes)
        // As a part, which does not wait for its next line when all its sessions have failed.
        await context.host.run(
            session, called: nil, in: context, labels: [], idleLimit: nil, limits: SessionLimits(), recordings: nil,
            isAddressed: false, logsErrors: false
        ) {
            $0
        }
    }
}
