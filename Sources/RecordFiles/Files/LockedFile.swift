import ConfigSource

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// An open and locked file. The lock ends when the process ends, even by a crash.
///
/// The lock is on the file itself, so no extra lock file remains. After locking, the process checks that the path still
/// leads to the locked file, because another router may have replaced it meanwhile.
struct LockedFile {
    let descriptor: CInt
    private(set) var size = 0
    /// Whether the last line has no line end.
    private(set) var isIncomplete = false

    /// Opens a file for appending, and creates it if necessary. Anything that is not a regular file is opened without a
    /// lock.
    init(opening path: String, by files: any FileOperations) throws(FileFailure) {
        var descriptor: CInt?
        while descriptor == nil { descriptor = try Self.opened(path, files) }
        self.descriptor = descriptor ?? -1
        readEnd()
    }

    /// Opens and locks a file; returns nil if the path leads to another file once the lock is acquired.
    private static func opened(_ path: String, _ files: any FileOperations) throws(FileFailure) -> CInt? {
        let descriptor = try PrivateFile.openForAppending(path, O_RDWR, by: files)
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return descriptor }
        do throws(FileFailure) {
            try lock(descriptor, path, files)
        } catch {
            _ = files.closeFile(descriptor)
            throw error
        }
        var current = stat()
        if lstat(path, &current) == 0, current.st_ino == status.st_ino, current.st_dev == status.st_dev {
            return descriptor
        }
        _ = files.closeFile(descriptor)
        return nil
    }

    /// Replaces a file with a new one, and renames the old one to `archive`.
    init(replacing path: String, archivedAs archive: String, by files: any FileOperations) throws(FileFailure) {
        let draft = path + ".new"
        _ = files.remove(draft)
        descriptor = try PrivateFile.openForAppending(draft, O_RDWR | O_EXCL, by: files)
        do throws(FileFailure) {
            try Self.lock(descriptor, draft, files)
            guard files.link(path, as: archive) == 0 else {
                throw FileFailure("cannot move \(path) to", archive, errno)
            }
            guard files.rename(draft, to: path) == 0 else {
                let code = errno
                _ = files.remove(archive)
                throw FileFailure("cannot begin a new", path, code)
            }
        } catch {
            _ = files.remove(draft)
            _ = files.closeFile(descriptor)
            throw error
        }
    }

    /// Unlocks the file. Closing alone is not enough: a child process that was just forked shares the open file until
    /// it executes its program.
    static func unlock(_ descriptor: CInt, by files: any FileOperations) { _ = files.lock(descriptor, LOCK_UN) }

    /// Locks the file, and retries for about a second: a forked child of a killed router may hold the lock for a
    /// moment.
    private static func lock(
        _ descriptor: CInt, _ path: String, _ files: any FileOperations
    ) throws(FileFailure) {
        var attempts = 100
        while files.lock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            let code = errno
            if code == EINTR { continue }
            if code == EWOULDBLOCK, attempts > 0 {
                attempts -= 1
                usleep(10_000)
                continue
            }
            guard code == EWOULDBLOCK else { throw FileFailure("cannot lock", path, code) }
            throw FileFailure(
                "cannot write", path,
                "another router, or another handler of this one, has it open; end that one, or give each a file of its own: "
                    + "`\(numbered(path))`, with another value of INSTANCE in the environment of each")
        }
    }

    /// The name of the file with `${INSTANCE}` in it, which routes.yml replaces with a different value in each process:
    /// `calls-${INSTANCE}.jsonl`.
    private static func numbered(_ path: String) -> String {
        let name = path.split(separator: "/").last ?? ""
        let dot = name.lastIndex(of: ".") ?? name.endIndex
        return (name[..<dot] + "-${INSTANCE}" + name[dot...]).printable
    }

    /// Reads the size, and whether the last line is incomplete, once no other process writes. For a stream, such as a
    /// pipe, the size is 0.
    private mutating func readEnd() {
        size = max(0, Int(lseek(descriptor, 0, SEEK_END)))
        isIncomplete = IncompleteLine.isEnd(of: descriptor)
    }
}
