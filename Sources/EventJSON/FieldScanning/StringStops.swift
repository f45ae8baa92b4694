#if VectorIntrinsics
    import CVectors
#endif

/// The string stops of a text: the offsets of its quotes, backslashes, control characters and bytes beyond ASCII, at
/// which a string may end.
///
/// The stops are found in advance for a window of the text, not for each string. The two quotes of a string are then
/// two adjacent numbers, and reading the string needs no loop.
struct StringStops: ~Copyable {
    /// The number of bytes in a window. Most events are shorter.
    private static let window = 8192
    /// The sentinel after the last stop of a window, stored twice. It is greater than every offset, so a search that
    /// reaches it must fill the next window.
    private static let end = UInt32.max
    /// The number of offsets that the memory must hold: every byte of a window may be a stop, and the search writes up
    /// to 64 more.
    static let capacity = window + 64 + 2

    /// The stops of the window in ascending order, followed by the sentinels.
    let offsets: UnsafeMutablePointer<UInt32>
    /// The end of the window.
    private var covered = 0

    /// Finds the stops of the first window.
    ///
    /// - Parameter memory: Memory for ``capacity`` offsets. It must outlive this value.
    init(_ text: RawSpan, _ memory: UnsafeMutablePointer<UInt32>) {
        offsets = memory
        fill(text, 0)
    }

    /// Reads a string of any form, from the byte after its opening quote.
    ///
    /// - Parameter index: The index of a stop at or before `start`.
    mutating func string(_ text: RawSpan, _ start: Int, _ index: Int) throws(JSONSyntaxError) -> ReadString {
        var string = ReadString(end: start, next: index, hasEscapes: false)
        while true {
            string.next = self.index(text, string.next, from: string.end)
            string.end = Int(offsets[string.next])
            guard string.end < text.byteCount else { throw JSONSyntaxError(.unexpectedEnd, at: text.byteCount) }
            guard try Lexer.skipStop(text, &string.end, &string.hasEscapes) else { break }
        }
        string.next &+= 1
        return string
    }

    /// The end of a string that was read, and whether it contains escapes.
    struct ReadString {
        /// The offset of its closing quote.
        var end: Int
        /// The index of the first stop after the closing quote.
        var next: Int
        var hasEscapes: Bool
    }

    /// The index of the first stop at or after `offset`.
    private mutating func index(_ text: RawSpan, _ index: Int, from offset: Int) -> Int {
        var index = index
        while true {
            while offsets[index] < UInt32(truncatingIfNeeded: offset) { index &+= 1 }
            if offsets[index] != Self.end || covered == text.byteCount { return index }
            fill(text, max(covered, offset))
            index = 0
        }
    }

    /// Finds the stops of the window that begins at `start`.
    private mutating func fill(_ text: RawSpan, _ start: Int) {
        let count = min(text.byteCount &- start, Self.window)
        #if VectorIntrinsics
            let found = text.withUnsafeBytes { bytes in
                unsafe string_stops(
                    bytes.baseAddress?.advanced(by: start).assumingMemoryBound(to: UInt8.self), count,
                    UInt32(truncatingIfNeeded: start), offsets)
            }
        #else
            let found = Self.find(text, start, count, offsets)
        #endif
        offsets[found] = Self.end
        offsets[found &+ 1] = Self.end
        covered = start &+ count
    }
}

#if !VectorIntrinsics
    extension StringStops {
        /// Finds stops like `string_stops`, on every processor and without C.
        static func find(_ text: RawSpan, _ start: Int, _ count: Int, _ offsets: UnsafeMutablePointer<UInt32>) -> Int {
            var found = 0
            var offset = start
            let end = start &+ count
            while offset &+ 16 <= end {
                record(Lexer.stops(text, offset), offset, offsets, &found)
                offset &+= 16
            }
            while offset < end {
                offsets[found] = UInt32(truncatingIfNeeded: offset)
                found &+= Lexer.isPlain(Lexer.byte(text, offset)) ? 0 : 1
                offset &+= 1
            }
            return found
        }

        /// Appends the stops among 16 bytes, given four bits for each byte.
        @inline(__always)
        private static func record(
            _ stops: UInt64, _ offset: Int, _ offsets: UnsafeMutablePointer<UInt32>, _ found: inout Int
        ) {
            var stops = stops & 0x1111_1111_1111_1111
            while stops != 0 {
                offsets[found] = UInt32(truncatingIfNeeded: offset &+ stops.trailingZeroBitCount &>> 2)
                found &+= 1
                stops &= stops &- 1
            }
        }
    }
#endif
