#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Creates and opens files and folders that only their owner may read, because they contain what people said.
package enum PrivateFile {
    /// Makes sure that a file exists, for code that opens the file by itself, such as a database.
    ///
    /// A new file is empty and has mode 0600; new folders have mode 0700. An existing file is neither changed nor
    /// opened.
    ///
    /// - Throws: ``FileFailure`` if the file cannot be created, or if the path leads to something that is not a regular
    ///   file, such as a link.
    package static func prepare(_ path: String) throws {
        try makeFolders(for: path)
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        if descriptor >= 0 {
            _ = close(descriptor)
            return
        }
        guard errno == EEXIST else { throw FileFailure("cannot write", path, errno) }
        let kind = FileKind(of: path)
        if let refusalReason = kind?.refusalReason { throw FileFailure("cannot write", path, refusalReason) }
        if kind?.isStream == true { throw FileFailure("cannot write", path, "it is no regular file") }
    }

    /// Creates an empty file if nothing exists at its path.
    ///
    /// - Returns: Whether the file was created.
    static func make(_ path: String, by files: any FileOperations) -> Bool {
        try? makeFolders(for: path, by: files)
        let descriptor = files.openFile(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        if descriptor >= 0 { _ = files.closeFile(descriptor) }
        return descriptor >= 0
    }

    /// Opens a file for appending, and creates it if necessary.
    static func openForAppending(
        _ path: String, _ flags: CInt, by files: any FileOperations
    ) throws(FileFailure) -> CInt {
        try openToWrite(path, flags | O_APPEND | O_CREAT, by: files)
    }

    /// Opens a file or stream for writing. Opening never blocks, not even on a pipe without a reader; writing may
    /// block.
    static func openToWrite(_ path: String, _ flags: CInt, by files: any FileOperations) throws(FileFailure) -> CInt {
        let kind = FileKind(of: path)
        if let refusalReason = kind?.refusalReason { throw FileFailure("cannot write", path, refusalReason) }
        var flags = flags | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK
        // Opened for reading too, the pipe would count its own writer as a reader, and accept bytes that nobody reads.
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

    /// Creates the folders of a path.
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

/// The kind of file at a path, as far as writing depends on it.
enum FileKind {
    case regular
    case link
    case folder
    case pipe
    case socket
    /// A terminal, `/dev/null`, `/dev/full`.
    case characterDevice
    case blockDevice

    /// The kind of file at a path, without following links; nil if nothing exists there.
    init?(of path: String) {
        var status = stat()
        guard lstat(path, &status) == 0 else { return nil }
        self =
            switch status.st_mode & S_IFMT {
            case S_IFLNK: .link
            case S_IFDIR: .folder
            case S_IFIFO: .pipe
            case S_IFSOCK: .socket
            case S_IFCHR: .characterDevice
            case S_IFBLK: .blockDevice
            default: .regular
            }
    }

    /// The reason why record files cannot be of this kind; nil if they can.
    var refusalReason: String? {
        switch self {
        case .regular, .pipe, .characterDevice: nil
        case .link: "it is a symbolic link, which is not followed"
        case .folder: "it is a folder"
        case .socket: "it is a socket"
        case .blockDevice: "it is a block device"
        }
    }

    /// Whether the file is a stream. A stream stores nothing, so it cannot be replaced or truncated.
    var isStream: Bool { self == .pipe || self == .characterDevice }
}
