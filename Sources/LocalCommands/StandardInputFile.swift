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

/// The bytes for a command's standard input, in a file that has no name any more.
///
/// Not a pipe: a child that exits without reading a pipe takes the writer down. swift-subprocess 1.0.2 either gets
/// SIGPIPE or stops at a fatal error (its issue 367). A file has no other end, so a command may read all of it, some
/// or nothing, whenever it likes.
final class StandardInputFile: Sendable {
    private let open: Mutex<FileDescriptor?>
    let descriptor: FileDescriptor

    init(_ bytes: [UInt8]) throws(LocalCommandError) {
        // In memory where there is a folder for that: on a disk, making and removing a file takes longer than writing it.
        if let inMemory = try? Self.file(of: bytes, in: "/dev/shm") {
            descriptor = inMemory
        } else {
            descriptor = try Self.file(of: bytes, in: temporaryFolder())
        }
        open = Mutex(descriptor)
    }

    deinit { close() }

    /// Closes this process's side; a started command has its own. Any number of times.
    func close() {
        open.withLock { descriptor in
            try? descriptor?.close()
            descriptor = nil
        }
    }

    /// A file of its own for the bytes, for which there may be no room; none at all for no bytes.
    private static func file(of bytes: [UInt8], in folder: String) throws(LocalCommandError) -> FileDescriptor {
        let descriptor: FileDescriptor
        do {
            if bytes.isEmpty { return try .open("/dev/null", .readOnly, options: .closeOnExec) }
            descriptor = try nameless(in: folder)
        } catch {
            throw LocalCommandError(.system, "no file for the standard input in \(folder): \(error)")
        }
        do {
            // At an offset, so that the command begins to read at the beginning.
            try descriptor.writeAll(toAbsoluteOffset: 0, bytes)
            return descriptor
        } catch {
            try? descriptor.close()
            throw LocalCommandError(.system, "the standard input cannot be written to \(folder): \(error)")
        }
    }

    /// Exclusive and links not followed: nobody else's file is ever written to, and nobody can open this one.
    private static func nameless(in folder: String) throws -> FileDescriptor {
        let name = "\(folder)/realtime-router-\(String(UInt64.random(in: .min ... .max), radix: 36))"
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
