import EventJSON
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A file of lines to which many threads append.
///
/// Each line is written whole with one call, so that a crash leaves whole lines; what comes after a line that broke off
/// (a full disk, or a machine that lost its power) begins a line of its own. The file is made with mode 0600 and
/// missing folders with 0700, for it holds what people said; a link in the file's place is not followed. `-` is standard
/// output. On standard output, standard error and terminals every character that a terminal would obey is written as `\u` and four
/// digits, so that JSON stays the same JSON.
///
/// A file that would become larger than `maximumSize` is renamed to its path with `.1`, `.2`, … (the first number that is free,
/// so the highest is the newest), and a new one is begun. Nothing is deleted. Two programs that rename one file may leave it
/// larger or smaller, and lose no line. A file that somebody removes, such as another router because it is old, is begun anew.
public final class LineFile: Sendable {
    private struct State {
        var descriptor: CInt = -1
        var failure: FileFailure?
        /// Whether people may read the lines on a terminal.
        var isShown = false
        /// Whether the last line broke off, so that the next one must not continue it.
        var isTorn = false
        /// The length of a file that is locked; others have several writers, and nobody asks.
        var size = 0
        /// The length of a file that others may write to, as far as this writer knows; nil for what is no regular file.
        var extent: Int?
    }

    /// The path that stands for standard error.
    public static let standardError = "/dev/stderr"

    /// The path as given; `-` stands for standard output.
    public let path: String
    private let isExclusive: Bool
    private let header: [UInt8]
    private let maximumSize: Int
    private let isRenewed: Bool
    private let state = Mutex(State())

    /// Makes the file's writer; nothing is opened.
    ///
    /// - Parameters:
    ///   - path: the file; `-` is standard output.
    ///   - isExclusive: whether nobody else may write to it meanwhile: it is locked while it is open, as far as other writers ask
    ///     for that too. Standard output, terminals and pipes are never locked.
    public init(path: String, isExclusive: Bool = false) {
        self.path = path
        self.isExclusive = isExclusive
        header = []
        maximumSize = .max
        isRenewed = true
    }

    /// Makes the writer of a file whose size is bounded; nothing is opened.
    ///
    /// - Parameters:
    ///   - path: the file; `-` for standard output.
    ///   - header: a line that every new file begins with; none when it is empty.
    ///   - maximumSize: how many bytes a file may hold, unless a single line is longer.
    ///   - isRenewed: whether a file that was removed is begun anew; what else comes for one that is to be forgotten goes with it.
    public init(path: String, header: [UInt8], maximumSize: Int, isRenewed: Bool = true) {
        self.path = path
        isExclusive = false
        self.header = header
        self.maximumSize = maximumSize
        self.isRenewed = isRenewed
    }

    /// The first error that writing met, if any; what came after it was still tried.
    public var failure: FileFailure? { state.withLock { $0.failure } }

    /// The length of the file in bytes; 0 unless it is exclusive.
    public var size: Int { state.withLock { $0.size } }

    /// Opens the file for appending. Calling it again does nothing.
    ///
    /// - Throws: ``FileFailure`` when the path cannot be written, or when somebody else has locked it.
    public func open() throws {
        try state.withLock { state in
            guard state.descriptor < 0 else { return }
            if path == "-" || path == Self.standardError {
                state.descriptor = path == "-" ? STDOUT_FILENO : STDERR_FILENO
                state.isShown = true
                return
            }
            try PrivateFile.makeFolders(for: path)
            guard isExclusive else {
                return try openShared(&state)
            }
            let locked = try LockedFile(opening: path)
            (state.descriptor, state.size, state.isTorn) = (locked.descriptor, locked.size, locked.isTorn)
            state.isShown = isatty(state.descriptor) == 1
        }
    }

    private func openShared(_ state: inout State) throws(FileFailure) {
        state.descriptor = try PrivateFile.openForAppending(path, O_WRONLY)
        state.isShown = isatty(state.descriptor) == 1
        state.extent = sizeOfFile(state.descriptor)
        state.isTorn = (state.extent ?? 0) > 0 && !endsWithLineEnd(path)
        if state.extent == 0, !header.isEmpty { _ = try writeLine(header, &state) }
    }

    /// Gives what was written so far another name, and goes on with an empty file.
    ///
    /// The new file is locked before it takes the place of the old one, so that there is no moment at which another
    /// router could come between. After a crash on the way the file has both names.
    ///
    /// - Precondition: The file is exclusive.
    /// - Throws: ``FileFailure`` when that fails; then the file goes on as it was.
    public func moveAside(to archive: String) throws {
        precondition(isExclusive, "a file with several writers stays where it is")
        try state.withLock { state in
            guard state.descriptor > STDERR_FILENO else { return }
            let fresh = try LockedFile(replacing: path, archivedAs: archive)
            LockedFile.unlock(state.descriptor)
            closeDescriptor(state.descriptor)
            (state.descriptor, state.size, state.isTorn) = (fresh.descriptor, 0, false)
        }
    }

    /// Appends one line; the line end is added here.
    ///
    /// The bytes are the system's when this returns: they survive the end of the process, however it comes, but not
    /// the machine's.
    ///
    /// - Returns: Where the line begins, in bytes; it means something for an exclusive file.
    /// - Throws: ``FileFailure`` when it could not be written.
    @discardableResult public func write(_ line: [UInt8]) throws -> Int {
        try state.withLock { state in
            do throws(FileFailure) {
                // A new file that could not be begun is tried again with each line.
                if state.descriptor < 0, state.extent != nil { try openShared(&state) }
                guard state.descriptor >= 0 else { throw FileFailure("cannot write \(path): it is not open") }
                if let extent = state.extent, extent > header.count + 1, line.count + 1 > maximumSize - extent {
                    try beginNewFile(&state)
                } else if isRenewed, state.extent != nil, isRemoved(state.descriptor) {
                    try reopen(&state)
                }
                return try writeLine(line, &state)
            } catch {
                state.failure = state.failure ?? error
                throw error
            }
        }
    }

    private func writeLine(_ line: [UInt8], _ state: inout State) throws(FileFailure) -> Int {
        var line = state.isShown ? line.escapedForDisplay : line
        line.append(0x0A)
        let begin = state.size + (state.isTorn ? 1 : 0)
        if state.isTorn { line.insert(0x0A, at: 0) }
        let (written, code) = writeAll(line, to: state.descriptor)
        if written > 0 { state.isTorn = written < line.count }
        state.size += written
        state.extent? += written
        if let code { throw FileFailure("cannot write", path, code) }
        return begin
    }

    /// Renames the full file and opens a new one.
    private func beginNewFile(_ state: inout State) throws(FileFailure) {
        var number = 1
        // A link is made where no file is, so that two programs never take the same number.
        while link(path, "\(path).\(number)") != 0, errno != ENOENT {
            guard errno == EEXIST else { throw FileFailure("cannot rename", path, errno) }
            number += 1
        }
        guard unlink(path) == 0 || errno == ENOENT else { throw FileFailure("cannot rename", path, errno) }
        try reopen(&state)
    }

    private func reopen(_ state: inout State) throws(FileFailure) {
        closeDescriptor(state.descriptor)
        state.descriptor = -1
        try openShared(&state)
    }

    /// Appends one line; an error is kept in ``failure`` and otherwise passed over, for callers who have other work than
    /// their records.
    public func append(_ line: [UInt8]) {
        _ = try? write(line)
    }

    /// Closes the file. Calling it again does nothing.
    public func close() {
        state.withLock { state in
            if state.descriptor > STDERR_FILENO {
                if isExclusive { LockedFile.unlock(state.descriptor) }
                closeDescriptor(state.descriptor)
            }
            (state.descriptor, state.extent) = (-1, nil)
        }
    }
}

/// How many bytes a regular file holds; nil for a device or a pipe.
private func sizeOfFile(_ descriptor: CInt) -> Int? {
    var facts = stat()
    guard fstat(descriptor, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else { return nil }
    return Int(facts.st_size)
}

/// Whether no path leads to an open file any more.
private func isRemoved(_ descriptor: CInt) -> Bool {
    var facts = stat()
    return fstat(descriptor, &facts) == 0 && facts.st_nlink == 0
}

/// Whether the file's last line is whole; also where that cannot be found out.
private func endsWithLineEnd(_ path: String) -> Bool {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    guard descriptor >= 0 else { return true }
    defer { closeDescriptor(descriptor) }
    var last: UInt8 = 0
    let isRead = lseek(descriptor, -1, SEEK_END) >= 0 && read(descriptor, &last, 1) == 1
    return !isRead || last == 0x0A
}

private func closeDescriptor(_ descriptor: CInt) {
    _ = close(descriptor)
}
