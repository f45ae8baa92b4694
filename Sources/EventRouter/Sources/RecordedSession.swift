import Dispatch
import EventJSON
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A recorded session: a file of JSON Lines, or standard input.
///
/// It is read in blocks on a queue of its own, since a read may take as long as it likes.
public final class RecordedSession: EventSource {
    /// The key, by default the file's name without its extension.
    public let key: String
    /// The path as given; `-` is standard input.
    public let name: String
    /// A recording does not answer.
    public var isInteractive: Bool { false }

    private let descriptor: CInt
    private let isRegularFile: Bool
    private let queue = DispatchQueue(label: "recorded-session")
    private let isStopped = Atomic<Bool>(false)
    private struct State {
        var splitter: LineSplitter
        var isAtEnd = false
    }
    private let state: Mutex<State>
    private let maxEventBytes: Int
    private let fileBytes: Int
    private let bytesRead = Atomic<Int>(0)

    private static let blockBytes = 256 * 1024
    /// How often a read from a pipe looks whether it should give up.
    private static let pollMilliseconds: CInt = 100

    /// Opens a session's file.
    ///
    /// - Parameters:
    ///   - path: the file, or `-` for standard input.
    ///   - key: the session's key; by default the file's name without its extension, `stdin` for standard input.
    ///   - maxEventBytes: a longer line is not an event; it goes to the dead letters.
    /// - Throws: ``FileFailure`` when the file cannot be read.
    public init(path: String, key: String? = nil, maxEventBytes: Int = 16 * 1024 * 1024) throws {
        name = path
        self.key = key ?? Self.key(forPath: path)
        descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileFailure("cannot read", path, errno) }
        var info = stat()
        guard fstat(descriptor, &info) == 0 else { throw FileFailure("cannot read", path, errno) }
        guard info.st_mode & S_IFMT != S_IFDIR else {
            throw FileFailure("cannot read \(path): it is a folder; give a file of JSON Lines, or - for standard input")
        }
        isRegularFile = info.st_mode & S_IFMT == S_IFREG
        fileBytes = isRegularFile ? Int(info.st_size) : 0
        self.maxEventBytes = maxEventBytes
        state = Mutex(State(splitter: LineSplitter(maxLineBytes: maxEventBytes)))
    }

    deinit {
        if descriptor != STDIN_FILENO { _ = close(descriptor) }
    }

    /// How much of the file was read, 0 to 1; `nil` for standard input and pipes.
    public var readFraction: Double? {
        guard fileBytes > 0 else { return nil }
        return min(1, Double(bytesRead.load(ordering: .relaxed)) / Double(fileBytes))
    }

    private static func key(forPath path: String) -> String {
        guard path != "-" else { return "stdin" }
        let name = path.split(separator: "/").last.map(String.init) ?? path
        guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return name }
        return String(name[..<dot])
    }

    /// Reads the next block and gives its whole lines.
    ///
    /// - Throws: ``FileFailure`` when reading fails.
    public func nextBatch() async throws -> EventBatch? {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (done: CheckedContinuation<EventBatch?, any Error>) in
                queue.async { done.resume(with: Result { try self.readBatch() }) }
            }
        } onCancel: {
            isStopped.store(true, ordering: .relaxed)
        }
    }

    private func readBatch() throws -> EventBatch? {
        try state.withLock { state in
            while !state.isAtEnd {
                let block = try readBlock(at: nil)
                bytesRead.add(block.count, ordering: .relaxed)
                if block.isEmpty {
                    state.isAtEnd = true
                    return state.splitter.finish()
                }
                let batch = state.splitter.split(block)
                if !batch.lines.isEmpty { return batch }
            }
            return nil
        }
    }

    /// Reads up to a block; empty at the end, or when the session was told to stop.
    private func readBlock(at offset: off_t?) throws -> [UInt8] {
        var failure: CInt = 0
        let block = [UInt8](unsafeUninitializedCapacity: Self.blockBytes) { buffer, count in
            while true {
                if !isRegularFile && !waitForInput() { return }
                let got =
                    if let offset {
                        pread(descriptor, buffer.baseAddress, buffer.count, offset)
                    } else { read(descriptor, buffer.baseAddress, buffer.count) }
                if got >= 0 {
                    count = got
                    return
                }
                if errno != EINTR && errno != EAGAIN {
                    failure = errno
                    return
                }
            }
        }
        if failure != 0 { throw FileFailure("cannot read", name, failure) }
        return block
    }

    /// Waits until a pipe has something to read; `false` when the session was told to stop meanwhile.
    private func waitForInput() -> Bool {
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        while !isStopped.load(ordering: .relaxed) {
            let ready = poll(&entry, 1, Self.pollMilliseconds)
            // Any other error than a signal shows when reading.
            if ready > 0 || (ready < 0 && errno != EINTR) { return true }
        }
        return false
    }

    /// Looks ahead through a file for the client's `function_call_output` items.
    ///
    /// Standard input and pipes cannot be read ahead: their calls are then run, not replayed.
    ///
    /// - Throws: ``FileFailure`` when reading fails.
    public func recordedOutputs() async throws -> [String: String] {
        guard isRegularFile else { return [:] }
        return try await withCheckedThrowingContinuation { done in
            queue.async { done.resume(with: Result { try self.lookAhead() }) }
        }
    }

    private func lookAhead() throws -> [String: String] {
        var outputs = RecordedOutputs()
        var splitter = LineSplitter(maxLineBytes: maxEventBytes)
        var offset: off_t = 0
        while true {
            let block = try readBlock(at: offset)
            if block.isEmpty { break }
            offset += off_t(block.count)
            outputs.collect(splitter.split(block))
        }
        if let last = splitter.finish() { outputs.collect(last) }
        return outputs.byCallID
    }
}
