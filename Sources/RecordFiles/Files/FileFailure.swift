import ConfigSource

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A file or stream that can't be used, with the reason.
public struct FileFailure: RecordWriteError, Hashable, CustomStringConvertible {
    /// What can't be done, to which path, and why.
    public let description: String
    /// The file, as routes.yml or the command line names it.
    public private(set) var path: String
    /// Why the file can't be used: "No space left on device".
    public let reason: String
    /// Whether the path is a usable one, and the device refused: it is full, over its quota or broken.
    public let isOfDevice: Bool

    /// A file that could not be written.
    public init(path: String, reason: String) {
        self.init("cannot write", path, reason)
    }

    /// What can't be done to a path, by an error number of the system.
    package init(_ action: String, _ path: String, _ code: CInt) {
        self.init(action, path, String(cString: strerror(code)), isOfDevice: Self.deviceCodes.contains(code))
    }

    /// What can't be done to a path, in words.
    package init(_ action: String, _ path: String, _ reason: String, isOfDevice: Bool = false) {
        description = "\(action) \(path.printable): \(reason)"
        self.path = path
        self.reason = reason
        self.isOfDevice = isOfDevice
    }

    private static let deviceCodes = [ENOSPC, EDQUOT, EIO, EFBIG, EPIPE]

    /// The failure as one of another file, in whose place this one was to be used.
    func of(_ path: String) -> FileFailure {
        var failure = self
        failure.path = path
        return failure
    }
}

/// An error that says that a record could not be written to a file.
///
/// A delivery that fails for good by such an error is a dead letter, as with any error, and counts as a record that is missing in
/// the file.
public protocol RecordWriteError: Error {
    /// The file, as routes.yml or the command line names it.
    var path: String { get }
    /// Why it could not be written.
    var reason: String { get }
}
