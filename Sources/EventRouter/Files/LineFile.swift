import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A file or stream that can't be used, with the reason.
public struct FileFailure: Error, Sendable, Hashable, CustomStringConvertible {
    /// What can't be done, to which path, and why.
    public let description: String

    init(_ action: String, _ path: String, _ code: CInt) {
        description = "\(action) \(path): \(String(cString: strerror(code)))"
    }

    init(_ description: String) {
        self.description = description
    }
}

/// A file of lines to which many threads append.
///
/// Each line is written whole with one call, so that a crash leaves whole lines; what comes after a line that broke off
/// (a full disk) begins a line of its own. The file is made with mode 0600 and
/// missing folders with 0700, for it holds what people said; a link in the file's place is not followed. `-` is standard
/// output.
public final class LineFile: Sendable {
    private struct State {
        var descriptor: CInt = -1
        var failure: FileFailure?
        /// Whether the last line broke off, so that the next one must not continue it.
        var isTorn = false
    }

    /// The path that stands for standard error.
    public static let standardError = "/dev/stderr"

    /// The path as given; `-` stands for standard output.
    public let path: String
    private let state = Mutex(State())

    /// Makes the file's writer; nothing is opened.
    public init(path: String) {
        self.path = path
    }

    /// The first error that writing met, if any; what came after it was still tried.
    public var failure: FileFailure? { state.withLock { $0.failure } }

    /// Opens the file for appending. Calling it again does nothing.
    ///
    /// - Throws: ``FileFailure`` when the path cannot be written.
    public func open() throws {
        try state.withLock { state in
            guard state.descriptor < 0 else { return }
            if path == "-" || path == Self.standardError {
                state.descriptor = path == "-" ? STDOUT_FILENO : STDERR_FILENO
                return
            }
            try Self.makeFolders(for: path)
            let descriptor = openForAppending(path)
            guard descriptor >= 0 else {
                let code = errno
                if code == ELOOP {
                    throw FileFailure("cannot write \(path): it is a symbolic link, which is not followed")
                }
                throw FileFailure("cannot write", path, code)
            }
            state.descriptor = descriptor
        }
    }

    /// Appends one line; the line end is added here.
    ///
    /// - Throws: ``FileFailure`` when it could not be written.
    public func write(_ line: [UInt8]) throws {
        var line = line
        line.append(0x0A)
        try state.withLock { state in
            do throws(FileFailure) {
                guard state.descriptor >= 0 else { throw FileFailure("cannot write \(path): it is not open") }
                if state.isTorn { line.insert(0x0A, at: 0) }
                let (written, code) = writeAll(line, to: state.descriptor)
                if written > 0 { state.isTorn = written < line.count }
                if let code { throw FileFailure("cannot write", path, code) }
            } catch {
                state.failure = state.failure ?? error
                throw error
            }
        }
    }

    /// Appends one line; an error is kept in ``failure`` and otherwise passed over, for callers who have other work than
    /// their records.
    public func append(_ line: [UInt8]) {
        try? write(line)
    }

    /// Closes the file. Calling it again does nothing.
    public func close() {
        state.withLock { state in
            if state.descriptor > STDERR_FILENO { closeDescriptor(state.descriptor) }
            state.descriptor = -1
        }
    }

    private static func makeFolders(for path: String) throws {
        var index = path.utf8.startIndex
        while let slash = path.utf8[index...].dropFirst().firstIndex(of: UInt8(ascii: "/")) {
            let folder = String(path[..<slash])
            if mkdir(folder, 0o700) != 0 && errno != EEXIST && errno != EISDIR {
                throw FileFailure("cannot make the folder", folder, errno)
            }
            index = slash
        }
    }
}

private func openForAppending(_ path: String) -> CInt {
    open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
}

private func closeDescriptor(_ descriptor: CInt) {
    _ = close(descriptor)
}

/// Writes all bytes; gives how many it wrote, and the error number when those were not all.
private func writeAll(_ bytes: [UInt8], to descriptor: CInt) -> (written: Int, code: CInt?) {
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
