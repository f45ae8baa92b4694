#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Files and folders that only their owner may look into, for they hold what people said.
package enum PrivateFile {
    /// Sees to it that a file is there, for something that opens it by itself, such as a database.
    ///
    /// A new file is empty and has mode 0600, its folders 0700. One that is there already stays as it is and is not opened.
    ///
    /// - Throws: ``FileFailure`` when it cannot be made, or is a link or no file at all.
    package static func prepare(_ path: String) throws {
        try makeFolders(for: path)
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        if descriptor >= 0 {
            _ = close(descriptor)
            return
        }
        guard errno == EEXIST else { throw FileFailure("cannot write", path, errno) }
        let kind = FileKind(of: path)
        if let objection = kind?.objection { throw FileFailure("cannot write", path, objection) }
        if kind?.isStream == true { throw FileFailure("cannot write", path, "it is no regular file") }
    }

    /// Makes an empty file, if nothing is at its path.
    ///
    /// - Returns: Whether it was made.
    static func make(_ path: String, by files: any FileOperations) -> Bool {
        try? makeFolders(for: path, by: files)
        let descriptor = files.openFile(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        if descriptor >= 0 { _ = files.closeFile(descriptor) }
        return descriptor >= 0
    }

    /// A descriptor that appends to a file, which is made if it is not there.
    static func openForAppending(
        _ path: String, _ flags: CInt, by files: any FileOperations
    ) throws(FileFailure) -> CInt {
        try openToWrite(path, flags | O_APPEND | O_CREAT, by: files)
    }

    /// A descriptor that writes to what is at a path. Opening never waits, as it would for the reader of a pipe; writing does.
    static func openToWrite(_ path: String, _ flags: CInt, by files: any FileOperations) throws(FileFailure) -> CInt {
        let kind = FileKind(of: path)
        if let objection = kind?.objection { throw FileFailure("cannot write", path, objection) }
        var flags = flags | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK
        // Opened for reading too, a pipe would have its writer for a reader, and take what nobody ever reads.
        if kind == .pipe { flags = flags & ~O_ACCMODE | O_WRONLY }
        let descriptor = files.openFile(path, flags, 0o600)
        guard descriptor >= 0 else {
            let code = errno
            if code == ENXIO, kind == .pipe {
                throw FileFailure(
                    "cannot write", path,
                    "it is a pipe that nobody reads; first start what reads it, such as `cat \(path)`")
            }
            throw FileFailure("cannot write", path, code)
        }
        _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) & ~O_NONBLOCK)
        return descriptor
    }

    /// Makes the folders that a path leads through.
    static func makeFolders(for path: String, by files: any FileOperations = .system) throws {
        var index = path.utf8.startIndex
        while let slash = path.utf8[index...].dropFirst().firstIndex(of: UInt8(ascii: "/")) {
            let folder = String(path[..<slash])
            if files.makeFolder(folder, 0o700) != 0 && errno != EEXIST && errno != EISDIR {
                throw FileFailure("cannot make the folder", folder, errno)
            }
            index = slash
        }
    }
}

/// What is at a path, as far as that decides how it is written.
enum FileKind {
    case regular
    case link
    case folder
    case pipe
    case socket
    /// A terminal, `/dev/null`, `/dev/full`.
    case characterDevice
    case blockDevice

    /// The kind of what is at a path; nil when nothing is there. Links are not followed.
    init?(of path: String) {
        var facts = stat()
        guard lstat(path, &facts) == 0 else { return nil }
        self =
            switch facts.st_mode & S_IFMT {
            case S_IFLNK: .link
            case S_IFDIR: .folder
            case S_IFIFO: .pipe
            case S_IFSOCK: .socket
            case S_IFCHR: .characterDevice
            case S_IFBLK: .blockDevice
            default: .regular
            }
    }

    /// Why nothing is appended to it; nil for what can be appended to.
    var objection: String? {
        switch self {
        case .regular, .pipe, .characterDevice: nil
        case .link: "it is a symbolic link, which is not followed"
        case .folder: "it is a folder"
        case .socket: "it is a socket"
        case .blockDevice: "it is a block device"
        }
    }

    /// Whether it takes bytes as they come and keeps none, so that nothing can replace or truncate it.
    var isStream: Bool { self == .pipe || self == .characterDevice }
}
