#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Handling of an incomplete last line, whose rest could not be written.
enum IncompleteLine {
    private static let blank: UInt8 = 0x20
    private static let blockSize = 4096

    /// Overwrites ranges of bytes with spaces, in a file that is open for appending. Truncating the file instead would
    /// also remove what other programs have appended meanwhile.
    ///
    /// - Returns: Whether all ranges were overwritten; false if a write fails, as on a pipe.
    static func blank(_ pieces: [Range<Int>], of descriptor: CInt, by files: any FileOperations) -> Bool {
        let flags = fcntl(descriptor, F_GETFL)
        // On Linux, `pwrite` ignores its offset while a file is open for appending.
        guard !pieces.isEmpty, flags >= 0, fcntl(descriptor, F_SETFL, flags & ~O_APPEND) == 0 else { return false }
        defer { _ = fcntl(descriptor, F_SETFL, flags) }
        let blanks = [UInt8](repeating: blank, count: blockSize)
        for piece in pieces {
            var place = piece.lowerBound
            while place < piece.upperBound {
                let count = blanks.withUnsafeBytes { blanks in
                    files.overwrite(
                        UnsafeRawBufferPointer(rebasing: blanks[..<min(blockSize, piece.upperBound - place)]),
                        in: descriptor, at: place)
                }
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return false }
                place += count
            }
        }
        return true
    }

    /// Whether a file ends with an incomplete line; false if the file cannot be read.
    static func isEnd(of path: String) -> Bool {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard descriptor >= 0 else { return false }
        defer { _ = close(descriptor) }
        return isEnd(of: descriptor)
    }

    /// Whether a file ends with an incomplete line. Trailing spaces do not count: they replaced an incomplete line.
    static func isEnd(of descriptor: CInt) -> Bool {
        var end = Int(lseek(descriptor, 0, SEEK_END))
        var block = [UInt8](repeating: 0, count: blockSize)
        while end > 0 {
            let wanted = min(blockSize, end)
            let count = pread(descriptor, &block, wanted, off_t(end - wanted))
            guard count == wanted else { return false }
            if let last = block[..<count].last(where: { $0 != blank }) { return last != 0x0A }
            end -= count
        }
        return false
    }
}
