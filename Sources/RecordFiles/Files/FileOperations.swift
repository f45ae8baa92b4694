#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// What writers of records ask of the file system: by default the system's own calls.
///
/// A test gives its own operations, to let one of them fail. Each returns what the system's call returns, and leaves its error number in
/// `errno`. They are called from any thread and may block.
package protocol FileOperations: Sendable {
    /// `open`.
    func openFile(_ path: String, _ flags: CInt, _ mode: UInt32) -> CInt
    /// `write`.
    func writeBytes(_ bytes: UnsafeRawBufferPointer, to descriptor: CInt) -> Int
    /// `pwrite`.
    func overwrite(_ bytes: UnsafeRawBufferPointer, in descriptor: CInt, at offset: Int) -> Int
    /// `fsync`.
    func flush(_ descriptor: CInt) -> CInt
    /// `close`.
    func closeFile(_ descriptor: CInt) -> CInt
    /// `flock`.
    func lock(_ descriptor: CInt, _ operation: CInt) -> CInt
    /// `link`.
    func link(_ path: String, as other: String) -> CInt
    /// `rename`.
    func rename(_ path: String, to other: String) -> CInt
    /// `unlink`.
    func remove(_ path: String) -> CInt
    /// `mkdir`.
    func makeFolder(_ path: String, _ mode: UInt32) -> CInt
}

/// The system's own calls.
package struct SystemFiles: FileOperations {
    package init() {}

    package func openFile(_ path: String, _ flags: CInt, _ mode: UInt32) -> CInt {
        open(path, flags, mode_t(mode))
    }

    package func writeBytes(_ bytes: UnsafeRawBufferPointer, to descriptor: CInt) -> Int {
        write(descriptor, bytes.baseAddress, bytes.count)
    }

    package func overwrite(_ bytes: UnsafeRawBufferPointer, in descriptor: CInt, at offset: Int) -> Int {
        pwrite(descriptor, bytes.baseAddress, bytes.count, off_t(offset))
    }

    package func flush(_ descriptor: CInt) -> CInt { fsync(descriptor) }

    package func closeFile(_ descriptor: CInt) -> CInt { close(descriptor) }

    package func lock(_ descriptor: CInt, _ operation: CInt) -> CInt { flock(descriptor, operation) }

    package func link(_ path: String, as other: String) -> CInt { makeLink(path, other) }

    package func rename(_ path: String, to other: String) -> CInt { changeName(path, other) }

    package func remove(_ path: String) -> CInt { unlink(path) }

    package func makeFolder(_ path: String, _ mode: UInt32) -> CInt { mkdir(path, mode_t(mode)) }
}

extension FileOperations where Self == SystemFiles {
    /// The system's own calls, for the call site.
    package static var system: SystemFiles { SystemFiles() }
}

// The methods of these names hide the system's functions.
private func makeLink(_ path: String, _ other: String) -> CInt { link(path, other) }
private func changeName(_ path: String, _ other: String) -> CInt { rename(path, other) }

/// Writes all bytes; gives how many it wrote, and the error number when those were not all.
///
/// - Parameters:
///   - files: the operations to write with.
///   - part: called after each write that took only a part of the rest, with the number of bytes that it took.
@discardableResult
package func writeAll(
    _ bytes: [UInt8], to descriptor: CInt, by files: any FileOperations = .system, part: (Int) -> Void = { _ in }
) -> (written: Int, code: CInt?) {
    bytes.withUnsafeBytes { buffer in
        var offset = 0
        while offset < buffer.count {
            let count = files.writeBytes(UnsafeRawBufferPointer(rebasing: buffer[offset...]), to: descriptor)
            if count >= 0 {
                offset += count
                if offset < buffer.count { part(count) }
            } else if errno == EAGAIN {
                // Standard output may be a pipe that its other users made non-blocking.
                var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                _ = poll(&entry, 1, -1)
            } else if errno != EINTR {
                return (offset, errno)
            }
        }
        return (offset, nil)
    }
}

/// Closes a descriptor once its device has what was written: a disk may only now find that it is full or broken.
///
/// - Returns: the error number when it has not.
package func closeDurably(_ descriptor: CInt, by files: any FileOperations = .system) -> CInt? {
    closeDescriptor(descriptor, durably: true, by: files)
}

/// Closes a descriptor, and if it is to be durable, only once its device has what was written.
///
/// - Returns: the error number when it has not.
package func closeDescriptor(
    _ descriptor: CInt, durably: Bool, by files: any FileOperations = .system
) -> CInt? {
    var code: CInt?
    // Pipes and devices have nothing to flush.
    if durably, files.flush(descriptor) != 0, ![EINVAL, EROFS, ENOTSUP].contains(errno) { code = errno }
    if files.closeFile(descriptor) != 0, errno != EINTR { code = code ?? errno }
    return code
}
