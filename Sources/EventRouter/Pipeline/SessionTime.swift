/// The time for rules with intervals or schedules: event time in a recording, the clock's time in a live session.
struct SessionTime {
    /// The start of the recording, in seconds since 1970; nil if it is not known.
    private(set) var started: Double?
    /// Whether the caller of the run set the start of the recording.
    private let isStartGiven: Bool
    /// The time of the last event with a time, in seconds since the recording began.
    private var last: Double?
    private let isInteractive: Bool
    private let isLive: Bool
    private let run: Int

    init(started: Double?, isInteractive: Bool, isLive: Bool, run: Int) {
        self.started = started
        isStartGiven = started != nil
        self.isInteractive = isInteractive
        self.isLive = isLive
        self.run = run
    }

    /// Sets the start that the recording states, unless the caller of the run set it.
    mutating func recordingStarted(_ moment: Double?) {
        guard !isStartGiven else { return }
        started = moment
    }

    /// Records the time of an event.
    mutating func note(_ at: Double) { last = at }

    /// The time of an event, comparable with others on the same scale. An event without a time gets the last known
    /// time.
    func time(_ at: Double?, _ clock: any RouterClock) -> (seconds: Double, scale: RouteIntervals.Scale) {
        let said = at ?? last
        if isInteractive || (isLive && said == nil) { return (clock.now.seconds, .clock) }
        return started.map { ($0 + (said ?? 0), .wall) } ?? (said ?? 0, .recording(run: run))
    }

    /// The wall-clock time of an event, in seconds since 1970; nil for a recording whose start is not known.
    func wallTime(_ at: Double?, _ clock: any RouterClock) -> Double? {
        if isInteractive { return clock.wallTime }
        return started.map { $0 + (at ?? last ?? 0) } ?? (isLive ? clock.wallTime : nil)
    }
}

/// The event time of a live source, which advances by the clock between events.
///
/// Each event with a time sets it anew, so that no timeout fires early, however late events arrive. Without times it
/// counts from the beginning of the run.
struct LiveTime {
    /// The time in the last event that has one, and the clock's time at which that event arrived.
    private var anchor: (at: Double, moment: Duration)
    private(set) var arrival: (at: Double, moment: Duration)

    /// - Parameter start: The clock's time at which the run began.
    init(start: Duration) {
        anchor = (0, start)
        arrival = anchor
    }

    /// The event time at which the current batch arrived, in microsecond precision.
    var arrivedAt: Double { arrival.at }

    /// Records the arrival of a batch.
    mutating func arrive(_ moment: Duration) {
        arrival = ((at(moment) * 1e6).rounded() / 1e6, moment)
    }

    /// Records the time of an event in the current batch.
    mutating func note(_ at: Double) {
        arrival.at = at
        anchor = arrival
    }

    /// The event time at a clock time.
    func at(_ moment: Duration) -> Double {
        anchor.at + (moment - anchor.moment).seconds
    }

    /// The clock's time at an event time.
    func moment(of at: Double) -> Duration {
        // Events may contain any number as a time. Limit it to about 300 years, which fit into a duration.
        anchor.moment + .seconds(min(max(at - anchor.at, 0), 1e10))
    }
}
