#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A file that others read while it is written again and again: they see the old one or the new one, and never a part.
package struct WholeFile: Sendable {
    /// The path as given.
    package let path: String
    private let files: any FileOperations

    /// Names the file; nothing is touched.
    package init(path: String, by files: any FileOperations = .system) {
        self.path = path
        self.files = files
    }

    /// Replaces the file: a new one is written beside it and takes its name. A link in the file's place is replaced too. A pipe
    /// or a device stays and gets the bytes.
    ///
    /// - Parameters:
    ///   - bytes: all that is to stand in it.
    ///   - mode: who may read it.
    /// - Throws: ``FileFailure`` when it could not be written; then the old file is as it was.
    package func write(_ bytes: [UInt8], mode: UInt32 = 0o600) throws(FileFailure) {
        let kind = FileKind(of: path)
        if kind?.isStream == true {
            return try write(bytes, to: try PrivateFile.openToWrite(path, O_WRONLY, by: files))
        }
        if let kind, kind != .link, let objection = kind.objection {
            throw FileFailure("cannot write", path, objection)
        }
        let other = "\(path).\(getpid()).new"
        _ = files.remove(other)
        let descriptor = files.openFile(
            other, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode)
        guard descriptor >= 0 else { throw FileFailure("cannot write", path, errno) }
        do throws(FileFailure) {
            try write(bytes, to: descriptor)
            if files.rename(other, to: path) != 0 { throw FileFailure("cannot write", path, errno) }
        } catch {
            _ = files.remove(other)
            throw error
        }
    }

    /// Replaces a file of its owner as ``write(_:mode:)`` does, in a folder that is made if it is not there. A link in the file's
    /// place is refused.
    ///
    /// - Throws: ``FileFailure`` when it could not be written; then the old file is as it was.
    package func writePrivately(_ bytes: [UInt8]) throws {
        try PrivateFile.makeFolders(for: path, by: files)
        if let objection = FileKind(of: path)?.objection { throw FileFailure("cannot write", path, objection) }
        try write(bytes)
    }

    /// Writes all bytes and closes the descriptor.
    private func write(_ bytes: [UInt8], to descriptor: CInt) throws(FileFailure) {
        var (_, code) = writeAll(bytes, to: descriptor, by: files)
        let end = closeDurably(descriptor, by: files)
        code = code ?? end
        if let code { throw FileFailure("cannot write", path, code) }
    }
}
