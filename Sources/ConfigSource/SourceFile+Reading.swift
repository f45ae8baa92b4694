#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

extension SourceFile {
    /// Why a file could not be read.
    package enum ReadingError: Error, Hashable {
        /// What the system says: "No such file or directory".
        case system(String)
        /// It is a folder.
        case folder
        /// It has more bytes than the limit; how many, where that is known.
        case tooLarge(Int)
    }

    /// A file from the disk.
    ///
    /// Of a file that is too large no more is read than shows it.
    ///
    /// - Parameters:
    ///   - path: where it is, and how messages show that.
    ///   - limit: how many bytes it may have.
    package convenience init(reading path: String, limit: Int) throws(ReadingError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system(Self.reason(errno)) }
        defer { _ = close(descriptor) }
        var info = stat()
        guard fstat(descriptor, &info) == 0, info.st_mode & S_IFMT != S_IFDIR else { throw .folder }
        if info.st_mode & S_IFMT == S_IFREG, info.st_size > limit { throw .tooLarge(Int(info.st_size)) }
        var bytes: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 64 * 1024)
        while true {
            let count = block.withUnsafeMutableBytes { Self.fill($0, from: descriptor) }
            guard count >= 0 else { throw .system(Self.reason(errno)) }
            if count == 0 { break }
            bytes += block[..<count]
            // A pipe does not tell its size.
            guard bytes.count <= limit else { throw .tooLarge(bytes.count) }
        }
        self.init(path: path, bytes: bytes)
    }

    private static func fill(_ block: UnsafeMutableRawBufferPointer, from descriptor: CInt) -> Int {
        while true {
            #if canImport(Glibc)
                let count = Glibc.read(descriptor, block.baseAddress, block.count)
            #else
                let count = Darwin.read(descriptor, block.baseAddress, block.count)
            #endif
            if count >= 0 || errno != EINTR { return count }
        }
    }

    private static func reason(_ code: CInt) -> String { String(cString: strerror(code)) }
}
