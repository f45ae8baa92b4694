#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A block of bytes and the lines in it.
public struct EventBatch: Sendable {
    /// One line of the source: an event, an envelope around an event, or a control line.
    public struct Line: Sendable, Hashable {
        /// The range of its bytes in the batch, without the line end.
        public var range: Range<Int>
        /// Its number in the source, counted from 1.
        public var number: Int
        /// Its length in the source, in bytes. If the line is longer than an event may be, the range holds only its
        /// beginning.
        public var length: Int

        /// Creates a line. If `length` is nil, the range holds the whole line.
        public init(range: Range<Int>, number: Int, length: Int? = nil) {
            self.range = range
            self.number = number
            self.length = length ?? range.count
        }
    }

    /// The bytes that contain the lines.
    public var bytes: [UInt8]
    /// The lines in their order.
    public var lines: [Line]

    /// The origins of the lines if they are messages of a connection; otherwise empty.
    var origins: [Origin] = []

    /// The sender and time of a message.
    struct Origin: Sendable {
        var isClient: Bool
        /// Its time, in seconds since the session began; nil if the source states no time.
        var at: Double?
        /// The router clock's time at which the message arrived.
        var cameAt: Duration
    }

    /// Creates a batch.
    public init(bytes: [UInt8], lines: [Line]) {
        self.bytes = bytes
        self.lines = lines
    }
}

/// Splits blocks of bytes into lines, across the blocks' boundaries, with a bound on a line's length.
///
/// Blank lines are skipped but counted in the line numbers. If a line is longer than the bound, only its beginning and
/// its length are kept.
struct LineSplitter: Sendable {
    private let maxLineBytes: Int
    private var number = 0
    /// The number of bytes of the line in ``rest`` that were discarded.
    private var skipped = 0
    /// The expected number of lines of the next block: a little more than the last block had.
    private var lastCount = 0

    /// The beginning of a line whose end has not been read. The next block begins with it, so that lines are
    /// contiguous.
    private(set) var rest: [UInt8] = []

    init(maxLineBytes: Int) {
        self.maxLineBytes = maxLineBytes
    }

    /// Returns the complete lines of a block.
    ///
    /// - Parameters:
    ///   - block: ``rest``, followed by the bytes that were read.
    ///   - count: The number of valid bytes in the block.
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

    /// Returns the last line if the source does not end with a line end; otherwise nil.
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
