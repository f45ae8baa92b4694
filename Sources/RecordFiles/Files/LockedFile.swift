import ConfigSource

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// An open file that nobody else locks as long as it is open; the end of the process frees it, however that comes.
///
/// The lock lies on the file itself, so that no other file is left behind. Whoever got it makes sure that the path still
/// leads to the file that it locked: another router may have put a new one in its place meanwhile.
struct LockedFile {
    let descriptor: CInt
    private(set) var size = 0
    /// Whether the last line has no end.
    private(set) var isTorn = false

    /// Opens a file for appending, and makes it if it is not there. What is no regular file is opened without a lock.
    init(opening path: String, by files: any FileOperations) throws(FileFailure) {
        var descriptor: CInt?
        while descriptor == nil { descriptor = try Self.opened(path, files) }
        self.descriptor = descriptor ?? -1
        readEnd()
    }

    /// A locked descriptor; nil when the path leads to another file by now.
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

    /// Puts a new file in the place of one, which gets another name.
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

    /// Gives the lock back. Closing alone would not do: a child that was just forked has the file open too, until it has
    /// become its program.
    static func unlock(_ descriptor: CInt, by files: any FileOperations) { _ = files.lock(descriptor, LOCK_UN) }

    /// Locks the file, with some patience: such a child of a router that was killed may be there for a moment.
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

    /// The name of a file that is another one for each process, as routes.yml has it: `calls-${INSTANCE}.jsonl`.
    private static func numbered(_ path: String) -> String {
        let name = path.split(separator: "/").last ?? ""
        let dot = name.lastIndex(of: ".") ?? name.endIndex
        return (name[..<dot] + "-${INSTANCE}" + name[dot...]).printable
    }

    /// Finds out where to go on, once nobody else writes. What has no end, such as a pipe, begins anywhere.
    private mutating func readEnd() {
        size = max(0, Int(lseek(descriptor, 0, SEEK_END)))
        isTorn = TornLine.isEnd(of: descriptor)
    }
}
