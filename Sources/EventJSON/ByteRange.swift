/// A half-open range of byte offsets in one event's text.
///
/// Offsets are 32 bits wide so that a recorded value stays small; a text of 2 GiB or more is refused before it is scanned.
public struct ByteRange: Sendable, Hashable {
    /// The offset of the first byte.
    public var start: Int32
    /// The offset behind the last byte.
    public var end: Int32

    /// Makes the range `start..<end`.
    @inlinable
    public init(start: Int32, end: Int32) {
        self.start = start
        self.end = end
    }

    /// The number of bytes.
    @inlinable
    public var count: Int { Int(end) - Int(start) }

    /// The same range for the standard library's collections and spans.
    @inlinable
    public var offsets: Range<Int> { Int(start)..<Int(end) }
}
