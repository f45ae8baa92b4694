import EventJSON

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The session records in the JSON Lines files of a path: the file itself, and those it was renamed to when it was full
/// (`FILE.1` and so on).
///
/// A line is forgotten by overwriting it in place with `{"forgotten":true}`, padded with spaces to the same length. So
/// no other line moves, and programs that append to the file are not disturbed.
public struct RecordLines: RecordKeeper {
    /// The beginning of a forgotten line.
    public static let forgotten = Array(#"{"forgotten":true"#.utf8)

    private let path: String

    /// Creates the records of a path; `-` (standard output) has none.
    public init(path: String) {
        self.path = path
    }

    /// Overwrites the lines of a session.
    public func forget(session: String) throws -> Int {
        let family = SessionFamily(session)
        return try forget { session, _ in family.contains(session) }
    }

    /// Overwrites the lines with an earlier `time`.
    public func forget(before time: Double) throws -> Int {
        let first = Timestamp(unix: time).description
        return try forget { _, time in !time.isEmpty && time < first }
    }

    private func forget(_ isMeant: (_ session: String, _ time: String) -> Bool) throws -> Int {
        guard path != "-", path != LineFile.standardError else { return 0 }
        var (count, done) = (0, Set<FileIdentity>())
        // A file that becomes full meanwhile is renamed before its turn; the second pass finds it by its new name.
        for _ in 1...2 {
            for file in try FilePattern(path).files() { count += try Self.erase(file, isMeant, &done) }
        }
        return count
    }

    /// The identity of a file, independent of its name.
    private struct FileIdentity: Hashable {
        let device: dev_t
        let number: ino_t
    }

    private static let plan = FieldPlan([["session"], ["time"]])

    private static func erase(
        _ path: String, _ isMeant: (String, String) -> Bool, _ done: inout Set<FileIdentity>
    ) throws -> Int {
        let descriptor = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW)
        if descriptor < 0, errno == ENOENT { return 0 }
        guard descriptor >= 0, let file = fdopen(descriptor, "r+") else {
            throw FileFailure("cannot take records out of", path, errno)
        }
        var isOpen = true
        defer { if isOpen { fclose(file) } }
        var status = stat()
        guard fstat(descriptor, &status) == 0, done.insert(.init(device: status.st_dev, number: status.st_ino)).inserted
        else { return 0 }
        var (line, capacity): (UnsafeMutablePointer<CChar>?, Int) = (nil, 0)
        defer { free(line) }
        var slots = FieldSlots(plan)
        var (offset, count) = (0, 0)
        while case let length = getline(&line, &capacity, file), length > 0, let start = line {
            let bytes = UnsafeRawBufferPointer(start: start, count: length)
            let text = bytes.last == 0x0A ? Array(bytes.dropLast()) : Array(bytes)
            if let (session, time) = origin(of: text, &slots), isMeant(session, time) {
                try overwrite(text.count, at: offset, descriptor, path)
                count += 1
            }
            offset += length
        }
        // A failing disk may report its error only now.
        let isFlushed = count == 0 || fsync(descriptor) == 0
        let code = errno
        isOpen = false
        let isClosed = fclose(file) == 0
        guard isFlushed, isClosed else {
            throw FileFailure("cannot take records out of", path, isFlushed ? errno : code)
        }
        return count
    }

    /// The session and time of a line; nil if the line has no session. If a line is incomplete, for example after a
    /// power failure, the part before the break is used, because records begin with these members.
    private static func origin(of line: [UInt8], _ slots: inout FieldSlots) -> (session: String, time: String)? {
        if let origin = fields(of: line, &slots) { return origin }
        let head = line.prefix(1024)
        let commas = head.indices.filter { head[$0] == UInt8(ascii: ",") }
        for comma in commas.reversed() {
            if let origin = fields(of: head[..<comma] + [UInt8(ascii: "}")], &slots) { return origin }
        }
        return nil
    }

    private static func fields(of line: [UInt8], _ slots: inout FieldSlots) -> (session: String, time: String)? {
        let text = line.span.bytes
        guard (try? plan.scan(text, into: &slots)) != nil else { return nil }
        let values = ["session", "time"].map { slots.string(slot: plan.slot([$0]) ?? 0, in: text) }
        return values[0].map { ($0, values[1] ?? "") }
    }

    private static func overwrite(_ count: Int, at offset: Int, _ descriptor: CInt, _ path: String) throws {
        let (head, end) = (forgotten, Array("}".utf8))
        let blanks = [UInt8](repeating: 0x20, count: max(0, count - head.count - end.count))
        let bytes = head.count < count ? head + blanks + end : [UInt8](repeating: 0x20, count: count)
        var written = 0
        while written < count {
            let taken = bytes.withUnsafeBytes { buffer in
                pwrite(descriptor, buffer.baseAddress! + written, count - written, off_t(offset + written))
            }
            if taken < 0, errno == EINTR { continue }
            guard taken > 0 else { throw FileFailure("cannot take records out of", path, errno) }
            written += taken
        }
    }
}

/// A text file with many sessions, in which a line does not say which session it belongs to.
package struct SharedText: RecordKeeper {
    private let path: String

    /// Creates the keeper of a file; `-` (standard output) has no records.
    package init(path: String) {
        self.path = path
    }

    /// Fails if the file exists, because one session's lines cannot be identified.
    ///
    /// - Throws: ``FileFailure`` if there is such a file.
    package func forget(session: String) throws -> Int {
        guard !isStream, try !FilePattern(path).files().isEmpty else { return 0 }
        throw FileFailure(
            "cannot take one session out of", path, "it has many, and nobody can tell which lines are whose")
    }

    /// Removes the file, and those that it was renamed to, if they have not been written to since a time.
    ///
    /// - Throws: ``FileFailure`` if a file cannot be removed.
    package func forget(before time: Double) throws -> Int {
        try isStream ? 0 : FilePattern(path).remove(unwrittenSince: time)
    }

    private var isStream: Bool { path == "-" || path == LineFile.standardError }
}
