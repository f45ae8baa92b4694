#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

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
