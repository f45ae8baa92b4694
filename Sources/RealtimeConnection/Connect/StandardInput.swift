import Dispatch

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Standard input, read block by block on a queue of its own, as reading blocks.
final class StandardInput: Sendable {
    private static let blockBytes = 4800

    private let queue = DispatchQueue(label: "audio-input")

    /// The next block; nil at the end, or when the task is cancelled.
    ///
    /// - Throws: ``AudioFailure`` if it cannot be read.
    func next() async throws -> [UInt8]? {
        while !Task.isCancelled {
            switch await read() {
            case .success(let block?): return block.isEmpty ? nil : block
            case .success(nil): continue
            case .failure(let failure): throw failure
            }
        }
        return nil
    }

    /// A block, an empty one at the end; nil if none has come for a moment.
    private func read() async -> Result<[UInt8]?, AudioFailure> {
        await withCheckedContinuation { continuation in
            queue.async { continuation.resume(returning: Self.readNow()) }
        }
    }

    private static func readNow() -> Result<[UInt8]?, AudioFailure> {
        var ready = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
        guard poll(&ready, 1, 100) > 0 else { return .success(nil) }
        var block = [UInt8](repeating: 0, count: blockBytes)
        let count = block.withUnsafeMutableBytes { bytes in
            #if canImport(Glibc)
                Glibc.read(STDIN_FILENO, bytes.baseAddress, bytes.count)
            #else
                Darwin.read(STDIN_FILENO, bytes.baseAddress, bytes.count)
            #endif
        }
        if count < 0, errno == EINTR || errno == EAGAIN { return .success(nil) }
        guard count >= 0 else {
            return .failure(AudioFailure("cannot read standard input: \(String(cString: strerror(errno)))"))
        }
        return .success(Array(block[..<count]))
    }
}

/// Why audio cannot be sent.
struct AudioFailure: Error, Sendable, Hashable, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
