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
/// (a machine that lost its power) begins a line of its own. Of a line for which the disk has no room, nothing but blanks stays,
/// and they begin the next line: to a reader of JSON they are nothing. The file is made with mode 0600 and
/// missing folders with 0700, for it holds what people said; a link in the file's place is not followed. `-` is standard
/// output. On standard output, standard error and terminals every character that a terminal would obey is written as `\u` and four
/// digits, so that JSON stays the same JSON.
/// A pipe needs a reader when it is opened; a slow one makes writing wait.
///
/// A file that would become larger than `maximumSize` is renamed to its path with `.1`, `.2`, … (the first number that is free,
/// so the highest is the newest), and a new one is begun. Nothing is deleted. Two programs that rename one file may leave it
/// larger or smaller, and lose no line. A file that somebody removes, such as another router because it is old, is begun anew.
public final class LineFile: Sendable, RecordWriter {
    private struct State {
        var descriptor: CInt = -1
        /// Whether people may read the lines on a terminal.
        var isShown = false
        /// Where lines are counted that could not be written, if the writer's caller does not learn of them.
        var unwritten = UnwrittenRecords()
        /// Whether those counts are a router's.
        var isReporting = false
        /// How many lines were written since the file was opened.
        var lines = 0
        /// Whether the last line broke off, so that the next one must not continue it.
        var isTorn = false
        /// The length of a file that is locked; others have several writers, and nobody asks.
        var size = 0
        /// The length of a file that others may write to, as far as this writer knows; nil for what is no regular file.
        var extent: Int?
    }

    /// The path that stands for standard error.
    public static let standardError = StandardStream.error

    /// The path as given; `-` stands for standard output.
    public let path: String
    private let isExclusive: Bool
    private let header: [UInt8]
    private let maximumSize: Int
    private let isRenewed: Bool
    private let files: any FileOperations
    private let state = Mutex(State())

    /// Makes the file's writer; nothing is opened.
    ///
    /// - Parameters:
    ///   - path: the file; `-` is standard output.
    ///   - isExclusive: whether nobody else may write to it meanwhile: it is locked while it is open, as far as other writers ask
    ///     for that too. Standard output, terminals and pipes are never locked.
    public convenience init(path: String, isExclusive: Bool = false) {
        self.init(path: path, isExclusive: isExclusive, by: .system)
    }

    /// Makes the file's writer as ``init(path:isExclusive:)`` does, with the operations to write by.
    package init(path: String, isExclusive: Bool = false, by files: any FileOperations) {
        self.path = path
        self.isExclusive = isExclusive
        header = []
        maximumSize = .max
        isRenewed = true
        self.files = files
    }

    /// Makes the writer of a file whose size is bounded; nothing is opened.
    ///
    /// - Parameters:
    ///   - path: the file; `-` for standard output.
    ///   - header: a line that every new file begins with; none when it is empty.
    ///   - maximumSize: how many bytes a file may hold, unless a single line is longer.
    ///   - isRenewed: whether a file that was removed is begun anew; what else comes for one that is to be forgotten goes with it.
    public convenience init(path: String, header: [UInt8], maximumSize: Int, isRenewed: Bool = true) {
        self.init(path: path, header: header, maximumSize: maximumSize, isRenewed: isRenewed, by: .system)
    }

    /// Makes the writer as ``init(path:header:maximumSize:isRenewed:)`` does, with the operations to write by.
    package init(path: String, header: [UInt8], maximumSize: Int, isRenewed: Bool = true, by files: any FileOperations)
    {
        self.path = path
        isExclusive = false
        self.header = header
        self.maximumSize = maximumSize
        self.isRenewed = isRenewed
        self.files = files
    }

    /// The lines that could not be written and of which no caller learned; nil when there are none.
    public var unwritten: UnwrittenFile? { state.withLock { $0.unwritten.files.first { $0.path == path } } }

    /// Takes the counts of lines that ``append(_:)`` and ``close(durably:)`` could not write; those so far are added.
    public func reportUnwritten(to records: UnwrittenRecords) {
        let earlier = state.withLock { state in
            // Only what this file counted by itself: another router's counts are of other files, too.
            let earlier = state.isReporting ? [] : state.unwritten.files
            (state.unwritten, state.isReporting) = (records, true)
            return earlier
        }
        for file in earlier { records.add(file) }
    }

    /// Whether the lines can be read again, as those of a pipe or a device cannot; false before ``open()``.
    package var isRegular: Bool { state.withLock { $0.descriptor >= 0 && sizeOfFile($0.descriptor) != nil } }

    /// The length of the file in bytes; 0 unless it is exclusive.
    public var size: Int { state.withLock { $0.size } }

    /// Opens the file for appending. Calling it again does nothing.
    ///
    /// - Throws: ``FileFailure`` when the path cannot be written, when it is a pipe without a reader, or when somebody else has
    ///   locked it.
    public func open() throws {
        try state.withLock { state in
            guard state.descriptor < 0 else { return }
            if path == "-" || path == Self.standardError {
                state.descriptor = path == "-" ? STDOUT_FILENO : STDERR_FILENO
                state.isShown = true
                return
            }
            try PrivateFile.makeFolders(for: path, by: files)
            guard isExclusive else {
                return try openShared(&state)
            }
            let locked = try LockedFile(opening: path, by: files)
            (state.descriptor, state.size, state.isTorn) = (locked.descriptor, locked.size, locked.isTorn)
            state.isShown = isatty(state.descriptor) == 1
        }
    }

    /// Opens a file that is empty: one that holds something is renamed first, as a full one is.
    ///
    /// - Throws: as ``open()`` does, and when it cannot be renamed.
    package func openNew() throws {
        let isThere = !PrivateFile.make(path, by: files)
        try open()
        // Also one that is empty: somebody else may just have made it.
        try state.withLock { if isThere, $0.extent != nil { try beginNewFile(&$0) } }
    }

    private func openShared(_ state: inout State) throws(FileFailure) {
        state.descriptor = try PrivateFile.openForAppending(path, O_WRONLY, by: files)
        state.isShown = isatty(state.descriptor) == 1
        state.extent = sizeOfFile(state.descriptor)
        state.isTorn = (state.extent ?? 0) > 0 && TornLine.isEnd(of: path)
        try writeHeader(&state)
    }

    private func writeHeader(_ state: inout State) throws(FileFailure) {
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
            let fresh = try LockedFile(replacing: path, archivedAs: archive, by: files)
            closeFile(&state)
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
                guard state.descriptor >= 0 else { throw FileFailure("cannot write", path, "it is not open") }
                if let extent = state.extent, extent > header.count + 1, line.count + 1 > maximumSize - extent {
                    try beginNewFile(&state)
                } else if isRenewed, state.extent != nil, isRemoved(state.descriptor) {
                    try reopen(&state)
                }
                try writeHeader(&state)
                return try writeLine(line, &state)
            } catch {
                throw error.of(path)
            }
        }
    }

    private func writeLine(_ line: [UInt8], _ state: inout State) throws(FileFailure) -> Int {
        var line = state.isShown ? line.escapedForDisplay : line
        line.append(0x0A)
        let wasTorn = state.isTorn
        let begin = state.size + (wasTorn ? 1 : 0)
        if wasTorn { line.insert(0x0A, at: 0) }
        var pieces: [Range<Int>] = []
        let (written, code) = writeAll(line, to: state.descriptor, by: files) { count in
            let end = Int(lseek(state.descriptor, 0, SEEK_CUR))
            if end >= count { pieces.append(end - count..<end) }
        }
        state.size += written
        state.extent? += written
        guard let code else {
            state.isTorn = false
            state.lines += 1
            return begin
        }
        // The line end behind an older line that broke off is blanked with the rest.
        if written > 0 { state.isTorn = !TornLine.blank(pieces, of: state.descriptor, by: files) || wasTorn }
        throw FileFailure("cannot write", StandardStream.name(of: path), code)
    }

    /// Renames the full file and opens a new one.
    private func beginNewFile(_ state: inout State) throws(FileFailure) {
        var number = 1
        // A link is made where no file is, so that two programs never take the same number.
        while files.link(path, as: "\(path).\(number)") != 0, errno != ENOENT {
            guard errno == EEXIST else { throw FileFailure("cannot rename", path, errno) }
            // It has both names if an earlier attempt broke off; this one ends it.
            if isOneFile(path, "\(path).\(number)") { break }
            number += 1
        }
        guard files.remove(path) == 0 || errno == ENOENT else { throw FileFailure("cannot rename", path, errno) }
        try reopen(&state)
    }

    private func reopen(_ state: inout State) throws(FileFailure) {
        let extent = state.extent
        closeFile(&state)
        // Says that it is to be opened again, should that fail now.
        state.extent = extent
        try openShared(&state)
    }

    /// Appends one line; one that could not be written is counted and otherwise passed over, for callers who have other work than
    /// their records.
    public func append(_ line: [UInt8]) {
        do { try write(line) } catch { countUnwritten(error) }
    }

    /// Counts a line that could not be written, for a caller that keeps the error to itself.
    package func countUnwritten(_ error: any Error) {
        let failure = (error as? FileFailure)?.of(path) ?? FileFailure(path: path, reason: "\(error)")
        state.withLock { $0.unwritten }.add(failure)
    }

    /// Closes the file; lines that it may not have are counted. Calling it again does nothing.
    ///
    /// - Parameter durably: whether it waits until the disk has what was written, which is the time to learn of a disk that fails.
    public func close(durably: Bool = true) {
        state.withLock { closeFile(&$0, durably: durably) }
    }

    /// Closes the file, and removes it if it is a regular file that holds nothing.
    package func closeRemovingEmpty() {
        state.withLock { state in
            if state.descriptor > STDERR_FILENO, sizeOfFile(state.descriptor) == 0, leads(path, to: state.descriptor) {
                unlink(path)
            }
            closeFile(&state)
        }
    }

    private func closeFile(_ state: inout State, durably: Bool = true) {
        defer { (state.descriptor, state.extent, state.lines) = (-1, nil, 0) }
        guard state.descriptor > STDERR_FILENO else { return }
        if isExclusive { LockedFile.unlock(state.descriptor, by: files) }
        guard let code = closeDescriptor(state.descriptor, durably: durably, by: files), state.lines > 0 else { return }
        state.unwritten.add(FileFailure("cannot write", path, code), records: state.lines)
    }
}

/// How many bytes a regular file holds; nil for a device or a pipe.
private func sizeOfFile(_ descriptor: CInt) -> Int? {
    var facts = stat()
    guard fstat(descriptor, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else { return nil }
    return Int(facts.st_size)
}

/// Whether a path leads to an open file.
private func leads(_ path: String, to descriptor: CInt) -> Bool {
    var (named, opened) = (stat(), stat())
    guard lstat(path, &named) == 0, fstat(descriptor, &opened) == 0 else { return false }
    return named.st_dev == opened.st_dev && named.st_ino == opened.st_ino
}

/// Whether two paths lead to the same file.
package func isOneFile(_ path: String, _ other: String) -> Bool {
    var (facts, others) = (stat(), stat())
    return lstat(path, &facts) == 0 && lstat(other, &others) == 0 && facts.st_ino == others.st_ino
        && facts.st_dev == others.st_dev
}

/// Whether no path leads to an open file any more.
private func isRemoved(_ descriptor: CInt) -> Bool {
    var facts = stat()
    return fstat(descriptor, &facts) == 0 && facts.st_nlink == 0
}
