import EventJSON

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The JSON Lines of one path and of the files it was renamed to when it was full (`FILE.1` and so on), as records of sessions.
///
/// A line is forgotten by writing over it, in place: what is left is `{"forgotten":true}` and blanks of the same length. So
/// nobody who appends to the file at the same time is disturbed, and no other line moves.
public struct RecordLines: RecordKeeper {
    /// How a line begins that was forgotten.
    public static let forgotten = Array(#"{"forgotten":true"#.utf8)

    private let path: String

    /// The records of a path; `-` has none.
    public init(path: String) {
        self.path = path
    }

    /// Writes over the lines of a session.
    public func forget(session: String) throws -> Int {
        let family = SessionFamily(session)
        return try forget { session, _ in family.contains(session) }
    }

    /// Writes over the lines whose `time` is earlier.
    public func forget(before time: Double) throws -> Int {
        let first = Timestamp(unix: time).description
        return try forget { _, time in !time.isEmpty && time < first }
    }

    private func forget(_ isMeant: (_ session: String, _ time: String) -> Bool) throws -> Int {
        guard path != "-", path != LineFile.standardError else { return 0 }
        return try FilePattern(path).files().reduce(0) { try $0 + Self.erase($1, isMeant) }
    }

    private static let plan = FieldPlan([["session"], ["time"]])

    private static func erase(_ path: String, _ isMeant: (String, String) -> Bool) throws -> Int {
        let descriptor = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0, let file = fdopen(descriptor, "r+") else {
            throw FileFailure("cannot take records out of", path, errno)
        }
        defer { fclose(file) }
        var (line, capacity): (UnsafeMutablePointer<CChar>?, Int) = (nil, 0)
        defer { free(line) }
        var slots = FieldSlots(plan)
        var (offset, count) = (0, 0)
        let fields = ["session", "time"].map { plan.slot([$0]) ?? 0 }
        while case let length = getline(&line, &capacity, file), length > 0, let start = line {
            let bytes = UnsafeRawBufferPointer(start: start, count: length)
            let text = bytes.last == 0x0A ? Array(bytes.dropLast()) : Array(bytes)
            let span = text.span.bytes
            if (try? plan.scan(span, into: &slots)) != nil,
                isMeant(
                    slots.string(slot: fields[0], in: span) ?? "", slots.string(slot: fields[1], in: span) ?? "")
            {
                try overwrite(text.count, at: offset, descriptor, path)
                count += 1
            }
            offset += length
        }
        if count > 0 { fsync(descriptor) }
        return count
    }

    private static func overwrite(_ count: Int, at offset: Int, _ descriptor: CInt, _ path: String) throws {
        let (head, end) = (forgotten, Array("}".utf8))
        let blanks = [UInt8](repeating: 0x20, count: max(0, count - head.count - end.count))
        let bytes = head.count < count ? head + blanks + end : [UInt8](repeating: 0x20, count: count)
        guard pwrite(descriptor, bytes, count, off_t(offset)) == count else {
            throw FileFailure("cannot take records out of", path, errno)
        }
    }
}
