#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The recordings of one path, which may contain `{session}`, and the files that they were renamed to (`FILE.1` and so
/// on).
///
/// A file is deleted if it contains only recordings of the session and of its successors on the same source. If it also
/// contains other sessions, the lines of the session are overwritten.
public struct RecordingKeeper: RecordKeeper {
    private let path: String

    /// Creates a keeper of the recordings of a path.
    public init(path: String) {
        self.path = path
    }

    private var pattern: FilePattern { FilePattern(path, beginnings: [#"{"recording":"#, #"{"forgotten":true"#]) }

    /// Deletes the recordings of a session.
    public func forget(session: String) throws -> Int {
        let family = SessionFamily(session)
        var (count, isShared) = (0, false)
        for file in try pattern.files() {
            let sessions = try RecordingHeader.sessions(inFile: file)
            let forgotten = sessions.count(where: family.contains)
            count += forgotten
            if forgotten < sessions.count {
                isShared = isShared || forgotten > 0
            } else if forgotten > 0, unlink(file) != 0, errno != ENOENT {
                throw FileFailure("cannot remove", file, errno)
            }
        }
        if isShared { _ = try RecordLines(path: path).forget(session: session) }
        return count
    }

    /// Deletes the recordings that were not written since a time.
    public func forget(before time: Double) throws -> Int { try forget(before: time, except: []) }

    /// Deletes the recordings that were not written since a time.
    ///
    /// - Parameter paths: Files to keep, whenever they were written.
    func forget(before time: Double, except paths: Set<String>) throws -> Int {
        try pattern.remove(unwrittenSince: time, except: paths)
    }
}

extension RecordingHeader {
    /// Returns the sessions in a file, by the header lines.
    ///
    /// - Throws: `FileFailure` if the file cannot be read.
    static func sessions(inFile path: String) throws -> [String] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        if descriptor < 0, errno == ENOENT { return [] }
        guard descriptor >= 0, let file = fdopen(descriptor, "r") else { throw FileFailure("cannot read", path, errno) }
        defer { fclose(file) }
        var (line, capacity): (UnsafeMutablePointer<CChar>?, Int) = (nil, 0)
        defer { free(line) }
        var sessions: [String] = []
        while case let length = getline(&line, &capacity, file), length > 0, let start = line {
            let text = UnsafeRawBufferPointer(start: start, count: length)
            guard text.starts(with: beginning) else { continue }
            if let session = Self(Array(text).span.bytes)?.session { sessions.append(session) }
        }
        return sessions
    }

    private static let beginning = Array(#"{"recording":"#.utf8)

    /// Reads the header from the beginning of an open file, without moving its read position.
    init?(ofDescriptor descriptor: CInt) {
        let head = [UInt8](unsafeUninitializedCapacity: Self.maximumBytes) { buffer, count in
            count = max(0, pread(descriptor, buffer.baseAddress, buffer.count, 0))
        }
        let line = Array(head.prefix { $0 != 0x0A })
        self.init(line.span.bytes)
    }
}
