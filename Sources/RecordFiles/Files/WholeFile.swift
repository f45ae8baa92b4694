#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A file that others read while it is rewritten repeatedly: readers see the old contents or the new ones, never a
/// part.
package struct WholeFile: Sendable {
    /// The path as given.
    package let path: String
    private let files: any FileOperations

    /// Creates a writer; does not open the file.
    package init(path: String, by files: any FileOperations = .system) {
        self.path = path
        self.files = files
    }

    /// Replaces the file: writes a new one beside it, and renames it to the path. A link at the path is replaced too. A
    /// pipe or a device remains and receives the bytes.
    ///
    /// - Parameters:
    ///   - bytes: The new contents.
    ///   - mode: The permissions of the new file.
    /// - Throws: ``FileFailure`` if the file could not be written. The old file is then unchanged.
    package func write(_ bytes: [UInt8], mode: UInt32 = 0o600) throws(FileFailure) {
        let kind = FileKind(of: path)
        if kind?.isStream == true {
            return try write(bytes, to: try PrivateFile.openToWrite(path, O_WRONLY, by: files))
        }
        if let kind, kind != .link, let refusalReason = kind.refusalReason {
            throw FileFailure("cannot write", path, refusalReason)
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

    /// Replaces the file like ``write(_:mode:)``, readable only by its owner, and creates missing folders. A link at
    /// the path is an error.
    ///
    /// - Throws: ``FileFailure`` if the file could not be written. The old file is then unchanged.
    package func writePrivately(_ bytes: [UInt8]) throws {
        try PrivateFile.makeFolders(for: path, by: files)
        if let refusalReason = FileKind(of: path)?.refusalReason {
            throw FileFailure("cannot write", path, refusalReason)
        }
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
