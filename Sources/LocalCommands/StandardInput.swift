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

/// The standard input of a program that is spoken to for as long as it runs.
///
/// A socket, not a pipe: writing to one whose reader is gone fails with an error, where a pipe sends SIGPIPE, and it does so for this
/// socket alone.
final class InputSocket: Sendable {
    /// The program's side.
    let reader: FileDescriptor
    private let readerIsOpen = Mutex(true)
    private let writer: Mutex<FileDescriptor?>

    init() throws(LocalCommandError) {
        var ends: [CInt] = [-1, -1]
        #if canImport(Glibc)
            let kind = CInt(SOCK_STREAM.rawValue)
        #else
            let kind = SOCK_STREAM
        #endif
        guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else {
            throw LocalCommandError(.system, "no socket for the standard input: \(Errno(rawValue: errno))")
        }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        _ = fcntl(ends[1], F_SETFL, O_NONBLOCK)
        #if canImport(Darwin)
            var isOn: CInt = 1
            setsockopt(ends[1], SOL_SOCKET, SO_NOSIGPIPE, &isOn, socklen_t(MemoryLayout<CInt>.size))
        #endif
        reader = FileDescriptor(rawValue: ends[0])
        writer = Mutex(FileDescriptor(rawValue: ends[1]))
    }

    deinit {
        closeReader()
        close()
    }

    /// Closes this process's copy of the program's side. Any number of times.
    func closeReader() {
        readerIsOpen.withLock { isOpen in
            if isOpen { try? reader.close() }
            isOpen = false
        }
    }

    /// Ends the program's input. Any number of times.
    func close() {
        writer.withLock { descriptor in
            try? descriptor?.close()
            descriptor = nil
        }
    }

    /// Writes all bytes, waiting for the program to read them.
    ///
    /// - Returns: whether they were written; not when the program does not read any more, or the task was cancelled.
    func write(_ bytes: [UInt8]) async -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            switch writeSome(rest) {
            case .success(let count): rest = rest.dropFirst(count)
            case .failure(.interrupted): continue
            case .failure(.wouldBlock):
                // Only while a program is slow to read, so looking now and then is good enough.
                do { try await Task.sleep(for: .milliseconds(5)) } catch { return false }
            case .failure: return false
            }
        }
        return true
    }

    private func writeSome(_ bytes: ArraySlice<UInt8>) -> Result<Int, Errno> {
        writer.withLock { descriptor in
            guard let descriptor else { return .failure(.badFileDescriptor) }
            #if canImport(Glibc)
                let flags = CInt(MSG_NOSIGNAL)
            #else
                let flags: CInt = 0
            #endif
            let count = bytes.withUnsafeBytes { send(descriptor.rawValue, $0.baseAddress, $0.count, flags) }
            return count >= 0 ? .success(count) : .failure(Errno(rawValue: errno))
        }
    }
}
