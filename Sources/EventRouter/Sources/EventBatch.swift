#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A block of bytes and the lines in it: one read, many events.
public struct EventBatch: Sendable {
    /// One line of the source: an event, or an envelope around one.
    public struct Line: Sendable, Hashable {
        /// Where its bytes stand in the batch, the line end excluded.
        public var range: Range<Int>
        /// Its number in the source, from 1.
        public var number: Int
        /// Its length in the source, in bytes. Larger than the range for a line that was longer than an event may be:
        /// the range then holds its beginning.
        public var length: Int

        /// Makes a line; the length is the range's unless it was cut.
        public init(range: Range<Int>, number: Int, length: Int? = nil) {
            self.range = range
            self.number = number
            self.length = length ?? range.count
        }
    }

    /// The bytes that the lines point into.
    public var bytes: [UInt8]
    /// The lines in their order.
    public var lines: [Line]

    /// Where the lines come from that are single messages of a connection; otherwise empty.
    var origins: [Origin] = []

    /// Who sent a single message, and when.
    struct Origin: Sendable {
        var isClient: Bool
        /// Its time, in seconds since the session began, where somebody says it.
        var at: Double?
        /// The moment of the clock at which it came.
        var cameAt: Duration
    }

    /// Makes a batch.
    public init(bytes: [UInt8], lines: [Line]) {
        self.bytes = bytes
        self.lines = lines
    }
}

/// Cuts blocks of bytes into lines, across the blocks' borders, with a bound on a line's length.
///
/// Blank lines are passed over (they still count for the line numbers). A line longer than the bound is skipped while it
/// streams by; its beginning and its length are kept.
struct LineSplitter: Sendable {
    private let maxLineBytes: Int
    private var number = 0
    /// How many bytes of the line that `rest` begins were let go, behind those that are kept.
    private var skipped = 0
    /// As many lines as the next block may have: a little more than the last one.
    private var lastCount = 0

    /// The beginning of a line whose end has not come yet; the next block begins with it, so that lines need not be put together.
    private(set) var rest: [UInt8] = []

    init(maxLineBytes: Int) {
        self.maxLineBytes = maxLineBytes
    }

    /// The whole lines of a block.
    ///
    /// - Parameters:
    ///   - block: ``rest``, and behind it what was read.
    ///   - count: how many of its bytes count.
    mutating func split(_ block: [UInt8], _ count: Int) -> EventBatch {
        var lines: [EventBatch.Line] = []
        lines.reserveCapacity(lastCount)
        var begin = 0
        var searched = rest.count
        block.withUnsafeBytes { buffer in
            let bytes = UnsafeRawBufferPointer(rebasing: buffer[..<count])
            while let end = Self.lineEnd(in: bytes, from: searched) {
                append(begin..<end, of: bytes, to: &lines)
                (begin, searched) = (end + 1, end + 1)
            }
        }
        lastCount = lines.count + lines.count / 8
        rest = Array(block[begin..<count])
        if rest.count + skipped > maxLineBytes, rest.count > DeadLetter.keptBytes {
            skipped += rest.count - DeadLetter.keptBytes
            rest = Array(rest[..<DeadLetter.keptBytes])
        }
        return EventBatch(bytes: block, lines: lines)
    }

    /// The last line, when the source does not end with a line end.
    mutating func finish() -> EventBatch? {
        guard !rest.isEmpty else { return nil }
        var lines: [EventBatch.Line] = []
        let bytes = rest
        bytes.withUnsafeBytes { append(0..<$0.count, of: $0, to: &lines) }
        rest = []
        return EventBatch(bytes: bytes, lines: lines)
    }

    private static func lineEnd(in bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
        guard start < bytes.count, let base = bytes.baseAddress,
            let found = memchr(base + start, 0x0A, bytes.count - start)
        else { return nil }
        return UnsafeRawPointer(found) - base
    }

    private mutating func append(
        _ range: Range<Int>, of bytes: UnsafeRawBufferPointer, to lines: inout [EventBatch.Line]
    ) {
        number += 1
        let length = range.count + skipped
        skipped = 0
        guard length <= maxLineBytes else {
            let kept = range.lowerBound..<(range.lowerBound + min(range.count, DeadLetter.keptBytes, maxLineBytes))
            lines.append(EventBatch.Line(range: kept, number: number, length: length))
            return
        }
        var end = range.upperBound
        while end > range.lowerBound, Self.isBlank(bytes[end - 1]) { end -= 1 }
        if end > range.lowerBound { lines.append(EventBatch.Line(range: range.lowerBound..<end, number: number)) }
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x09 || byte == 0x0D
    }
}
