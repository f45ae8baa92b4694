import Subprocess
import Synchronization

/// What was kept of a stream, and how much of it there was.
struct CapturedOutput: Sendable {
    /// The end of the stream that matters.
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
            // Cut only now and then: every byte is moved at most once more.
            if kept.count > 2 * limit { kept.removeFirst(kept.count - limit) }
        }
    }
}

/// Set once the program has exited, for those who read what it left in its pipes.
final class ExitFlag: Sendable {
    private let value = Atomic(false)

    var isSet: Bool { value.load(ordering: .acquiring) }

    func set() { value.store(true, ordering: .releasing) }
}

extension CapturedOutput {
    /// More than any pipe holds, so that all that a program wrote before it exited is within it.
    private static let pipeCapacity = 1 << 20

    /// Reads a stream to its end.
    ///
    /// The end is when nobody holds the other side any more, or when the program has exited and the pipe is empty:
    /// swift-subprocess ends its sequences then. A process that left the group (`setsid`) can hold the pipe and keep it
    /// full for ever, so after the exit no more is read than the program itself can have left behind.
    ///
    /// A program that writes faster than this reads never lets it wait, so it makes way for others by itself: a few floods would
    /// otherwise hold all threads that there are, and nobody could end them.
    ///
    /// - Parameter pass: gets each piece as it comes.
    mutating func read(
        _ stream: SubprocessOutputSequence, until exit: ExitFlag,
        pass: (UnsafeRawBufferPointer) -> Void = { _ in }
    ) async {
        var allowance = Self.pipeCapacity
        do {
            for try await buffer in stream {
                buffer.withUnsafeBytes { bytes in
                    append(bytes)
                    pass(bytes)
                }
                await Task.yield()
                guard exit.isSet else { continue }
                allowance -= buffer.count
                if allowance <= 0 { return }
            }
        } catch {
            // A stream that cannot be read on has ended as far as its reader is concerned; the exit status tells
            // how the command fared.
        }
    }
}
