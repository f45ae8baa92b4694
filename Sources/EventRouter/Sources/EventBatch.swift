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
