import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A key that is read from a file descriptor, once.
final class KeyDescriptor: Sendable {
    private static let maximumBytes = 64 << 10

    private let descriptor: Int32
    private let key = Mutex<String?>(nil)

    init(_ descriptor: Int32) {
        self.descriptor = descriptor
    }

    /// The first line.
    ///
    /// - Throws: if it cannot be read, or is empty.
    func read() throws -> String {
        try key.withLock { key in
            if let key { return key }
            var bytes: [UInt8] = []
            var buffer = [UInt8](repeating: 0, count: 4096)
            while bytes.count < Self.maximumBytes, !bytes.contains(0x0A) {
                let count = Self.read(descriptor, &buffer)
                if count < 0, errno == EINTR { continue }
                guard count >= 0 else { throw KeyReadFailure(reason: String(cString: strerror(errno))) }
                if count == 0 { break }
                bytes += buffer[..<count]
            }
            close(descriptor)
            let line = bytes.prefix { $0 != 0x0A && $0 != 0x0D }
            guard !line.isEmpty else { throw KeyReadFailure(reason: "it is empty") }
            let text = String(decoding: line, as: UTF8.self)
            key = text
            return text
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
