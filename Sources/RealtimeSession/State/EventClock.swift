internal import EventJSON
internal import RealtimeEvents

/// The session's position in its source: the line, the number of events derived from that line, and the time.
struct EventClock: Sendable {
    private(set) var line = 0
    private(set) var derived = 0
    /// Seconds since the recording began; nil if the source has no times.
    private(set) var at: Double?
    /// The time that alarms use: the event's own time, else its arrival time; nil if neither is known.
    private(set) var now: Double?
    /// The time of the session's first event.
    private(set) var firstAt: Double?
    private var lastAt: Double?
    private var previousAt: Double?

    /// The current event's `event_id`.
    private var eventID = ReusableText()

    /// The cause of the events that are derived now.
    var cause: EventCause {
        eventID.isEmpty ? .line(line) : .event(eventID.string)
    }

    /// Stores the current event's id.
    mutating func noteEventID(_ id: RawSpan) { eventID.set(id) }

    /// Moves to the next event.
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

    /// Advances the time without a new event. Derived events get the time only when the source has times.
    mutating func pass(to time: Double) {
        now = time
        if lastAt != nil { at = time }
    }

    /// Returns the next number for an event derived from the current line, from 1.
    mutating func nextDerivedIndex() -> Int {
        derived += 1
        return derived
    }

    /// Clears the event's id: the following events are caused by the end of the source.
    mutating func forgetEvent() {
        eventID.clear()
        at = lastAt
    }

    /// The time from the session's first event to the current one, in whole ms.
    var duration: Int? { Self.milliseconds(from: firstAt, to: lastAt) }

    /// The time from the session's first event to the one before the current one, in whole ms.
    var previousDuration: Int? { Self.milliseconds(from: firstAt, to: previousAt) }

    /// Starts the source's next session on the same line.
    mutating func restart() {
        firstAt = at
    }

    /// Converts seconds to whole ms.
    static func milliseconds(_ at: Double?) -> Int? {
        at.flatMap { Int(exactly: ($0 * 1000).rounded()) }
    }

    /// The time between two moments in whole ms; nil if one is unknown or `end` is before `start`.
    static func milliseconds(from start: Double?, to end: Double?) -> Int? {
        guard let start, let end, end >= start else { return nil }
        return milliseconds(end - start)
    }
}
