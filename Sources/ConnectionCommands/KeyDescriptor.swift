import Dispatch
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Reads the API key from the file descriptor that `--key-fd` names, once.
final class KeyDescriptor: Sendable {
    private struct State {
        var bytes: [UInt8] = []
        var key: String?
    }

    private static let maximumBytes = 64 << 10

    private let descriptor: Int32
    private let queue = DispatchQueue(label: "key-descriptor")
    private let state = Mutex(State())

    init(_ descriptor: Int32) {
        self.descriptor = descriptor
    }

    /// Returns the first line. Reads on its own dispatch queue, because the writer may take a long time.
    ///
    /// - Throws: `KeyReadFailure` if the line cannot be read or is empty; `CancellationError` if the task is cancelled.
    func read() async throws -> String {
        while !Task.isCancelled {
            let key = try await withCheckedThrowingContinuation { continuation in
                queue.async { continuation.resume(with: Result { try self.readNow() }) }
            }
            if let key { return key }
        }
        throw CancellationError()
    }

    /// Reads the first line; returns nil if it has not arrived within 100 ms. Must be called on `queue`.
    private func readNow() throws -> String? {
        try state.withLock { state in
            if let key = state.key { return key }
            var buffer = [UInt8](repeating: 0, count: 4096)
            var isOver = false
            while !isOver, state.bytes.count < Self.maximumBytes, !state.bytes.contains(0x0A) {
                var ready = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
                guard poll(&ready, 1, 100) > 0 else { return nil }
                let count = Self.read(descriptor, &buffer)
                if count < 0, errno == EINTR || errno == EAGAIN { return nil }
                guard count >= 0 else { throw KeyReadFailure(reason: String(cString: strerror(errno))) }
                state.bytes += buffer[..<count]
                isOver = count == 0
            }
            close(descriptor)
            let line = state.bytes.prefix { $0 != 0x0A && $0 != 0x0D }
            guard !line.isEmpty else { throw KeyReadFailure(reason: "it is empty") }
            state.key = String(decoding: line, as: UTF8.self)
            return state.key
        }
    }

    private static func read(_ descriptor: Int32, _ buffer: inout [UInt8]) -> Int {
        buffer.withUnsafeMutableBytes { bytes in
            #if canImport(Glibc)
                Glibc.read(descriptor, bytes.baseAddress, bytes.count)
            #else
                Darwin.read(descriptor, bytes.baseAddress, bytes.count)
            #endif
        }
    }
}

private struct KeyReadFailure: Error, CustomStringConvertible {
    let reason: String

    var description: String { "--key-fd cannot be read: \(reason)" }
}
