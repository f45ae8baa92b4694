#if VectorIntrinsics
    import CVectors
#endif

/// Where the strings of a text may end: the offsets of its quotes, backslashes, control characters and bytes beyond ASCII.
///
/// They are found ahead, for a window of the text at once, and not for each string anew. So the two quotes of a string are two
/// numbers that stand side by side, and reading it takes no loop.
struct StringStops: ~Copyable {
    /// How many bytes are looked at in one go; most events are shorter.
    private static let window = 8192
    /// Stands behind the last stop of a window, twice. Greater than every offset: whoever meets it has to look further.
    private static let end = UInt32.max
    /// The numbers that a room has to hold: every byte of a window may be a stop, and the search writes some more.
    static let roomCount = window + 64 + 2

    /// The stops of the window, in ascending order, and the end behind them.
    let offsets: UnsafeMutablePointer<UInt32>
    /// Up to where the text was looked at.
    private var covered = 0

    /// Takes a room of ``roomCount`` numbers, which outlives this, and looks for the first stops.
    init(_ text: RawSpan, _ room: UnsafeMutablePointer<UInt32>) {
        offsets = room
        fill(text, 0)
    }

    /// Reads a string from the byte behind its opening quote, wherever it ends and whatever is in it.
    ///
    /// - Parameter index: that of a stop which is not behind `start`.
    mutating func string(_ text: RawSpan, _ start: Int, _ index: Int) throws(JSONSyntaxError) -> ReadString {
        var string = ReadString(end: start, next: index, hasEscapes: false)
        while true {
            string.next = self.index(text, string.next, from: string.end)
            string.end = Int(offsets[string.next])
            guard string.end < text.byteCount else { throw JSONSyntaxError(.unexpectedEnd, at: text.byteCount) }
            guard try Lexer.goOn(text, &string.end, &string.hasEscapes) else { break }
        }
        string.next &+= 1
        return string
    }

    /// What is known of a string once it was read.
    struct ReadString {
        /// The offset of its closing quote.
        var end: Int
        /// The index of the first stop behind it.
        var next: Int
        var hasEscapes: Bool
    }

    /// The index of the first stop that is not before `offset`.
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
        /// What `string_stops` does, on every processor and without C.
        static func find(_ text: RawSpan, _ start: Int, _ count: Int, _ offsets: UnsafeMutablePointer<UInt32>) -> Int {
            var found = 0
            var offset = start
            let end = start &+ count
            while offset &+ 16 <= end {
                note(Lexer.stops(text, offset), offset, offsets, &found)
                offset &+= 16
            }
            while offset < end {
                offsets[found] = UInt32(truncatingIfNeeded: offset)
                found &+= Lexer.isPlain(Lexer.byte(text, offset)) ? 0 : 1
                offset &+= 1
            }
            return found
        }

        /// Notes the stops among 16 bytes, of each of which there are four bits.
        @inline(__always)
        private static func note(
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
