internal import EventJSON
internal import RealtimeEvents

/// Where the session is in its source: the line, how many events that line has given, and the time.
struct EventClock: Sendable {
    private(set) var line = 0
    private(set) var derived = 0
    /// Seconds since the recording began; nil without times.
    private(set) var at: Double?
    /// The time that alarms go by: the event's own, or else that of its arrival; nil where neither is known.
    private(set) var now: Double?
    /// The time of the session's first event.
    private(set) var firstAt: Double?
    private var lastAt: Double?
    private var previousAt: Double?

    /// The server's id of the event.
    private var eventID = KeptText()

    /// What made the events that are derived now.
    var cause: EventCause {
        eventID.isEmpty ? .line(line) : .event(eventID.string)
    }

    /// Takes the id of the event in.
    mutating func noteEventID(_ id: RawSpan) { eventID.keep(id) }

    /// Goes to an event.
    mutating func advance(to line: Int, at: Double?, arrival: Double?) {
        eventID.clear()
        if line != self.line {
            self.line = line
            derived = 0
        }
        self.at = at
        now = at ?? arrival
        previousAt = lastAt
        if let at { lastAt = at }
        if firstAt == nil { firstAt = at }
    }

    /// Stays behind the last event while time passes, which is told in the time of events where they have one.
    mutating func pass(to time: Double) {
        now = time
        if lastAt != nil { at = time }
    }

    /// Takes the next place on the line for a derived event.
    mutating func nextPlace() -> Int {
        derived += 1
        return derived
    }

    /// Leaves the last event: what comes now follows from the end of the source.
    mutating func forgetEvent() {
        eventID.clear()
        at = lastAt
    }

    /// The time from the session's first event to this one, in whole ms.
    var duration: Int? { Self.milliseconds(from: firstAt, to: lastAt) }

    /// The time from the session's first event to the one before this, in whole ms.
    var previousDuration: Int? { Self.milliseconds(from: firstAt, to: previousAt) }

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
