#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A file that others read while it is written again and again: they see the old one or the new one, and never a part.
public struct WholeFile: Sendable {
    /// The path as given.
    public let path: String

    /// Names the file; nothing is touched.
    public init(path: String) {
        self.path = path
    }

    /// Replaces the file: a new one is written beside it and takes its name. A link in the file's place is replaced too.
    ///
    /// - Parameters:
    ///   - bytes: all that is to stand in it.
    ///   - mode: who may read it.
    /// - Throws: ``FileFailure`` when it could not be written; then the old file is as it was.
    public func write(_ bytes: [UInt8], mode: UInt32 = 0o600) throws(FileFailure) {
        let other = "\(path).\(getpid()).new"
        unlink(other)
        let descriptor = open(other, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode_t(mode))
        guard descriptor >= 0 else { throw FileFailure("cannot write", path, errno) }
        var (_, code) = writeAll(bytes, to: descriptor)
        if close(descriptor) != 0 { code = code ?? errno }
        if code == nil, rename(other, path) != 0 { code = errno }
        if let code {
            unlink(other)
            throw FileFailure("cannot write", path, code)
        }
    }
}
