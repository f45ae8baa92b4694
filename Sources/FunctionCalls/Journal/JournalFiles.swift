import EventRouter

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The files of one journal: the current file, and the full files `calls.jsonl.1` and so on, the oldest first.
struct JournalFiles: Sendable {
    let path: String
    let operations: any FileOperations

    /// The path of a full file by its number.
    func archive(_ number: Int32) -> String { "\(path).\(number)" }

    /// The numbers of the full files, in order.
    ///
    /// - Throws: ``JournalFailure`` if the folder cannot be read.
    func archives() throws -> [Int32] {
        let slash = path.lastIndex(of: "/")
        let folder = slash.map { String(path[...$0]) } ?? "."
        let start = (slash.map { String(path[path.index(after: $0)...]) } ?? path) + "."
        let descriptor = operations.openFile(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0)
        guard descriptor >= 0, let listing = fdopendir(descriptor) else {
            let failure = JournalFailure("cannot read the folder", folder)
            if descriptor >= 0 { _ = operations.closeFile(descriptor) }
            throw failure
        }
        defer { closedir(listing) }
        var numbers: [Int32] = []
        while let entry = readdir(listing) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { field in
                field.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            // `calls.jsonl.01` is not a journal file.
            if name.hasPrefix(start), let number = Int32(name.dropFirst(start.count)), number > 0,
                name == start + String(number)
            {
                numbers.append(number)
            }
        }
        return numbers.sorted()
    }

    /// Undoes a renaming that a crash interrupted: the file then has both names, and the new name is removed.
    func undoInterruptedMove() throws {
        guard let last = try archives().last else { return }
        var (current, archived) = (stat(), stat())
        guard lstat(path, &current) == 0, lstat(archive(last), &archived) == 0, current.st_ino == archived.st_ino,
            current.st_dev == archived.st_dev
        else { return }
        _ = operations.remove(archive(last))
    }

    /// Reads a file line by line; a missing file has no lines. Includes text after the last line end: it is a truncated
    /// line, and the router's next line would otherwise be taken for its continuation.
    ///
    /// - Parameter each: called with each line, without its end, and its byte offset.
    /// - Throws: ``JournalFailure`` if reading fails.
    static func read(_ path: String, _ each: (_ line: [UInt8], _ offset: Int) -> Void) throws {
        guard let file = fopen(path, "re") else {
            if errno == ENOENT { return }
            throw JournalFailure("cannot read", path)
        }
        defer { fclose(file) }
        var (line, capacity): (UnsafeMutablePointer<CChar>?, Int) = (nil, 0)
        defer { free(line) }
        var offset = 0
        while true {
            let count = getline(&line, &capacity, file)
            guard count > 0, let start = line else { break }
            var bytes = [UInt8](UnsafeRawBufferPointer(start: start, count: count))
            if bytes.last == 0x0A { bytes.removeLast() }
            if !bytes.isEmpty { each(bytes, offset) }
            offset += count
        }
        if ferror(file) != 0 { throw JournalFailure("cannot read", path) }
    }

    /// The line that starts at an offset; nil if there is none.
    static func line(of path: String, at offset: Int) -> [UInt8]? {
        guard let file = fopen(path, "re") else { return nil }
        defer { fclose(file) }
        var (line, capacity): (UnsafeMutablePointer<CChar>?, Int) = (nil, 0)
        defer { free(line) }
        guard fseek(file, offset, SEEK_SET) == 0 else { return nil }
        let count = getline(&line, &capacity, file)
        return count > 0 ? line.map { [UInt8](UnsafeRawBufferPointer(start: $0, count: count)) } : nil
    }
}

/// An error while reading a journal.
struct JournalFailure: Error, CustomStringConvertible {
    let description: String

    /// Creates the error with the reason from `errno`.
    init(_ action: String, _ path: String) {
        description = "\(action) \(path): \(String(cString: strerror(errno)))"
    }
}
