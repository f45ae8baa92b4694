/// Where the session is in its source: the line, how many events that line has given, and the time.
struct EventClock: Sendable {
    private(set) var line = 0
    private(set) var derived = 0
    /// Seconds since the recording began; nil without times.
    private(set) var at: Double?
    /// The time of the session's first event.
    private(set) var firstAt: Double?

    /// Goes to an event.
    mutating func advance(to line: Int, at: Double?) {
        if line != self.line {
            self.line = line
            derived = 0
        }
        self.at = at
        if firstAt == nil { firstAt = at }
    }

    /// Takes the next place on the line for a derived event.
    mutating func nextPlace() -> Int {
        derived += 1
        return derived
    }

    /// Begins the next session of the source on the same line.
    mutating func restart() {
        firstAt = at
    }

    /// A time in whole ms since the source began.
    static func milliseconds(_ at: Double?) -> Int? {
        at.flatMap { Int(exactly: ($0 * 1000).rounded()) }
    }

    /// The time between two moments in whole ms; nil when one is unknown or they are in the wrong order.
    static func milliseconds(from start: Double?, to end: Double?) -> Int? {
        guard let start, let end, end >= start else { return nil }
        return milliseconds(end - start)
    }
}
