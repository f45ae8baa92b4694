/// Where an event stands in its source.
///
/// A wire event has the number of its line; events that were derived from it follow it with 1, 2, … behind a point.
public struct EventPosition: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The line in the source, from 1.
    public var line: Int
    /// 0 for the wire event itself, 1… for the events derived from it.
    public var derived: Int

    /// The position of a wire event, or of one derived from it.
    public init(line: Int, derived: Int = 0) {
        self.line = line
        self.derived = derived
    }

    /// Lines in order, and in a line the wire event first.
    public static func < (left: EventPosition, right: EventPosition) -> Bool {
        (left.line, left.derived) < (right.line, right.derived)
    }

    /// `207` for a wire event, `207.1` for the first event derived from it.
    public var description: String {
        derived == 0 ? "\(line)" : "\(line).\(derived)"
    }
}
