import Dispatch
import EventJSON
public import RealtimeEvents
import RecordFiles
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A recorded session: a JSON Lines file, or standard input.
///
/// It is read in blocks on its own dispatch queue, because a read may block.
public final class RecordedSession: EventSource {
    /// The key; by default the key in the recording's header line, or the file's name without its extension.
    public let key: String
    /// The path as given; `-` is standard input.
    public let name: String
    /// Whether client events reach the other side, as in a live session that a program pipes in; false for a recording.
    public let isInteractive: Bool
    /// True for a pipe or an interactive session, whose events arrive as they happen.
    public var isLive: Bool { isInteractive || !isRegularFile }

    /// The time without events after which a session ends; nil for no limit.
    public let idleLimit: Duration?

    /// True: events without an envelope are the server's.
    public var answersInEnvelopes: Bool { true }

    private let descriptor: CInt
    private let isRegularFile: Bool
    private let queue = DispatchQueue(label: "recorded-session")
    private let isStopped = Atomic<Bool>(false)
    private struct State {
        var splitter: LineSplitter
        var isAtEnd = false
    }
    private let state: Mutex<State>
    /// The function call outputs that the client sent, in the file's own session and in the named ones.
    struct Outputs {
        var own = RecordedOutputs()
        var others: [String: RecordedOutputs] = [:]
        /// Whether lines name other sessions.
        var hasOthers = false
    }
    private let outputsAhead = Mutex<Outputs?>(nil)
    /// Reads ahead while lines are being read.
    private let lookingAhead = DispatchQueue(label: "recorded-session-ahead")
    /// The last batch that was read, until ``nextBatch()`` returns it.
    private let lastBatch = Mutex<Result<EventBatch?, any Error>?>(nil)
    private let maxEventBytes: Int
    private let fileBytes: Int
    private let bytesRead = Atomic<Int>(0)

    private static let blockBytes = 256 * 1024
    /// The interval at which a read from a pipe checks whether it was cancelled, in milliseconds.
    private static let pollMilliseconds: CInt = 100

    /// Opens a session's file.
    ///
    /// - Parameters:
    ///   - path: The file, or `-` for standard input.
    ///   - key: The session's key; by default the key in the recording's header line, or the file's name without its
    ///     extension; `stdin` for standard input.
    ///   - isInteractive: Whether the session is live, so that client events reach it.
    ///   - maxEventBytes: The largest length of a line. A longer line becomes a dead letter.
    ///   - idleLimit: The time without events after which a session ends; nil for no limit.
    /// - Throws: `FileFailure` if the file cannot be read.
    public convenience init(
        path: String, key: String? = nil, isInteractive: Bool = false, maxEventBytes: Int = 16 * 1024 * 1024,
        idleLimit: Duration? = nil
    ) throws {
        try self.init(
            path: path, key: key, isInteractive: isInteractive, maxEventBytes: maxEventBytes, idleLimit: idleLimit,
            renaming: { $0 })
    }

    /// Opens a session's file with a key that the caller may change.
    ///
    /// - Parameter refusesPipes: Whether a named pipe is an error. Opening a pipe blocks until another process writes
    ///   to it.
    init(
        path: String, key: String? = nil, isInteractive: Bool = false, maxEventBytes: Int, idleLimit: Duration? = nil,
        refusesPipes: Bool = false, renaming: (String) -> String
    ) throws {
        if refusesPipes { try Self.refusePipe(path) }
        name = path
        self.idleLimit = idleLimit
        self.isInteractive = isInteractive
        descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileFailure("cannot read", path, errno) }
        var info = stat()
        guard fstat(descriptor, &info) == 0 else { throw FileFailure("cannot read", path, errno) }
        guard info.st_mode & S_IFMT != S_IFDIR else {
            throw FileFailure("cannot read", path, "it is a folder; give a file of JSON Lines, or - for standard input")
        }
        isRegularFile = info.st_mode & S_IFMT == S_IFREG
        fileBytes = isRegularFile ? Int(info.st_size) : 0
        self.key = renaming(key ?? Self.recordedKey(descriptor, isRegularFile) ?? Self.key(forPath: path))
        self.maxEventBytes = maxEventBytes
        state = Mutex(State(splitter: LineSplitter(maxLineBytes: maxEventBytes)))
    }

    deinit {
        if descriptor != STDIN_FILENO { _ = close(descriptor) }
    }

    /// The fraction of the file that was read, from 0 to 1; nil for standard input and pipes.
    public var readFraction: Double? {
        guard fileBytes > 0 else { return nil }
        return min(1, Double(bytesRead.load(ordering: .relaxed)) / Double(fileBytes))
    }

    /// A pipe under `/dev/fd`, such as a shell's `<(command)`, is open already and has a writer.
    private static func refusePipe(_ path: String) throws {
        var info = stat()
        guard stat(path, &info) == 0, info.st_mode & S_IFMT == S_IFIFO, !path.hasPrefix("/dev/fd/") else { return }
        throw FileFailure(
            "cannot read", path,
            "it is a named pipe, and not a file; a source of the type `pipe` reads standard input")
    }

    private static func recordedKey(_ descriptor: CInt, _ isRegularFile: Bool) -> String? {
        isRegularFile ? RecordingHeader(ofDescriptor: descriptor)?.session : nil
    }

    private static func key(forPath path: String) -> String {
        guard path != "-" else { return "stdin" }
        let name = path.split(separator: "/").last.map(String.init) ?? path
        guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return name }
        return String(name[..<dot])
    }

    /// Reads the next block; returns its complete lines, or nil at the end.
    ///
    /// - Throws: `FileFailure` if reading fails.
    public func nextBatch() async throws -> EventBatch? {
        await withTaskCancellationHandler {
            await withCheckedContinuation { done in
                queue.async {
                    let batch = Result { try self.readBatch() }
                    self.lastBatch.withLock { $0 = batch }
                    done.resume()
                }
            }
        } onCancel: {
            isStopped.store(true, ordering: .relaxed)
        }
        // Pass the batch through a lock, which the thread sanitizer understands.
        return try lastBatch.withLock { batch in
            defer { batch = nil }
            return try batch?.get()
        }
    }

    private func readBatch() throws -> EventBatch? {
        try state.withLock { state in
            while !state.isAtEnd {
                let rest = state.splitter.rest
                let block = try [UInt8](unsafeUninitializedCapacity: Self.room(behind: rest)) { buffer, count in
                    count = rest.count + (try fill(buffer, behind: rest, at: nil))
                }
                bytesRead.add(block.count - rest.count, ordering: .relaxed)
                if block.count == rest.count {
                    state.isAtEnd = true
                    return state.splitter.finish()
                }
                let batch = state.splitter.split(block, block.count)
                if !batch.lines.isEmpty { return batch }
            }
            return nil
        }
    }

    /// The size of a block that begins with the rest of the previous block. It doubles with a line that does not end,
    /// so that the line is copied only a few times.
    private static func room(behind rest: [UInt8]) -> Int { rest.count + max(blockBytes, rest.count) }

    /// Fills a block with the rest of the previous block, followed by bytes that are read.
    ///
    /// - Returns: The number of bytes that were read; 0 at the end, or when reading was cancelled.
    private func fill(_ block: UnsafeMutableBufferPointer<UInt8>, behind rest: [UInt8], at offset: off_t?) throws -> Int
    {
        _ = block.initialize(from: rest)
        let room = UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(block)[rest.count...])
        while true {
            if !isRegularFile && !waitForInput() { return 0 }
            let got =
                if let offset {
                    pread(descriptor, room.baseAddress, room.count, offset)
                } else { read(descriptor, room.baseAddress, room.count) }
            if got >= 0 { return got }
            if errno != EINTR && errno != EAGAIN { throw FileFailure("cannot read", name, errno) }
        }
    }

    /// Waits until a pipe is readable; returns false if reading was cancelled.
    private func waitForInput() -> Bool {
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        while !isStopped.load(ordering: .relaxed) {
            let ready = poll(&entry, 1, Self.pollMilliseconds)
            // Reading reports any other error than EINTR.
            if ready > 0 || (ready < 0 && errno != EINTR) { return true }
        }
        return false
    }

    /// Reads the file ahead for the client's `function_call_output` items.
    ///
    /// Returns no outputs for standard input, pipes and live sessions, which cannot be read ahead: their calls are run,
    /// not replayed.
    ///
    /// - Throws: `FileFailure` if reading fails.
    public func recordedOutputs() async throws -> RecordedOutputs { try await outputs().own }

    /// Reads the file ahead for the outputs of a session that envelopes name.
    ///
    /// - Throws: `FileFailure` if reading fails.
    public func recordedOutputs(of session: String) async throws -> RecordedOutputs {
        try await outputs().others[session] ?? [:]
    }

    /// Whether the source can be read ahead.
    var isSeekable: Bool { isRegularFile && !isInteractive }

    /// The outputs that reading ahead finds; read once.
    func outputs() async throws -> Outputs {
        guard isSeekable else { return Outputs() }
        return try await withCheckedThrowingContinuation { done in
            lookingAhead.async {
                done.resume(
                    with: Result {
                        try self.outputsAhead.withLock { outputs in
                            let found = try outputs ?? self.lookAhead()
                            outputs = found
                            return found
                        }
                    })
            }
        }
    }

    private func lookAhead() throws -> Outputs {
        var reader = OutputReader(key: key)
        var splitter = LineSplitter(maxLineBytes: maxEventBytes)
        // Reuse one block for the whole file, so that it stays in the processor's cache.
        var block: [UInt8] = []
        var offset: off_t = 0
        while true {
            let rest = splitter.rest
            if block.count < Self.room(behind: rest) { block = Array(repeating: 0, count: Self.room(behind: rest)) }
            let count = try block.withUnsafeMutableBufferPointer { try fill($0, behind: rest, at: offset) }
            if count == 0 { break }
            offset += off_t(count)
            reader.read(splitter.split(block, rest.count + count))
        }
        if let last = splitter.finish() { reader.read(last) }
        return Outputs(own: reader.outputs, others: reader.outputsBySession, hasOthers: reader.hasOthers)
    }
}
