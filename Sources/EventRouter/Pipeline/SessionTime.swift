/// What time it is for rules that go by time: that of the events in a recording, the clock's in a live session.
struct SessionTime {
    /// When the recording began, in seconds since 1970, where it is known.
    private(set) var started: Double?
    /// Whether the caller of the run said when the recording began.
    private let isStartGiven: Bool
    /// The last time that an event said, in seconds since the recording began.
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

    /// A recording says when it began, or does not.
    mutating func recordingStarted(_ moment: Double?) {
        guard !isStartGiven else { return }
        started = moment
    }

    /// An event says its time.
    mutating func note(_ at: Double) { last = at }

    /// The time of an event, to be compared with others on the same scale. Where nothing says a time, time stands still.
    func time(_ at: Double?, _ clock: any RouterClock) -> (seconds: Double, scale: RouteIntervals.Scale) {
        let said = at ?? last
        if isInteractive || (isLive && said == nil) { return (clock.now.seconds, .clock) }
        return started.map { ($0 + (said ?? 0), .wall) } ?? (said ?? 0, .recording(run: run))
    }

    /// The wall clock at an event, in seconds since 1970; nil for a recording of which nobody says when it began.
    func wallTime(_ at: Double?, _ clock: any RouterClock) -> Double? {
        if isInteractive { return clock.wallTime }
        return started.map { $0 + (at ?? last ?? 0) } ?? (isLive ? clock.wallTime : nil)
    }
}

/// The time of a live source's events: between them it goes on by the clock.
///
/// It is known anew with every event that says its time, so nothing is due before it, however late events come. Without times
/// it is counted from the beginning of the run.
struct LiveTime {
    /// The last event that said its time: what it said, and when it came.
    private var anchor: (at: Double, moment: Duration)
    private(set) var arrival: (at: Double, moment: Duration)

    /// - Parameter start: The moment of the clock at which the run began.
    init(start: Duration) {
        anchor = (0, start)
        arrival = anchor
    }

    /// When the batch at hand came, to the microsecond.
    var arrivedAt: Double { arrival.at }

    /// A batch came.
    mutating func arrive(_ moment: Duration) {
        arrival = ((at(moment) * 1e6).rounded() / 1e6, moment)
    }

    /// An event of the batch at hand says its time.
    mutating func note(_ at: Double) {
        arrival.at = at
        anchor = arrival
    }

    /// The time of events at a moment of the clock.
    func at(_ moment: Duration) -> Double {
        anchor.at + (moment - anchor.moment).seconds
    }

    /// The moment at which it will be this time.
    func moment(of at: Double) -> Duration {
        // Events may say any time. A few hundred years are as long as for ever, and fit into a duration.
        anchor.moment + .seconds(min(max(at - anchor.at, 0), 1e10))
    }
}
