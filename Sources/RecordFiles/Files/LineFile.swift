import EventJSON
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A file of lines to which many threads append.
///
/// Each line is written with one call, so that a crash leaves whole lines. After a line that is incomplete, for example
/// because the machine lost power, the next line starts on a new line. If the disk has no space for a line, the part
/// that was written is overwritten with spaces. They remain before the next line, where a JSON parser ignores them.
///
/// The file is created with mode 0600 and missing folders with 0700, because it contains what people said. A link at
/// the path is not followed. `-` is standard output. On standard output, standard error and terminals, every character
/// that a terminal would obey is written as `\u` and four digits, which leaves JSON equivalent. A pipe must have a
/// reader when it is opened; a slow reader makes writing block.
///
/// A file that would become larger than `maximumSize` is renamed to its path with `.1`, `.2`, … (the first free number,
/// so the highest is the newest), and a new file is created. No file is deleted. If two programs rename the same file,
/// a file may end up larger or smaller, but no line is lost. If the file is removed, for example by another router
/// because it is old, the next line creates it again.
public final class LineFile: Sendable, RecordWriter {
    private struct State {
        var descriptor: CInt = -1
        /// Whether a person may see the lines on a terminal.
        var isForDisplay = false
        /// The counts of lines that could not be written and whose error no caller received.
        var unwritten = UnwrittenRecords()
        /// Whether a router supplied these counts.
        var isReporting = false
        /// The number of lines written since the file was opened.
        var lines = 0
        /// Whether the last line is incomplete, so that a line end must be written before the next line.
        var isIncomplete = false
        /// The size of a locked file. It is not maintained for files with several writers.
        var size = 0
        /// The size of a file that others may write to, as far as this writer knows; nil if it is not a regular file.
        var sharedSize: Int?
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

    /// Creates a writer; does not open the file.
    ///
    /// - Parameters:
    ///   - path: The file; `-` is standard output.
    ///   - isExclusive: Whether this is the only writer. The file is locked while it is open, which excludes other
    ///     writers that lock it. Standard output, terminals and pipes are never locked.
    public convenience init(path: String, isExclusive: Bool = false) {
        self.init(path: path, isExclusive: isExclusive, by: .system)
    }

    /// Creates a writer like ``init(path:isExclusive:)``, with other file operations.
    package init(path: String, isExclusive: Bool = false, by files: any FileOperations) {
        self.path = path
        self.isExclusive = isExclusive
        header = []
        maximumSize = .max
        isRenewed = true
        self.files = files
    }

    /// Creates a writer for a file of bounded size; does not open the file.
    ///
    /// - Parameters:
    ///   - path: The file; `-` is standard output.
    ///   - header: The first line of every new file; no line if it is empty.
    ///   - maximumSize: The greatest size of a file in bytes. A single longer line is still written.
    ///   - isRenewed: Whether a removed file is created again. If not, further lines go to the removed file and are
    ///     lost with it.
    public convenience init(path: String, header: [UInt8], maximumSize: Int, isRenewed: Bool = true) {
        self.init(path: path, header: header, maximumSize: maximumSize, isRenewed: isRenewed, by: .system)
    }

    /// Creates a writer like ``init(path:header:maximumSize:isRenewed:)``, with other file operations.
    package init(path: String, header: [UInt8], maximumSize: Int, isRenewed: Bool = true, by files: any FileOperations)
    {
        self.path = path
        isExclusive = false
        self.header = header
        self.maximumSize = maximumSize
        self.isRenewed = isRenewed
        self.files = files
    }

    /// The lines that could not be written and whose error no caller received; nil if there are none.
    public var unwritten: UnwrittenFile? { state.withLock { $0.unwritten.files.first { $0.path == path } } }

    /// Sets the counts to which ``append(_:)`` and ``close(durably:)`` add lines that could not be written. Adds the
    /// lines counted so far.
    public func reportUnwritten(to records: UnwrittenRecords) {
        let earlier = state.withLock { state in
            // Only the file's own counts are transferred, because another router's counts include other files.
            let earlier = state.isReporting ? [] : state.unwritten.files
            (state.unwritten, state.isReporting) = (records, true)
            return earlier
        }
        for file in earlier { records.add(file) }
    }

    /// Whether the path leads to a regular file, whose lines can be read again; false before ``open()``.
    package var isRegular: Bool { state.withLock { $0.descriptor >= 0 && sizeOfFile($0.descriptor) != nil } }

    /// The size of the file in bytes; 0 unless the file is exclusive.
    public var size: Int { state.withLock { $0.size } }

    /// Opens the file for appending. Calling it again does nothing.
    ///
    /// - Throws: ``FileFailure`` if the path cannot be written, if it is a pipe without a reader, or if another writer
    ///   has locked the file.
    public func open() throws {
        try state.withLock { state in
            guard state.descriptor < 0 else { return }
            if path == "-" || path == Self.standardError {
                state.descriptor = path == "-" ? STDOUT_FILENO : STDERR_FILENO
                state.isForDisplay = true
                return
            }
            try PrivateFile.makeFolders(for: path, by: files)
            guard isExclusive else {
                return try openShared(&state)
            }
            let locked = try LockedFile(opening: path, by: files)
            (state.descriptor, state.size, state.isIncomplete) = (locked.descriptor, locked.size, locked.isIncomplete)
            state.isForDisplay = isatty(state.descriptor) == 1
        }
    }

    /// Opens an empty file: an existing file is renamed first, like a full file.
    ///
    /// - Throws: The errors of ``open()``, and ``FileFailure`` if the file cannot be renamed.
    package func openNew() throws {
        let isThere = !PrivateFile.make(path, by: files)
        try open()
        // An empty file is renamed too, because another process may just have created it.
        try state.withLock { if isThere, $0.sharedSize != nil { try beginNewFile(&$0) } }
    }

    private func openShared(_ state: inout State) throws(FileFailure) {
        state.descriptor = try PrivateFile.openForAppending(path, O_WRONLY, by: files)
        state.isForDisplay = isatty(state.descriptor) == 1
        state.sharedSize = sizeOfFile(state.descriptor)
        state.isIncomplete = (state.sharedSize ?? 0) > 0 && IncompleteLine.isEnd(of: path)
        try writeHeader(&state)
    }

    private func writeHeader(_ state: inout State) throws(FileFailure) {
        if state.sharedSize == 0, !header.isEmpty { _ = try writeLine(header, &state) }
    }

    /// Renames the file to `archive`, and continues with an empty file.
    ///
    /// The new file is locked before it replaces the old one, so that no other router can lock it in between. After a
    /// crash halfway, the file has both names.
    ///
    /// - Precondition: The file is exclusive.
    /// - Throws: ``FileFailure`` if that fails. The writer then continues with the old file.
    public func moveAside(to archive: String) throws {
        precondition(isExclusive, "a file with several writers stays where it is")
        try state.withLock { state in
            guard state.descriptor > STDERR_FILENO else { return }
            let fresh = try LockedFile(replacing: path, archivedAs: archive, by: files)
            closeFile(&state)
            (state.descriptor, state.size, state.isIncomplete) = (fresh.descriptor, 0, false)
        }
    }

    /// Appends one line. The writer adds the line end.
    ///
    /// When this returns, the operating system has the bytes. They survive a crash of the process, but not of the
    /// machine.
    ///
    /// - Returns: The offset of the line in bytes; meaningful only for an exclusive file.
    /// - Throws: ``FileFailure`` if the line could not be written.
    @discardableResult public func write(_ line: [UInt8]) throws -> Int {
        try state.withLock { state in
            do throws(FileFailure) {
                // If a new file could not be created, each line tries again.
                if state.descriptor < 0, state.sharedSize != nil { try openShared(&state) }
                guard state.descriptor >= 0 else { throw FileFailure("cannot write", path, "it is not open") }
                if let sharedSize = state.sharedSize, sharedSize > header.count + 1,
                    line.count + 1 > maximumSize - sharedSize
                {
                    try beginNewFile(&state)
                } else if isRenewed, state.sharedSize != nil, isRemoved(state.descriptor) {
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
        var line = state.isForDisplay ? line.escapedForDisplay : line
        line.append(0x0A)
        let wasIncomplete = state.isIncomplete
        let begin = state.size + (wasIncomplete ? 1 : 0)
        if wasIncomplete { line.insert(0x0A, at: 0) }
        var pieces: [Range<Int>] = []
        let (written, code) = writeAll(line, to: state.descriptor, by: files) { count in
            let end = Int(lseek(state.descriptor, 0, SEEK_CUR))
            if end >= count { pieces.append(end - count..<end) }
        }
        state.size += written
        state.sharedSize? += written
        guard let code else {
            state.isIncomplete = false
            state.lines += 1
            return begin
        }
        // The line end that was added after an older incomplete line is overwritten, too.
        if written > 0 {
            state.isIncomplete = !IncompleteLine.blank(pieces, of: state.descriptor, by: files) || wasIncomplete
        }
        throw FileFailure("cannot write", StandardStream.name(of: path), code)
    }

    /// Renames the full file and opens a new one.
    private func beginNewFile(_ state: inout State) throws(FileFailure) {
        var number = 1
        // A link is created only where no file exists, so that two programs never take the same number.
        while files.link(path, as: "\(path).\(number)") != 0, errno != ENOENT {
            guard errno == EEXIST else { throw FileFailure("cannot rename", path, errno) }
            // The file has both names if an earlier renaming was interrupted; this call completes it.
            if isOneFile(path, "\(path).\(number)") { break }
            number += 1
        }
        guard files.remove(path) == 0 || errno == ENOENT else { throw FileFailure("cannot rename", path, errno) }
        try reopen(&state)
    }

    private func reopen(_ state: inout State) throws(FileFailure) {
        let sharedSize = state.sharedSize
        closeFile(&state)
        // A size tells `write(_:)` to open the file again, if opening fails now.
        state.sharedSize = sharedSize
        try openShared(&state)
    }

    /// Appends one line. A line that could not be written is counted and not thrown, for callers whose work must go on
    /// without the record.
    public func append(_ line: [UInt8]) {
        do { try write(line) } catch { countUnwritten(error) }
    }

    /// Counts a line that could not be written, for a caller that handles the error itself.
    package func countUnwritten(_ error: any Error) {
        let failure = (error as? FileFailure)?.of(path) ?? FileFailure(path: path, reason: "\(error)")
        state.withLock { $0.unwritten }.add(failure)
    }

    /// Closes the file, and counts lines that it may lack. Calling it again does nothing.
    ///
    /// - Parameter durably: Whether to wait until the disk has stored the lines, which is when a failing disk reports
    ///   its error.
    public func close(durably: Bool = true) {
        state.withLock { closeFile(&$0, durably: durably) }
    }

    /// Closes the file, and removes it if it is an empty regular file.
    package func closeRemovingEmpty() {
        state.withLock { state in
            if state.descriptor > STDERR_FILENO, sizeOfFile(state.descriptor) == 0, leads(path, to: state.descriptor) {
                unlink(path)
            }
            closeFile(&state)
        }
    }

    private func closeFile(_ state: inout State, durably: Bool = true) {
        defer { (state.descriptor, state.sharedSize, state.lines) = (-1, nil, 0) }
        guard state.descriptor > STDERR_FILENO else { return }
        if isExclusive { LockedFile.unlock(state.descriptor, by: files) }
        guard let code = closeDescriptor(state.descriptor, durably: durably, by: files), state.lines > 0 else { return }
        state.unwritten.add(FileFailure("cannot write", path, code), records: state.lines)
    }
}

/// The size of a regular file; nil for a device or a pipe.
private func sizeOfFile(_ descriptor: CInt) -> Int? {
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    return Int(status.st_size)
}

/// Whether a path leads to an open file.
private func leads(_ path: String, to descriptor: CInt) -> Bool {
    var (named, opened) = (stat(), stat())
    guard lstat(path, &named) == 0, fstat(descriptor, &opened) == 0 else { return false }
    return named.st_dev == opened.st_dev && named.st_ino == opened.st_ino
}

/// Whether two paths lead to the same file.
package func isOneFile(_ path: String, _ other: String) -> Bool {
    var (status, others) = (stat(), stat())
    return lstat(path, &status) == 0 && lstat(other, &others) == 0 && status.st_ino == others.st_ino
        && status.st_dev == others.st_dev
}

/// Whether an open file has been removed, so that no path leads to it.
private func isRemoved(_ descriptor: CInt) -> Bool {
    var status = stat()
    return fstat(descriptor, &status) == 0 && status.st_nlink == 0
}
