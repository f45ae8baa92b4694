#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The recordings of one path, which may have `{session}` in it, and those that it was renamed to (`FILE.1` and so on): each holds one
/// session and those that followed it on its source, and is forgotten whole.
public struct RecordingKeeper: RecordKeeper {
    private let path: String

    /// The recordings of a path.
    public init(path: String) {
        self.path = path
    }

    private var pattern: FilePattern { FilePattern(path, beginnings: [#"{"recording":"#]) }

    /// Removes the recordings of a session.
    public func forget(session: String) throws -> Int {
        let family = SessionFamily(session)
        let files = try pattern.files().filter { file in
            RecordingHeader(ofFile: file)?.session.map(family.contains) ?? false
        }
        for file in files where unlink(file) != 0 && errno != ENOENT {
            throw FileFailure("cannot remove", file, errno)
        }
        return files.count
    }

    /// Removes the recordings that nobody wrote to since a time.
    public func forget(before time: Double) throws -> Int { try pattern.remove(unwrittenSince: time) }
}

extension RecordingHeader {
    /// The header of a file; nil if it does not begin with one, or cannot be read.
    init?(ofFile path: String) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        self.init(ofDescriptor: descriptor)
    }

    /// The header of an open file, which is read from its beginning and not moved.
    init?(ofDescriptor descriptor: CInt) {
        let head = [UInt8](unsafeUninitializedCapacity: Self.maximumBytes) { buffer, count in
            count = max(0, pread(descriptor, buffer.baseAddress, buffer.count, 0))
        }
        let line = Array(head.prefix { $0 != 0x0A })
        self.init(line.span.bytes)
    }
}
