#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Cuts blocks of bytes into lines, across the blocks' borders, with a bound on a line's length.
///
/// Blank lines are passed over (they still count for the line numbers). A line longer than the bound is skipped while it
/// streams by; its beginning and its length are kept.
struct LineSplitter: Sendable {
    private let maxLineBytes: Int
    private var pending: [UInt8] = []
    /// The length of the line that `pending` begins, when it is longer than `pending`.
    private var oversizedLength: Int?
    private var number = 0

    init(maxLineBytes: Int) {
        self.maxLineBytes = maxLineBytes
    }

    /// The whole lines that a block completes; the rest is kept for the next block.
    mutating func split(_ block: [UInt8]) -> EventBatch {
        var rest = 0
        var lines: [EventBatch.Line] = []
        var bytes: [UInt8] = []
        if !pending.isEmpty || oversizedLength != nil {
            guard let end = block.withUnsafeBytes({ Self.lineEnd(in: $0, from: 0) }) else {
                keep(block[...])
                return EventBatch(bytes: [], lines: [])
            }
            keep(block[..<end])
            bytes = pending
            number += 1
            bytes.withUnsafeBytes { append(0..<$0.count, of: $0, length: oversizedLength, to: &lines) }
            pending = []
            oversizedLength = nil
            rest = end + 1
        }
        let offset = bytes.count - rest
        if bytes.isEmpty && rest == 0 { bytes = block } else { bytes.append(contentsOf: block[rest...]) }
        cut(&bytes, from: rest + offset, into: &lines)
        return EventBatch(bytes: bytes, lines: lines)
    }

    /// The last line, when the source does not end with a line end.
    mutating func finish() -> EventBatch? {
        guard !pending.isEmpty || oversizedLength != nil else { return nil }
        defer {
            pending = []
            oversizedLength = nil
        }
        var lines: [EventBatch.Line] = []
        number += 1
        pending.withUnsafeBytes { append(0..<$0.count, of: $0, length: oversizedLength, to: &lines) }
        return EventBatch(bytes: pending, lines: lines)
    }

    private mutating func cut(_ bytes: inout [UInt8], from start: Int, into lines: inout [EventBatch.Line]) {
        var begin = start
        bytes.withUnsafeBytes { buffer in
            while let end = Self.lineEnd(in: buffer, from: begin) {
                number += 1
                let tooLong = end - begin > maxLineBytes
                let kept = tooLong ? begin..<(begin + min(end - begin, DeadLetter.keptBytes)) : begin..<end
                append(kept, of: buffer, length: tooLong ? end - begin : nil, to: &lines)
                begin = end + 1
            }
        }
        if begin < bytes.count { keep(bytes[begin...]) }
        bytes.removeSubrange(begin...)
    }

    private static func lineEnd(in bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
        guard start < bytes.count, let base = bytes.baseAddress,
            let found = memchr(base + start, 0x0A, bytes.count - start)
        else { return nil }
        return UnsafeRawPointer(found) - base
    }

    private func append(
        _ range: Range<Int>, of bytes: UnsafeRawBufferPointer, length: Int?, to lines: inout [EventBatch.Line]
    ) {
        guard length == nil else {
            lines.append(EventBatch.Line(range: range, number: number, length: length))
            return
        }
        var end = range.upperBound
        while end > range.lowerBound, Self.isBlank(bytes[end - 1]) { end -= 1 }
        if end > range.lowerBound { lines.append(EventBatch.Line(range: range.lowerBound..<end, number: number)) }
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x09 || byte == 0x0D
    }

    private mutating func keep(_ part: ArraySlice<UInt8>) {
        if let length = oversizedLength {
            oversizedLength = length + part.count
        } else if pending.count + part.count > maxLineBytes {
            oversizedLength = pending.count + part.count
            let room = max(0, DeadLetter.keptBytes - pending.count)
            pending.append(contentsOf: part.prefix(room))
            pending = Array(pending.prefix(DeadLetter.keptBytes))
        } else {
            pending.append(contentsOf: part)
        }
    }
}
