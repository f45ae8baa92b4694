#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Writes all bytes; gives how many it wrote, and the error number when those were not all.
@discardableResult
package func writeAll(_ bytes: [UInt8], to descriptor: CInt) -> (written: Int, code: CInt?) {
    bytes.withUnsafeBytes { buffer in
        var offset = 0
        while offset < buffer.count {
            let count = write(descriptor, buffer.baseAddress! + offset, buffer.count - offset)
            if count >= 0 {
                offset += count
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
