import ConfigSource

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// An error for a file or stream that cannot be used.
public struct FileFailure: RecordWriteError, Hashable, CustomStringConvertible {
    /// The failed action, the path and the reason.
    public let description: String
    /// The file, as routes.yml or the command line names it.
    public private(set) var path: String
    /// The reason, such as "No space left on device".
    public let reason: String
    /// Whether the device caused the error, not the path: it is full, over quota or broken.
    public let isOfDevice: Bool

    /// Creates an error for a file that could not be written.
    public init(path: String, reason: String) {
        self.init("cannot write", path, reason)
    }

    /// Creates an error from an action, a path and the system's error number.
    package init(_ action: String, _ path: String, _ code: CInt) {
        self.init(action, path, String(cString: strerror(code)), isOfDevice: Self.deviceCodes.contains(code))
    }

    /// Creates an error from an action, a path and a reason.
    package init(_ action: String, _ path: String, _ reason: String, isOfDevice: Bool = false) {
        description = "\(action) \(path.printable): \(reason)"
        self.path = path
        self.reason = reason
        self.isOfDevice = isOfDevice
    }

    private static let deviceCodes = [ENOSPC, EDQUOT, EIO, EFBIG, EPIPE]

    /// A copy of this error for another path: the one that the user named, if this path stood in for it.
    func of(_ path: String) -> FileFailure {
        var failure = self
        failure.path = path
        return failure
    }
}

/// An error for a record that could not be written to a file.
///
/// If a delivery finally fails with such an error, it becomes a dead letter, as with any error, and also counts as a
/// record that is missing in the file.
public protocol RecordWriteError: Error {
    /// The file, as routes.yml or the command line names it.
    var path: String { get }
    /// The reason why the record could not be written.
    var reason: String { get }
}
