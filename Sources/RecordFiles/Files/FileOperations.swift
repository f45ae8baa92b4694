#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The file system calls that record writers make.
///
/// ``SystemFiles`` makes the system's own calls. A test can pass other operations, to let one of them fail. Each
/// operation returns the result of the system call and sets `errno` like it. Operations are called from any thread and
/// may block.
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
    /// The system's own calls, for use as `.system`.
    package static var system: SystemFiles { SystemFiles() }
}

// Within the type, the methods with these names hide the system's functions.
private func makeLink(_ path: String, _ other: String) -> CInt { link(path, other) }
private func changeName(_ path: String, _ other: String) -> CInt { rename(path, other) }

/// Writes all bytes. Returns the number of bytes written, and the error number if those were not all.
///
/// - Parameters:
///   - files: The operations to write with.
///   - part: Called after each write that took only a part of the remaining bytes, with the number of bytes that it
///     took.
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
                // Another process that shares a pipe as its standard output may have made it non-blocking.
                var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                _ = poll(&entry, 1, -1)
            } else if errno != EINTR {
                return (offset, errno)
            }
        }
        return (offset, nil)
    }
}

/// Flushes a descriptor to its device and closes it. A disk may report only now that it is full or broken.
///
/// - Returns: The error number if the device may lack data; otherwise nil.
package func closeDurably(_ descriptor: CInt, by files: any FileOperations = .system) -> CInt? {
    closeDescriptor(descriptor, durably: true, by: files)
}

/// Closes a descriptor, after flushing it to its device if `durably` is true.
///
/// - Returns: The error number if the device may lack data; otherwise nil.
package func closeDescriptor(
    _ descriptor: CInt, durably: Bool, by files: any FileOperations = .system
) -> CInt? {
    var code: CInt?
    // Pipes and devices have nothing to flush.
    if durably, files.flush(descriptor) != 0, ![EINVAL, EROFS, ENOTSUP].contains(errno) { code = errno }
    if files.closeFile(descriptor) != 0, errno != EINTR { code = code ?? errno }
    return code
}
