#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

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
