#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A text file with its line starts, so that a diagnostic can show the line that it is about.
///
/// Lines end with a line feed, a carriage return, or both. A byte order mark at the start belongs to no line. The bytes
/// need not be valid UTF-8; invalid bytes are shown as U+FFFD.
public final class SourceFile: Sendable {
    /// The path as messages show it.
    public let path: String
    /// The unchanged bytes of the file.
    public let bytes: [UInt8]
    /// The offset of the text: after the byte order mark, if there is one.
    public let textStart: Int

    private struct LineStart: Sendable {
        let byte: Int
        let scalar: Int
    }
    private let lineStarts: [LineStart]

    /// A file from bytes that the caller has read.
    public init(path: String, bytes: [UInt8]) {
        let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        self.path = path
        self.bytes = bytes
        textStart = start
        lineStarts = Self.lineStarts(bytes, from: start)
    }

    /// A file from a string, for text that does not come from a file, such as an argument.
    public convenience init(path: String, text: String) {
        self.init(path: path, bytes: Array(text.utf8))
    }

    private static func lineStarts(_ bytes: [UInt8], from start: Int) -> [LineStart] {
        var starts = [LineStart(byte: start, scalar: 0)]
        var scalar = 0
        for index in start..<bytes.count {
            let byte = bytes[index]
            if byte & 0xC0 != 0x80 { scalar += 1 }
            let isCarriageReturnAlone =
                byte == UInt8(ascii: "\r") && !(index + 1 < bytes.count && bytes[index + 1] == UInt8(ascii: "\n"))
            if byte == UInt8(ascii: "\n") || isCarriageReturnAlone {
                starts.append(LineStart(byte: index + 1, scalar: scalar))
            }
        }
        return starts
    }

    /// The number of lines; an empty file has one.
    public var lineCount: Int { lineStarts.count }

    /// The text of a line, counted from 1, without its line end; empty if there is no such line.
    public func text(ofLine line: Int) -> String {
        String(decoding: bytes[byteRange(ofLine: line)], as: UTF8.self)
    }

    /// The range of a line's bytes, counted from 1, without its line end; empty if there is no such line.
    public func byteRange(ofLine line: Int) -> Range<Int> {
        guard line >= 1, line <= lineStarts.count else { return bytes.count..<bytes.count }
        let start = lineStarts[line - 1].byte
        var end = line < lineStarts.count ? lineStarts[line].byte : bytes.count
        while end > start, bytes[end - 1] == UInt8(ascii: "\n") || bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
        return start..<end
    }

    /// The place of a byte, counted from the start of ``bytes``.
    public func location(ofByte offset: Int) -> SourceLocation {
        let line = lineStarts.partitioningIndex { $0.byte > offset } - 1
        guard line >= 0 else { return SourceLocation(line: 1, column: 1) }
        let before = bytes[lineStarts[line].byte..<min(max(offset, lineStarts[line].byte), bytes.count)]
        return SourceLocation(line: line + 1, column: 1 + before.count { $0 & 0xC0 != 0x80 })
    }

    /// The place of a Unicode scalar, counted from the start of the text (after a byte order mark).
    public func location(ofScalar index: Int) -> SourceLocation {
        let line = lineStarts.partitioningIndex { $0.scalar > index } - 1
        guard line >= 0 else { return SourceLocation(line: 1, column: 1) }
        return SourceLocation(line: line + 1, column: 1 + index - lineStarts[line].scalar)
    }

    /// The offset of a place in ``bytes``; the end of its line if the column lies after it.
    public func byteOffset(of location: SourceLocation) -> Int {
        let range = byteRange(ofLine: location.line)
        var offset = range.lowerBound
        for _ in 1..<max(location.column, 1) {
            guard offset < range.upperBound else { break }
            offset += 1
            while offset < range.upperBound, bytes[offset] & 0xC0 == 0x80 { offset += 1 }
        }
        return offset
    }
}

extension SourceFile: Hashable {
    /// Whether two files are the same object. Each file is read once, so contents need not be compared.
    public static func == (a: SourceFile, b: SourceFile) -> Bool { a === b }
    /// Hashes the object's identity.
    public func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}

extension Array {
    /// The first index whose element satisfies the predicate, which must be false for all elements before it and true
    /// for all after it.
    fileprivate func partitioningIndex(_ isSecondPart: (Element) -> Bool) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if isSecondPart(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}

extension SourceFile {
    /// Why a file could not be read.
    package enum ReadingError: Error, Hashable {
        /// The system's reason, such as "No such file or directory".
        case system(String)
        /// The path leads to a folder.
        case folder
        /// The file has more bytes than the limit. The number is its size, or what was read of a pipe.
        case tooLarge(Int)
    }

    /// Reads a file from disk.
    ///
    /// Reading stops as soon as the file is known to be too large.
    ///
    /// - Parameters:
    ///   - path: The path, as it is opened and as messages show it.
    ///   - limit: The greatest allowed size in bytes.
    package convenience init(reading path: String, limit: Int) throws(ReadingError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system(Self.reason(errno)) }
        defer { _ = close(descriptor) }
        var info = stat()
        guard fstat(descriptor, &info) == 0, info.st_mode & S_IFMT != S_IFDIR else { throw .folder }
        if info.st_mode & S_IFMT == S_IFREG, info.st_size > limit { throw .tooLarge(Int(info.st_size)) }
        var bytes: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 64 * 1024)
        while true {
            let count = block.withUnsafeMutableBytes { Self.fill($0, from: descriptor) }
            guard count >= 0 else { throw .system(Self.reason(errno)) }
            if count == 0 { break }
            bytes += block[..<count]
            // The size of a pipe is not known in advance.
            guard bytes.count <= limit else { throw .tooLarge(bytes.count) }
        }
        self.init(path: path, bytes: bytes)
    }

    private static func fill(_ block: UnsafeMutableRawBufferPointer, from descriptor: CInt) -> Int {
        while true {
            #if canImport(Glibc)
                let count = Glibc.read(descriptor, block.baseAddress, block.count)
            #else
                let count = Darwin.read(descriptor, block.baseAddress, block.count)
            #endif
            if count >= 0 || errno != EINTR { return count }
        }
    }

    private static func reason(_ code: CInt) -> String { String(cString: strerror(code)) }
}

extension SourceFile {
    /// A hash that tells whether two files have the same bytes, such as `fnv1a64:85944171f73967e8`. It is the same on
    /// every machine and in every version. It does not protect against deliberate collisions.
    public var fingerprint: String {
        let hash = bytes.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
        let digits = String(hash, radix: 16)
        return "fnv1a64:" + String(repeating: "0", count: 16 - digits.count) + digits
    }
}

/// A place in a text file, as editors show it.
public struct SourceLocation: Sendable, Hashable, Comparable {
    /// The line, from 1.
    public var line: Int
    /// The column, from 1, in Unicode scalars.
    public var column: Int

    /// A place from its line and column, both counted from 1.
    public init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    /// Whether `a` comes before `b` in the text.
    public static func < (a: SourceLocation, b: SourceLocation) -> Bool {
        (a.line, a.column) < (b.line, b.column)
    }
}
