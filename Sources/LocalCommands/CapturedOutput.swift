import Subprocess
import Synchronization

/// The kept part of an output stream, and the number of bytes that the stream had.
struct CapturedOutput: Sendable {
    /// Which end of the stream is kept.
    enum Part: Sendable { case first, last }

    let part: Part
    let limit: Int
    private(set) var total = 0
    private var kept: [UInt8] = []

    init(_ part: Part, limit: Int) {
        self.part = part
        self.limit = max(0, limit)
    }

    var bytes: [UInt8] { part == .first ? kept : Array(kept.suffix(limit)) }

    mutating func append(_ bytes: UnsafeRawBufferPointer) {
        total += bytes.count
        switch part {
        case .first:
            kept.append(contentsOf: bytes.prefix(limit - kept.count))
        case .last:
            kept.append(contentsOf: bytes.suffix(limit))
            // Truncates only when the buffer is twice the limit, so that each byte is moved at most once.
            if kept.count > 2 * limit { kept.removeFirst(kept.count - limit) }
        }
    }
}

/// Set once the program has exited, for the tasks that still read its pipes.
final class ExitFlag: Sendable {
    private let value = Atomic(false)

    var isSet: Bool { value.load(ordering: .acquiring) }

    func set() { value.store(true, ordering: .releasing) }
}

extension CapturedOutput {
    /// More than any pipe can hold, so that everything the program wrote before it exited fits.
    private static let pipeCapacity = 1 << 20

    /// Reads a stream to its end.
    ///
    /// The stream ends when no process holds the pipe's write end any more, or when the program has exited and the pipe
    /// is empty: swift-subprocess ends its sequences then. A process that left the process group (`setsid`) can keep
    /// the pipe open and full forever. After the exit this method therefore reads no more than the program itself can
    /// have left in the pipe.
    ///
    /// Yields after every buffer. A program that writes faster than this method reads would otherwise never suspend it,
    /// and a few such programs would block all threads of the concurrency pool.
    ///
    /// - Parameter onBytes: called with each piece as it arrives.
    mutating func read(
        _ stream: SubprocessOutputSequence, until exit: ExitFlag,
        onBytes: (UnsafeRawBufferPointer) -> Void = { _ in }
    ) async {
        var allowance = Self.pipeCapacity
        do {
            for try await buffer in stream {
                buffer.withUnsafeBytes { bytes in
                    append(bytes)
                    onBytes(bytes)
                }
                await Task.yield()
                guard exit.isSet else { continue }
                allowance -= buffer.count
                if allowance <= 0 { return }
            }
        } catch {
            // A read error ends the stream for this reader. The exit status says how the command ended.
        }
    }
}
