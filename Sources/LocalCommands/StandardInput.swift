import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif
#if canImport(System)
    import System
#else
    import SystemPackage
#endif

/// The bytes for a command's standard input, all there before it starts: in a pipe as far as they fit, else in a file that has no
/// name any more.
///
/// Nobody writes while the command runs: a child that exits without reading takes the writer down. swift-subprocess 1.0.2 either
/// gets SIGPIPE or stops at a fatal error (its issue 367). Neither of these has another end, so a command may read all of it, some
/// or nothing, whenever it likes.
final class StandardInput: Sendable {
    private let open: Mutex<FileDescriptor?>
    let descriptor: FileDescriptor

    init(_ bytes: [UInt8]) throws(LocalCommandError) {
        do {
            descriptor =
                bytes.isEmpty
                ? try FileDescriptor.open("/dev/null", .readOnly, options: .closeOnExec)
                : try Self.filledPipe(bytes) ?? Self.filledFile(bytes)
            open = Mutex(descriptor)
        } catch {
            throw LocalCommandError(.system, "no file for the standard input in \(temporaryFolder()): \(error)")
        }
    }

    deinit { close() }

    /// Closes this process's side; a started command has its own. Any number of times.
    func close() {
        open.withLock { descriptor in
            try? descriptor?.close()
            descriptor = nil
        }
    }

    /// A pipe that holds all bytes, and whose other end is closed; nil when they are too many for one. It is made much faster than
    /// a file, and what a session said gets to no disk.
    private static func filledPipe(_ bytes: [UInt8]) throws -> FileDescriptor? {
        guard bytes.count <= pipeCapacity else { return nil }
        let (reader, writer) = try FileDescriptor.pipe()
        for end in [reader, writer] { _ = fcntl(end.rawValue, F_SETFD, FD_CLOEXEC) }
        // A pipe may have less room than usual, and nobody reads yet.
        _ = fcntl(writer.rawValue, F_SETFL, O_NONBLOCK)
        let count = bytes.withUnsafeBytes { write(writer.rawValue, $0.baseAddress, $0.count) }
        try? writer.close()
        if count == bytes.count { return reader }
        try? reader.close()
        return nil
    }

    /// What a pipe usually holds.
    private static let pipeCapacity = 65_536

    private static func filledFile(_ bytes: [UInt8]) throws -> FileDescriptor {
        let file = try nameless()
        do {
            // At an offset, so that the command begins to read at the beginning.
            try file.writeAll(toAbsoluteOffset: 0, bytes)
            return file
        } catch {
            try? file.close()
            throw error
        }
    }

    /// Exclusive and links not followed: nobody else's file is ever written to, and nobody can open this one.
    private static func nameless() throws -> FileDescriptor {
        let name = "\(temporaryFolder())/realtime-router-\(String(UInt64.random(in: .min ... .max), radix: 36))"
        let descriptor = try FileDescriptor.open(
            FilePath(name), .readWrite, options: [.create, .exclusiveCreate, .closeOnExec, .noFollow],
            permissions: .ownerReadWrite)
        unlink(name)
        return descriptor
    }
}

/// The folder for temporary files: TMPDIR, or /tmp.
func temporaryFolder() -> String {
    guard let folder = getenv("TMPDIR").map({ String(cString: $0) }), folder.utf8.first == UInt8(ascii: "/") else {
        return "/tmp"
    }
    return folder
}
